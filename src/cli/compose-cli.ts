/** The engine with the CLI's adapters. Nothing is opened until it is needed. */
import { join } from 'node:path';
import { createFileState } from '../machine/file-state.ts';
import { caFilesOfEnvironment, loadCaFile, loadOptionalCaFiles } from '../machine/ca-files.ts';
import { nodeFiles, nodeFileWriter } from '../machine/node-files.ts';
import { createLazyFileLock } from '../machine/lazy-file-lock.ts';
import { parseFixedAddresses } from '../http/fixed-addresses.ts';
import { proxyPolicyFromEnvironment } from '../http/proxy-policy.ts';
import type { Clock } from '../ports.ts';
import { composeEngine, type ComposedEngine } from '../run/compose-engine.ts';
import { TrustDecisions } from '../run/trust-decisions.ts';
import { configFolder } from './adapters/config-folder.ts';
import { createKeyringSecrets } from './adapters/keyring-secrets.ts';
import { systemBrowser } from './adapters/system-browser.ts';
import { createTerminalPrompts } from './adapters/terminal-prompts.ts';
import { terminalDevice } from './adapters/terminal-device.ts';
import { terminalProgress } from './adapters/terminal-progress.ts';

export interface CliOptions {
  readonly caFiles: readonly string[];
  /** Origins whose certificate is not checked in this run. */
  readonly insecure: readonly string[];
  /** `host:port:address`. */
  readonly resolve?: readonly string[];
  readonly input: boolean;
  /** Seconds; 0 for none. */
  readonly timeout: number;
  /** Called before a question is written to the terminal. */
  readonly beforeAsking?: () => void;
}

export const systemClock: Clock = { now: () => Date.now() };

const bodyLimit = 4 * 1024 * 1024 * 1024;

/** @throws CountersignError CS-TLS-CA-FILE, CS-CLI-USAGE */
export async function composeCli(options: CliOptions): Promise<ComposedEngine & { readonly trust: TrustDecisions }> {
  const interactive = options.input && process.stdin.isTTY && process.stderr.isTTY;
  const folder = configFolder(process.env, process.platform);
  const state = createFileState(join(folder, 'state'), { watch: false });
  const lock = createLazyFileLock(join(folder, 'locks'));
  const trust = new TrustDecisions(state, systemClock, lock);
  await trust.load();
  for (const origin of options.insecure) trust.allowForProcess(origin);
  const ca = [
    ...(await loadOptionalCaFiles(caFilesOfEnvironment(process.env))),
    ...(await Promise.all(options.caFiles.map(loadCaFile))),
  ];
  const proxy = proxyPolicyFromEnvironment(process.env);
  const addressOf = parseFixedAddresses(options.resolve ?? []);
  const tls = { ca, useSystemStore: true, exceptionFor: (origin: string) => trust.exceptionFor(origin) };
  const composed = composeEngine({
    secrets: createKeyringSecrets(),
    state,
    files: nodeFiles,
    writer: nodeFileWriter,
    clock: systemClock,
    prompts: createTerminalPrompts(interactive, options.beforeAsking),
    browser: systemBrowser,
    progress: terminalProgress,
    device: terminalDevice,
    lock,
    env: process.env,
    spoolFolder: join(folder, 'spool'),
    settings: () => ({
      variables: {},
      defaultHeaders: [
        ['User-Agent', 'countersign'],
        ['Accept', '*/*'],
        ['Accept-Encoding', 'gzip, deflate, br, zstd'],
      ],
      timeoutMs: options.timeout * 1000,
      connectTimeoutMs: 0,
      followRedirects: true,
      maxDecodedBytes: bodyLimit,
    }),
    network: () => ({ tls, proxy, addressOf }),
    historyLimit: () => 0,
    oauth: { returnTo: 'the terminal' },
  });
  return { ...composed, trust };
}
