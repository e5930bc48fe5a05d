/** What the live regions say when a run ended: once, in one sentence (design.md F6.3). Pure. */
import type { ResponseModel } from '../protocol.ts';
import { many, spokenDuration, spokenSize } from '../shared/format.ts';

/** A request that was not sent interrupts; everything else waits its turn. */
export function endWords(model: ResponseModel): { readonly polite: string; readonly assertive: string } {
  const { outcome } = model;
  if (outcome.kind === 'not-sent') {
    return { polite: '', assertive: `Not sent: ${model.error?.message ?? 'the request did not leave.'}` };
  }
  if (outcome.kind === 'cancelled') {
    return { polite: `Cancelled after ${spokenDuration(model.durationMs)}.`, assertive: '' };
  }
  const tests = model.tests.length > 0 ? `, ${testWords(model)}` : '';
  const status = `${String(outcome.status)} ${outcome.statusText}`;
  const facts = `${spokenDuration(model.durationMs)}, ${spokenSize(model.body.bytes)}${tests}`;
  return { polite: `${status} in ${facts}.`, assertive: '' };
}

function testWords(model: ResponseModel): string {
  const failed = model.tests.filter((test) => !test.passed).length;
  return failed === 0 ? `${many(model.tests.length, 'test')} passed` : `${many(failed, 'test')} failed`;
}
