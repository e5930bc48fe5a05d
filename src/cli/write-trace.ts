/** Writes a sign-in trace for a bug report: as text, without secrets, readable by its owner alone. */
import { writeFile } from 'node:fs/promises';
import { toTraceText } from '../oauth/trace-text.ts';
import type { Trace } from '../oauth/types.ts';
import { printable } from './output/terminal-text.ts';

export async function writeTrace(file: string, trace: Trace, redact: (text: string) => string): Promise<void> {
  const madeBy = `Countersign command line · Node ${process.version} · ${process.platform}`;
  try {
    await writeFile(file, redact(toTraceText(trace, { madeBy })), { encoding: 'utf8', mode: 0o600 });
    process.stderr.write(`The trace is in ${printable(file)}, without secrets.\n`);
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    process.stderr.write(`The trace was not written to ${printable(file)} (${code}).\n`);
  }
}
