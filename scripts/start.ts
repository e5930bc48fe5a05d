/**
 * `npm start [-- --browser] [--port N] [--no-open]`: the demo. It builds what is stale, starts the playground, writes the
 * tour's working copy and opens it in desktop VS Code when `code` is on PATH, else in a browser-hosted one. The last line
 * it prints is `ready: URL` or `ready: desktop`. Ctrl-C ends all it started. Everything it keeps stands in .cache/start.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.ts';
import { ensureCodeServer } from './code-server.ts';
import { findDesktop, openDesktop } from './desktop.ts';
import { cache, root } from './paths.ts';
import { type Announcement, startPlayground, toEnvironment } from './playground.ts';
import { isRunning, onOrphaned } from './orphan.ts';
import { freePort, isFree } from './ports.ts';
import { stopAllTrees } from './process-tree.ts';
import { installUnpacked } from './shipped-files.ts';
import { firstRequestFile, writeTour } from './tour.ts';
import { remotePath, startWrapper } from './vscode-host.ts';

let place = join(cache, 'start');
const say = (line: string): void => {
  console.log(line);
};

/** What has to be undone beside ending our processes, the latest first. */
const running: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;

function end(code: number): void {
  ending ??= (async () => {
    await stopAllTrees();
    for (const stop of running.reverse()) await stop().catch(() => undefined);
    process.exit(code);
  })();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    end(0);
  });

interface Options {
  readonly browser: boolean;
  readonly open: boolean;
  readonly port: number;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: { browser: { type: 'boolean' }, 'no-open': { type: 'boolean' }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number up to 65535.');
    return { browser: values.browser ?? false, open: !(values['no-open'] ?? false), port };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error('Use: npm start [-- --browser] [--port N] [--no-open]');
    process.exit(2);
  }
}

/** A folder of its own for each demo that runs at the same time: `start`, `start-2`, … */
async function claimPlace(): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(cache, number === 1 ? 'start' : `start-${number}`);
    const claim = join(folder, 'pid');
    await mkdir(folder, { recursive: true });
    const owner = Number(await readFile(claim, 'utf8').catch(() => ''));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) continue;
    await writeFile(claim, String(process.pid));
    running.push(() => rm(claim, { force: true }));
    return folder;
  }
}

/** The workbench's port of the last run, taken again where it is free, so that open tabs stay good. */
async function lastPort(): Promise<number> {
  return Number(await readFile(join(place, 'port'), 'utf8').catch(() => '0')) || 0;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.port !== 0 && !(await isFree(options.port)))
    throw new Error(`Port ${options.port} is in use. Choose another, or leave --port out.`);
  place = await claimPlace();
  const desktop = options.browser ? undefined : findDesktop();
  if (!desktop) await ensureCodeServer(say);
  await ensureBuilt(say);

  say('Starting the playground: an identity provider and an API on this machine …');
  const playground = await startPlayground(join(place, 'playground'));
  watch(playground.tree.child, 'The playground');
  const { announcement } = playground;

  const tour = join(place, 'tour');
  await writeTour(tour, join(place, 'tour-files.json'), toEnvironment(announcement));
  const profile = join(place, desktop ? 'desktop' : 'browser');
  await installUnpacked(join(profile, 'extensions'));
  const settings = { 'countersign.environment': 'playground', 'countersign.tls.caFiles': [announcement.ca] };

  say('Opening the tour …');
  let ready = 'desktop';
  if (desktop) {
    const window = await openDesktop({
      executable: desktop,
      profile,
      settings,
      folder: tour,
      open: options.open,
      file: await firstRequestFile(tour),
    });
    running.push(() => window.stop());
  } else {
    const server = await startWrapper({
      profile,
      settings,
      port: options.port || (await freePort(await lastPort())),
      trustedLinks: [`http://${new URL(announcement.pages).hostname}:*`],
    });
    watch(server.tree.child, 'VS Code');
    await writeFile(join(place, 'port'), String(server.port));
    const first = await firstRequestFile(tour);
    ready = server.open(tour, first === undefined ? undefined : [['openFile', remotePath(server, first)]]);
    if (options.open) openInBrowser(ready);
  }
  say(accounts(announcement));
  say(`ready: ${ready}`);
}

/** What a newcomer types into the playground's pages and Countersign's prompts. Printed, never written to a file. */
function accounts({ user, apiKey, basic, clients }: Announcement): string {
  const rows = [
    ['Sign in as', `${user.username} with password ${user.password}`],
    ['API key', apiKey.value],
    ['Client secret', clients.confidential.client_secret],
    ['Basic password', `${basic.password} (user ${basic.username})`],
  ];
  const lines = rows.map(([label, value]) => `  ${String(label).padEnd(16)}${String(value)}`);
  return `\nThe playground's own accounts, good on this machine alone:\n${lines.join('\n')}\n`;
}

function watch(child: ReturnType<typeof spawn>, name: string): void {
  child.once('exit', (code) => {
    if (ending) return;
    console.error(`${name} ended with ${String(code)}.`);
    end(1);
  });
}

function openInBrowser(url: string): void {
  const [command, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // No browser to open: the printed address is enough.
  child.once('error', () => undefined);
  child.unref();
}

process.chdir(root);
if (process.env['npm_lifecycle_event'] !== undefined)
  onOrphaned(() => {
    end(0);
  });
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  end(1);
}
