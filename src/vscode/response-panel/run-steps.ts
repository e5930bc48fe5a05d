/** From the engine's phases to the few steps a person sees while waiting (design.md E6.1). Pure. */
import type { Phase } from '../../http/types.ts';
import type { StepLine } from '../../webview/protocol.ts';

const groups: Readonly<Record<Phase, string>> = {
  queued: 'connect',
  dns: 'connect',
  connect: 'connect',
  proxy: 'connect',
  tls: 'connect',
  request: 'send',
  waiting: 'wait',
  download: 'receive',
  done: 'done',
};

const running: Readonly<Record<Phase, string>> = {
  queued: 'Waiting for a connection',
  dns: 'Looking up the name',
  connect: 'Connecting',
  proxy: 'Connecting through the proxy',
  tls: 'Checking the certificate',
  request: 'Sending the request',
  waiting: 'Waiting for the first byte',
  download: 'Receiving',
  done: 'Done',
};

function doneTitle(group: string, secure: boolean): string {
  if (group === 'connect') return secure ? 'Connected, certificate verified' : 'Connected';
  if (group === 'send') return 'Request sent';
  return group === 'wait' ? 'First byte received' : 'Received';
}

/** A step that a phase begins: ends the running one, or renames it while it stays in its group. @param at ms since the start */
export function withPhase(steps: readonly StepLine[], phase: Phase, at: number, secure: boolean): readonly StepLine[] {
  const group = groups[phase];
  const last = steps.at(-1);
  if (last?.state === 'running' && last.id === group)
    return [...steps.slice(0, -1), { ...last, title: running[phase] }];
  const closed = steps.map((step): StepLine =>
    step.state === 'done' ? step : { ...step, state: 'done', at, title: doneTitle(step.id, secure) },
  );
  if (phase === 'done') return closed;
  return [...closed, { id: group, title: running[phase], state: 'running', at }];
}
