/**
 * What VS Code's extension host runs: mocha over every file of test/host/suite. Each result is appended as one JSON
 * line to the file that COUNTERSIGN_HOST_RESULTS names, so that a run that hangs still tells how far it came.
 * The bundled entry, made by scripts/host-suite.ts, calls it with the list of test files.
 */
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface HostResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly message?: string;
}

/** Runs the suite; rejects when a test failed, which both launchers take as a failed run. */
export async function runFiles(files: readonly (readonly [string, () => Promise<unknown>])[]): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: 'min' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const wanted = process.env['COUNTERSIGN_HOST_ONLY'];
  for (const [name, load] of files) if (!wanted || name.includes(wanted)) await load();
  const failures = await new Promise<number>((done) => {
    const runner = mocha.run(done);
    runner.on('pass', (test) => {
      record({ title: test.fullTitle(), state: 'passed', durationMs: test.duration ?? 0 });
    });
    runner.on('pending', (test) => {
      record({ title: test.fullTitle(), state: 'skipped', durationMs: 0 });
    });
    runner.on('fail', (test, error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      record({ title: test.fullTitle(), state: 'failed', durationMs: test.duration ?? 0, message });
    });
  });
  record(undefined);
  if (failures > 0) throw new Error(`${String(failures)} failed`);
}

function record(result: HostResult | undefined): void {
  const file = process.env['COUNTERSIGN_HOST_RESULTS'];
  if (file) appendFileSync(file, JSON.stringify(result ?? { finished: true }) + '\n');
}
