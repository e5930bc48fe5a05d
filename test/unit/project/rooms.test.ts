/** Who imports whom: the rules of .dependency-cruiser.cjs hold, and the editor is imported in its room alone. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';
import { trackedFiles } from '../../support/tracked-files.ts';

const run = promisify(execFile);

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

describe('rooms', () => {
  it('import only in the directions of the architecture, without cycles', { timeout: 60_000 }, async () => {
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = [tool, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    const { stdout } = await run(process.execPath, args, { cwd: root, maxBuffer: 1 << 28 }).catch(
      (error: unknown) => error as { stdout: string },
    );
    const { summary } = JSON.parse(stdout) as Cruise;
    expect(summary.totalCruised).toBeGreaterThan(50);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it('import the editor in src/vscode and src/extension.ts alone', async () => {
    const strangers: string[] = [];
    for (const file of await trackedFiles((name) => /^src\/.*\.ts$/.test(name))) {
      if (/^src\/(vscode\/|extension\.ts$)/.test(file)) continue;
      if (/(?:from|import|require)\s*\(?\s*['"]vscode['"]/.test(await readFile(join(root, file), 'utf8')))
        strangers.push(file);
    }
    expect(strangers).toEqual([]);
  });

  it('that are pure or behind ports open no file, socket or process by themselves', async () => {
    // What is left: the redirect listener, the lock file, and the names of status codes.
    const allowed = ['src/oauth/receivers/loopback.ts', 'src/oauth/file-lock.ts', 'src/oauth/masking.ts'];
    const machine = /(?:from|import|require)\s*\(?\s*['"]node:(?:fs|net|tls|https?|http2|dgram|dns|os|child_process)\b/;
    const found: string[] = [];
    for (const file of await trackedFiles((name) => /^src\/(language|setup|oauth)\/.*\.ts$/.test(name))) {
      if (machine.test(await readFile(join(root, file), 'utf8'))) found.push(file);
    }
    expect(found.sort()).toEqual(allowed.sort());
  });
});
