/**
 * R06: a host without Node (a web worker: no `net`, no `http`) is offered nothing that could break there. VS Code runs an
 * extension in such a host only by its `browser` entry; without one it says itself that the extension is not available.
 */
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/paths.ts';
import { trackedFiles } from '../support/tracked-files.ts';

interface Manifest {
  readonly main?: string;
  readonly browser?: string;
  readonly extensionKind?: readonly string[];
  readonly capabilities?: { readonly virtualWorkspaces?: unknown };
}

const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;

describe('R06 where VS Code runs without Node', () => {
  it('the extension is not offered: one entry, for Node, and no kind that runs in a web worker', () => {
    expect(manifest.main).toBe('./dist/extension.js');
    expect(manifest.browser).toBeUndefined();
    // With an explicit list VS Code adds no kind of its own making.
    expect(manifest.extensionKind).toEqual(['workspace', 'ui']);
  });

  it('what does run in a browser, the panels, asks for nothing of Node', async () => {
    const builtins = new Set(builtinModules);
    const found: string[] = [];
    for (const file of await trackedFiles((name) => /^src\/webview\/.*\.ts$/.test(name))) {
      for (const [, from = ''] of (await readFile(join(root, file), 'utf8')).matchAll(
        /^import (?!type )[^;]*?from '([^']+)'/gms,
      ))
        if (from.startsWith('node:') || builtins.has(from) || from === 'vscode') found.push(`${file}: ${from}`);
    }
    expect(found).toEqual([]);
  });

  it('a person can read why', async () => {
    for (const page of ['README.md', 'docs/SECURITY.md'])
      expect((await readFile(join(root, page), 'utf8')).replaceAll(/\s+/g, ' '), page).toMatch(
        /runs? without Node|web worker/i,
      );
  });
});
