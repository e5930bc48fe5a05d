/**
 * Makes a fresh clone ready, then runs one script under the project's own Node:
 * `node scripts/bootstrap.mjs [SCRIPT [ARGUMENT...]]`. It runs on any Node >= 20 with nothing installed, so it uses
 * nothing but Node itself. It installs the packages of package-lock.json once (again when the lock file changes);
 * it downloads nothing else.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * True when node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json as the last
 * step of an install, so an interrupted install never looks finished.
 */
function isInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !present || !existsSync(ownNode)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = present[path];
    if (!found) return entry.optional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** How to start npm: the one that runs this script where there is one, with the Node that it came with. */
function npmCommand() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  if (cli?.endsWith('.js')) {
    const runsInside = node && resolve(node).startsWith(join(root, 'node_modules'));
    return { command: node && !runsInside && existsSync(node) ? node : process.execPath, args: [cli], shell: false };
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

async function install() {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  console.log('Installing the development packages, once (npm ci) …');
  const { command, args, shell } = npmCommand();
  const child = spawn(
    command,
    [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'],
    {
      cwd: root,
      shell,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const heartbeat = setInterval(() => console.log(`  still installing, ${seconds()} s …`), 10_000);
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise((done) => {
    child.on('error', (error) => {
      console.error(`npm could not be started: ${error.message}`);
      done(1);
    });
    child.on('exit', (exitCode, signal) => done(signal ? 128 + constants.signals[signal] : exitCode));
  });
  clearInterval(heartbeat);
  process.off('SIGINT', forward).off('SIGTERM', forward);
  if (code !== 0) {
    console.error(`The packages could not be installed (npm ci ended with ${code}).`);
    process.exit(code);
  }
  if (!existsSync(ownNode)) {
    console.error(
      'npm skipped the install script of the package "node", which brings the Node this project is developed with.\n' +
        'Run: npm rebuild node --ignore-scripts=false',
    );
    process.exit(1);
  }
  console.log(`Installed in ${seconds()} s.`);
}

/** Runs the script under the project's Node with the same streams; ends as it ends. */
function runUnderOwnNode(script, args) {
  const bin = join(root, 'node_modules', '.bin');
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = { ...process.env, [pathName]: [bin, process.env[pathName]].filter(Boolean).join(delimiter) };
  const child = spawn(ownNode, [resolve(root, script), ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`The project's own Node did not start (${ownNode}): ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Countersign needs Node 20 or newer to start; this is ${process.version}.`);
  process.exit(1);
}
if (!isInstalled()) await install();

const [script, ...args] = process.argv.slice(2);
if (script !== undefined) {
  const isOwn = existsSync(ownNode) && realpathSync(process.execPath) === realpathSync(ownNode);
  if (!isOwn) runUnderOwnNode(script, args);
  else {
    process.argv.splice(1, 2, resolve(root, script));
    process.chdir(root);
    await import(pathToFileURL(resolve(root, script)).href);
  }
}
