/** What a workspace's settings cannot set: trust, routes, sign-in and what other extensions get (auth.md W02). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../support/cli.ts';

interface Setting {
  readonly scope?: string;
}

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly configuration:
      | { readonly properties: Readonly<Record<string, Setting>> }
      | readonly { readonly properties: Readonly<Record<string, Setting>> }[];
  };
}

const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
const groups = [manifest.contributes.configuration].flat();
const settings = Object.entries(
  Object.assign({}, ...groups.map((group) => group.properties)) as Record<string, Setting>,
);
const security = /^countersign\.(tls|proxy|signIn|credentials)\./;

/** Where VS Code reads `application` and `machine` settings: user settings and the command line, never a workspace. */
const beyondWorkspace = new Set(['application', 'machine']);

async function sources(folder: string): Promise<{ readonly file: string; readonly text: string }[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return Promise.all(names.map(async (name) => ({ file: name, text: await readFile(join(folder, name), 'utf8') })));
}

describe('W02 settings that decide where secrets and traffic go', () => {
  const chosen = settings.filter(([name]) => security.test(name));

  it('W02 there are some of each group', () => {
    for (const group of ['tls', 'proxy', 'signIn', 'credentials']) {
      expect(chosen.map(([name]) => name)).toContainEqual(expect.stringContaining(`countersign.${group}.`));
    }
  });

  for (const [name, setting] of chosen) {
    it(`W02 ${name} is the machine's, and restricted`, () => {
      expect(beyondWorkspace).toContain(setting.scope);
      expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(name);
    });
  }

  it('W02 nothing can switch verification off, name a token file or a netrc', () => {
    for (const [name] of settings) expect(name).not.toMatch(/verify|insecure|netrc|strictSSL|reject/i);
  });

  it('W02 what decides what is sent is restricted', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const [name] of settings.filter(([each]) => each.startsWith('countersign.request.')))
      expect(restricted).toContain(name);
  });

  it('W02 no such setting is read with the workspace in the answer', async () => {
    const reads = /getConfiguration\([^)]*\)\s*\.get[<(][^;]*?['"`](?:countersign\.)?(tls|proxy|signIn|credentials)\./;
    const also = /['"`]http['"`]\)\s*\.get[<(]/;
    for (const { file, text } of await sources(join(projectRoot, 'src', 'vscode'))) {
      const guarded = settings.filter(([name, { scope }]) => security.test(name) && !beyondWorkspace.has(scope ?? ''));
      expect(guarded, file).toEqual([]);
      expect(also.test(text), `${file} reads http.* with the workspace in it`).toBe(false);
      if (reads.test(text)) expect(text, file).toMatch(/inspect|globalValue|machine/);
    }
  });

  it('W02 trust and routes are read of the user alone', async () => {
    const text = await readFile(join(projectRoot, 'src', 'vscode', 'network-policy.ts'), 'utf8');
    expect(text).not.toMatch(/\)\s*\.get[<(]/);
    expect(text).not.toMatch(/workspaceValue|workspaceFolderValue/);
    expect(text).toContain('globalValue');
  });
});
