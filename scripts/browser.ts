/**
 * Finds a Chromium to drive: CHROME_PATH, the usual executables, the one Playwright downloaded, or on Debian as root
 * the package `chromium`. It downloads nothing else.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export interface FoundBrowser {
  readonly path: string;
  /** Where it came from, in words. */
  readonly why: string;
}

/** The browser that is there, without installing one. */
export function findBrowser(): FoundBrowser | undefined {
  const named = process.env['CHROME_PATH'];
  if (named) return isExecutable(named) ? { path: named, why: 'CHROME_PATH' } : undefined;
  const found = onPath() ?? places.find(isExecutable);
  if (found) return { path: found, why: 'installed' };
  const own = chromium.executablePath();
  return existsSync(own) ? { path: own, why: "Playwright's own" } : undefined;
}

/** A browser to drive; on Debian as root it is installed when missing. Throws with what to do otherwise. */
export function ensureBrowser(say: (line: string) => void): FoundBrowser {
  const found = findBrowser();
  if (found) return found;
  if (process.env['CHROME_PATH'])
    throw new Error(`CHROME_PATH names ${process.env['CHROME_PATH']}, which cannot be run.`);
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    say('Installing Chromium with apt-get, once …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
    const installed = findBrowser();
    if (installed) return { ...installed, why: 'installed just now with apt-get' };
  }
  throw new Error(
    'No Chromium was found. Install Chromium or Google Chrome, name one by CHROME_PATH, ' +
      'or run `node_modules/.bin/playwright-core install chromium`.',
  );
}

/** A headless browser without first-run work or background traffic. */
export async function launchBrowser(path: string, headless = true): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    headless,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
