/**
 * Starts the browser-hosted VS Code in its two forms: the bare server, which honours the development payload that
 * the extension-host suite needs, and the code-server wrapper, which is what a person sees (secrets that survive a
 * reload, the /proxy/ addresses). Both use the profile folder they are given and leave the home folder alone.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureCodeServer } from './code-server.ts';
import { freePort } from './ports.ts';
import { startTree, type Tree } from './process-tree.ts';

export interface VSCodeServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly port: number;
  /** The address that opens `folder` (absolute), with a payload: a file to open; on the bare server, an extension. */
  open(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** What the server wrote so far. */
  output(): string;
  stop(): Promise<void>;
  readonly tree: Tree;
}

export interface ServerOptions {
  /** Folder of the profile: user data, extensions, logs. Made when missing. */
  readonly profile: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** User settings, written over those of the same name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False leaves workspace trust on: folders open in Restricted Mode until a person trusts them. Default true. */
  readonly trusted?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
}

/** Settings for a workbench without noise: no welcome page, no tips, no assistant bar. */
export const calmSettings: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'window.restoreWindows': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.experimentalOnboarding': false,
};

/** The VS Code server alone, for suites that run inside its extension host. Secrets live in memory. */
export async function startBareServer(options: ServerOptions): Promise<VSCodeServer> {
  const { vscode } = await ensureCodeServer(options.say ?? ignore);
  const port = await freePort(options.port);
  await writeSettings(options.profile, options.settings ?? {});
  const tree = startTree(
    process.execPath,
    [
      'out/server-main.js',
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--enable-smoke-test-driver', '--accept-server-license-terms'],
      ...['--server-data-dir', join(options.profile, 'server'), '--user-data-dir', join(options.profile, 'user')],
      ...['--extensions-dir', join(options.profile, 'extensions')],
      ...['--telemetry-level', 'off', '--disable-telemetry'],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
    ],
    { cwd: vscode, env: cleanEnv(options.env) },
  );
  return ready(tree, port, /Extension host agent listening on \d+/);
}

export interface WrapperOptions extends ServerOptions {
  /** Origins that open without asking, such as `http://127.0.0.2:*`. */
  readonly trustedLinks?: readonly string[];
}

/** The server behind the code-server wrapper, as a person uses it. It ignores the development payload. */
export async function startWrapper(options: WrapperOptions): Promise<VSCodeServer> {
  const { wrapper } = await ensureCodeServer(options.say ?? ignore);
  const port = await freePort(options.port);
  await writeSettings(options.profile, options.settings ?? {});
  const config = join(options.profile, 'config.yaml');
  await writeFile(config, 'auth: none\n');
  const tree = startTree(
    process.execPath,
    [
      'out/node/entry.js',
      ...['--config', config, '--auth', 'none', '--bind-addr', `127.0.0.1:${String(port)}`],
      ...['--user-data-dir', join(options.profile, 'user'), '--extensions-dir', join(options.profile, 'extensions')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
      ...(options.trustedLinks ?? []).flatMap((origin) => ['--link-protection-trusted-domains', origin]),
    ],
    { cwd: wrapper, env: { ...cleanEnv(options.env), XDG_DATA_HOME: join(options.profile, 'data') } },
  );
  return ready(tree, port, /HTTP server listening on http:\/\/\S+/);
}

/** Installs a .vsix into the profile's extensions, the way `code --install-extension` does. */
export async function installExtension(profile: string, vsix: string, say?: (line: string) => void): Promise<void> {
  const { wrapper } = await ensureCodeServer(say ?? ignore);
  await mkdir(join(profile, 'user'), { recursive: true });
  const config = join(profile, 'config.yaml');
  await writeFile(config, 'auth: none\n');
  const tree = startTree(
    process.execPath,
    [
      'out/node/entry.js',
      ...['--config', config, '--user-data-dir', join(profile, 'user')],
      ...['--extensions-dir', join(profile, 'extensions'), '--install-extension', vsix, '--force'],
    ],
    { cwd: wrapper, env: { ...cleanEnv(), XDG_DATA_HOME: join(profile, 'data') } },
  );
  await tree.waitFor(/was successfully installed/, 60_000);
  await tree.stop();
}

async function ready(tree: Tree, port: number, pattern: RegExp): Promise<VSCodeServer> {
  try {
    await tree.waitFor(pattern, 60_000);
  } catch (error) {
    await tree.stop();
    throw error;
  }
  const url = `http://127.0.0.1:${String(port)}/`;
  return {
    url,
    port,
    tree,
    output: () => tree.output(),
    stop: () => tree.stop(),
    open(folder, payload) {
      const address = new URL(url);
      // The path as VS Code writes it: with a slash in front on Windows too.
      address.searchParams.set('folder', decodeURIComponent(pathToFileURL(folder).pathname));
      if (payload) address.searchParams.set('payload', JSON.stringify(payload));
      return address.href;
    },
  };
}

/** Address of a local file as the bare server's development payload names it. */
export function remotePath(server: VSCodeServer, path: string): string {
  return `vscode-remote://127.0.0.1:${String(server.port)}${pathToFileURL(path).pathname}`;
}

/**
 * Settings of both scopes: those that a person has anywhere, and those of this machine, where machine-scoped ones
 * (a CA file, a proxy) are read when VS Code runs in a browser.
 */
async function writeSettings(profile: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  for (const scope of ['User', 'Machine']) {
    const folder = join(profile, 'user', scope);
    const file = join(folder, 'settings.json');
    await mkdir(folder, { recursive: true });
    let present: Record<string, unknown> = {};
    try {
      present = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    } catch {
      // None yet, or a person's comments in it: ours replace it.
    }
    await writeFile(file, JSON.stringify({ ...present, ...calmSettings, ...settings }, undefined, 2));
  }
}

/** Our environment without what would change VS Code's behaviour when we run inside one of its terminals. */
function cleanEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|PORT$|npm_)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}

function ignore(): void {
  // Nobody listens.
}
