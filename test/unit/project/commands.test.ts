/** The manifest and the code name the same commands: none without a handler, none that belongs in the palette left out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';
import { commandIds } from '../../../src/vscode/commands/ids.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

/** Reached only through a lens, a link or a quick fix: their arguments come with them. */
const internal = [
  'runLine',
  'copySignInLink',
  'pasteRedirect',
  'showResponse',
  'showSecurity',
  'explainOrigin',
  'openHistoryEntry',
  'moveSecret',
  'useExistingCredential',
  'notASecret',
  'defineVariable',
];

it('has a handler for every contributed command', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const contributed = manifest.contributes.commands.map((each) => each.command.replace('countersign.', ''));
  expect(contributed.filter((id) => !(commandIds as readonly string[]).includes(id))).toEqual([]);
});

it('contributes every command but those that come with arguments', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const contributed = manifest.contributes.commands.map((each) => each.command);
  const missing = commandIds.filter((id) => !contributed.includes(`countersign.${id}`));
  expect(missing.filter((id) => !internal.includes(id))).toEqual([]);
});
