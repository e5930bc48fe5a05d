/**
 * The stage of an end-to-end test: the packed extension in a browser-hosted VS Code, the playground beside it, and a
 * browser in front. `startStage` sets it up for one test file, `Workbench` does what a person does. Nothing here knows
 * how Countersign works inside.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { filesBelow, findSecrets } from '../../scripts/canary.ts';
import { ensureBrowser, launchBrowser } from '../../scripts/browser.ts';
import { ensurePackaged } from '../../scripts/package.ts';
import { cache } from '../../scripts/paths.ts';
import { type Playground, startPlayground, toEnvironment } from '../../scripts/playground.ts';
import { installExtension, startWrapper, type VSCodeServer } from '../../scripts/vscode-host.ts';
import { Workbench } from './workbench.ts';

export interface StageOptions {
  /** Files of the workspace folder: path -> text. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder to copy into the workspace first, such as media/tour. */
  readonly copyFrom?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: the folder opens in Restricted Mode. Default true. */
  readonly trusted?: boolean;
  /** False: no playground is started. Default true. */
  readonly playground?: boolean;
  /** Folders of further extensions to install beside ours. */
  readonly extensions?: readonly string[];
  /** Further arguments of the playground: `--access-token-ttl 75`. */
  readonly playgroundArguments?: readonly string[];
  /** Colour theme and size of the window. Default dark, 1280 x 800. */
  readonly theme?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Stage {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  /** Absolute path of the profile: user data, extensions, logs. Search it for secrets after a run. */
  readonly profile: string;
  readonly server: VSCodeServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly workbench: Workbench;
  /** Throws when the stage has no playground. */
  playground(): Playground;
  /** A second window on the same folder, sharing the browser's storage. */
  openWindow(): Promise<Workbench>;
  stop(): Promise<void>;
}

/** Builds the stage and opens the workspace. Call `stop` in afterAll; it leaves .cache/e2e behind for a look. */
export async function startStage(name: string, options: StageOptions = {}): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.reverse()) await step();
  };
  try {
    return await build(name, options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws Error naming the secret and the file */
async function searchForSecrets(profile: string, { announcement }: Playground): Promise<void> {
  const { user, admin, apiKey, basic, clients } = announcement;
  const secrets = {
    'the password of the person': user.password,
    'the password of the admin': admin.password,
    'the API key': apiKey.value,
    'the Basic password': basic.password,
    'the client secret': clients.confidential.client_secret,
  };
  const names = [user.username, admin.username, basic.username, clients.confidential.client_id];
  const found = findSecrets(secrets, await filesBelow([profile]), names);
  if (found.length > 0) throw new Error(`Secrets were written: ${found.join('; ')}.`);
}

async function build(
  name: string,
  options: StageOptions,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Stage> {
  const quiet = (): void => undefined;
  const vsix = process.env['COUNTERSIGN_VSIX'] ?? (await ensurePackaged(quiet));
  const chromium = process.env['CHROME_PATH'] ?? ensureBrowser(quiet).path;
  await mkdir(join(cache, 'e2e'), { recursive: true });
  const place = await mkdtemp(join(cache, 'e2e', `${name}-`));
  stops.push(() => rm(place, { recursive: true, force: true, maxRetries: 5 }));

  const folder = join(place, 'workspace');
  const profile = join(place, 'profile');
  await mkdir(folder, { recursive: true });
  if (options.copyFrom) await cp(options.copyFrom, folder, { recursive: true });

  let playground: Playground | undefined;
  // Last before the place is gone: whatever the test did, no secret of the playground stands in a file of VS Code.
  stops.push(() => (playground ? searchForSecrets(profile, playground) : Promise.resolve()));
  if (options.playground !== false) {
    const started = await startPlayground(join(place, 'playground'), options.playgroundArguments);
    playground = started;
    stops.push(() => started.stop());
    const environment = JSON.stringify({ playground: toEnvironment(started.announcement) }, undefined, 2);
    await writeFile(join(folder, 'http-client.env.json'), environment);
  }
  for (const [path, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  await installExtension(profile, vsix);
  for (const [index, extension] of (options.extensions ?? []).entries()) {
    const packed = join(place, `extension-${String(index)}.vsix`);
    await createVSIX({
      cwd: extension,
      packagePath: packed,
      dependencies: false,
      allowMissingRepository: true,
      skipLicense: true,
    });
    await installExtension(profile, packed);
  }
  const server = await startWrapper({
    profile,
    trustedLinks: playground ? [`http://${new URL(playground.announcement.pages).hostname}:*`] : [],
    trusted: options.trusted ?? true,
    settings: {
      'workbench.colorTheme': options.theme ?? 'Default Dark Modern',
      ...(playground
        ? { 'countersign.environment': 'playground', 'countersign.tls.caFiles': [playground.announcement.ca] }
        : {}),
      ...options.settings,
    },
  });
  stops.push(() => server.stop());
  const browser = await launchBrowser(chromium);
  stops.push(() => browser.close());
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
  const openWindow = async (): Promise<Workbench> => {
    const page: Page = await context.newPage();
    const workbench = new Workbench(page, server.open(folder), name);
    await workbench.open();
    return workbench;
  };
  return {
    folder,
    profile,
    server,
    browser,
    context,
    workbench: await openWindow(),
    openWindow,
    stop,
    playground() {
      if (!playground) throw new Error('This stage has no playground.');
      return playground;
    },
  };
}
