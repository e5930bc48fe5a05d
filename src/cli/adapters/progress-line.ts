/**
 * One line that says what is being waited for, on a terminal's stderr only and only after 300 ms; erased before
 * anything else is printed. Source: house.md §6.8, design.md I1.4.
 */
import type { Phase } from '../../http/types.ts';

const words: Partial<Record<Phase, string>> = {
  queued: 'waiting for a connection',
  dns: 'looking up the host',
  connect: 'connecting',
  proxy: 'asking the proxy',
  tls: 'agreeing on TLS',
  request: 'sending',
  waiting: 'waiting for the first byte',
  download: 'receiving',
};

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const plainFrames = ['|', '/', '-', '\\'];
const patienceMs = 300;
const frameMs = 100;

export interface ProgressLine {
  /** @param label already redacted */
  start(label: string): void;
  phase(phase: Phase): void;
  /** Erases it; harmless when nothing is shown. */
  stop(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** @param unicode whether the terminal shows more than ASCII */
export function createProgressLine(terminal: Terminal, unicode: boolean): ProgressLine {
  if (terminal.isTTY !== true) return { start: () => undefined, phase: () => undefined, stop: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let shown = false;
  let label = '';
  let since = 0;
  let phase: Phase = 'queued';
  let turn = 0;

  const draw = (): void => {
    const frame = (unicode ? frames : plainFrames)[turn++ % (unicode ? frames : plainFrames).length] as string;
    const columns = terminal.columns === undefined || terminal.columns === 0 ? 80 : terminal.columns;
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    const line = [`${frame} ${label}`, words[phase] ?? phase, `${seconds} s`, 'Ctrl-C cancels'].join(
      unicode ? ' · ' : ', ',
    );
    terminal.write(`\r\u001b[2K${line.slice(0, Math.max(1, columns - 1))}`);
    shown = true;
  };

  return {
    start(text) {
      this.stop();
      label = text;
      since = performance.now();
      phase = 'queued';
    },
    phase(next) {
      phase = next;
      if (timer || next === 'done') return;
      timer = setTimeout(
        () => {
          draw();
          timer = setInterval(draw, frameMs);
          timer.unref();
        },
        Math.max(0, patienceMs - (performance.now() - since)),
      );
      timer.unref();
    },
    stop() {
      if (timer) clearTimeout(timer);
      timer = undefined;
      if (shown) terminal.write('\r\u001b[2K');
      shown = false;
    },
  };
}
