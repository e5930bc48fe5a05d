/**
 * The extension-host suite (test/host) under either of its launchers: desktop VS Code through @vscode/test-electron
 * when VSCODE_EXECUTABLE_PATH names a build, else the browser-hosted VS Code driven by Playwright. Both run the same
 * bundle and read the same result file.
 */
import { build } from 'esbuild';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { filesBelow, findSecrets } from './canary.ts';
import { cache, root } from './paths.ts';
import { calmSettings, remotePath, startBareServer } from './vscode-host.ts';

export interface HostResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly message?: string;
}

export interface HostRun {
  readonly results: readonly HostResult[];
  /** Why the suite did not run to its end; absent when it did. */
  readonly problem?: string;
}

export interface HostOptions {
  /** The extension under test. Default: the repository. */
  readonly extension?: string;
  /** Chromium to drive; needed for the browser-hosted launcher. */
  readonly browser?: string;
  readonly timeoutMs?: number;
  readonly say: (line: string) => void;
}

const place = join(cache, 'host');
/** Outside of what is searched: the secrets that the suite planted, one JSON string a line. */
const plantedFile = join(cache, 'host-planted.jsonl');

/** Bundles and runs the suite in a fresh profile; resolves also when tests failed. */
export async function runHostSuite(options: HostOptions): Promise<HostRun> {
  await rm(place, { recursive: true, force: true });
  await rm(plantedFile, { force: true });
  await mkdir(join(place, 'extensions'), { recursive: true });
  const bundle = await bundleSuite();
  const workspace = join(place, 'workspace');
  await cp(join(root, 'test/host/fixtures/workspace'), workspace, { recursive: true });
  for (const consumer of await consumers())
    await cp(consumer.path, join(place, 'extensions', consumer.folder), { recursive: true });

  const results = join(place, 'results.jsonl');
  const launch = { ...options, extension: options.extension ?? root, bundle, workspace, results };
  const desktop = process.env['VSCODE_EXECUTABLE_PATH'];
  let problem = desktop ? await runInDesktop(desktop, launch) : await runInBrowser(launch);
  const { list: ran, finished } = await readResults(results);
  const list = finished ? [...ran, await searchForSecrets()] : ran;
  if (!finished) problem ??= 'The suite ended before its last test.';
  if (finished) problem = undefined;
  if (finished && ran.length === 0) problem = 'The suite has no tests.';
  return problem === undefined ? { results: list } : { results: list, problem };
}

/** R04: no secret that the suite typed or was given stands in any file of the profile and the workspace. */
async function searchForSecrets(): Promise<HostResult> {
  const began = Date.now();
  const lines = (await readFile(plantedFile, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const planted = Object.fromEntries(
    lines.map((line, index) => [`secret ${String(index)}`, JSON.parse(line) as string]),
  );
  const files = (await filesBelow([place])).filter(({ place: file }) => file !== join(place, 'suite.cjs'));
  const found = findSecrets(planted, files);
  if (lines.length === 0) found.push('The suite planted no secret.');
  const title = `R04 ${String(lines.length)} planted secrets stand in none of ${String(files.length)} files of the profile`;
  const facts = { title, durationMs: Date.now() - began };
  await rm(plantedFile, { force: true });
  return found.length === 0
    ? { ...facts, state: 'passed' }
    : { ...facts, state: 'failed', message: [...new Set(found)].join('\n') };
}

interface Launch extends HostOptions {
  readonly extension: string;
  readonly bundle: string;
  readonly workspace: string;
  readonly results: string;
}

/** Bundles test/host into one CommonJS file outside dist; mocha and vscode stay outside it. */
async function bundleSuite(): Promise<string> {
  const folder = join(root, 'test/host/suite');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.test.ts')).sort();
  const entries = names.map((name) => `[${JSON.stringify(name)}, () => import(${JSON.stringify(join(folder, name))})]`);
  const outfile = join(place, 'suite.cjs');
  await build({
    stdin: {
      contents: `import { runFiles } from './index.ts';\nexport const run = () => runFiles([${entries.join(', ')}]);`,
      resolveDir: join(root, 'test/host'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Other extensions that live beside ours in the suite: each folder of test/host/fixtures with a package.json. */
async function consumers(): Promise<{ path: string; folder: string }[]> {
  const folder = join(root, 'test/host/fixtures');
  const found: { path: string; folder: string }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'workspace') continue;
    const path = join(folder, entry.name);
    const manifest = await readFile(join(path, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest === undefined) continue;
    const { publisher, name, version } = JSON.parse(manifest) as Record<string, string>;
    found.push({ path, folder: `${String(publisher)}.${String(name)}-${String(version)}` });
  }
  return found;
}

function suiteEnvironment(launch: Launch): Record<string, string> {
  return { COUNTERSIGN_HOST_RESULTS: launch.results, COUNTERSIGN_HOST_PLANTED: plantedFile, COUNTERSIGN_TEST: '1' };
}

async function runInBrowser(launch: Launch): Promise<string | undefined> {
  if (launch.browser === undefined) return 'No browser was found.';
  const server = await startBareServer({
    profile: place,
    settings: calmSettings,
    say: launch.say,
    env: suiteEnvironment(launch),
  });
  const browser = await launchBrowser(launch.browser);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const exit = Promise.withResolvers<number>();
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      exit.resolve(code);
    });
    const log: string[] = [];
    await page.exposeFunction('codeAutomationLog', (kind: string, lines: unknown[]) => {
      log.push(`${kind}: ${lines.map(String).join(' ')}`);
    });
    await page.goto(
      server.open(launch.workspace, [
        ['extensionDevelopmentPath', remotePath(server, launch.extension)],
        ['extensionTestsPath', remotePath(server, launch.bundle)],
      ]),
    );
    const timeoutMs = launch.timeoutMs ?? 300_000;
    const code = await Promise.race([exit.promise, delay(timeoutMs, undefined, { ref: false })]);
    if (code === 0) return undefined;
    const screen = join(cache, 'screens', 'host-suite.png');
    await page.screenshot({ path: screen }).catch(() => undefined);
    const what = code === undefined ? `did not end in ${String(timeoutMs)} ms` : `ended with ${String(code)}`;
    return [`The suite ${what} (${relative(root, screen)}).`, ...log.slice(-20), server.output().slice(-3000)].join(
      '\n',
    );
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function runInDesktop(executable: string, launch: Launch): Promise<string | undefined> {
  const { runTests } = await import('@vscode/test-electron');
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: launch.extension,
      extensionTestsPath: launch.bundle,
      extensionTestsEnv: suiteEnvironment(launch),
      launchArgs: [
        launch.workspace,
        ...['--user-data-dir', join(place, 'user'), '--extensions-dir', join(place, 'extensions')],
        ...['--disable-workspace-trust', '--disable-updates', '--skip-welcome', '--skip-release-notes'],
      ],
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readResults(file: string): Promise<{ list: HostResult[]; finished: boolean }> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as HostResult | { finished: true });
  return {
    list: lines.filter((line): line is HostResult => 'state' in line),
    finished: lines.some((line) => 'finished' in line),
  };
}
