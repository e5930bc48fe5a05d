/**
 * The playground's command line: `--port N --data DIR --clock-skew S --access-token-ttl S --quiet`. Owns only the
 * reading of arguments; a wrong one is told in a sentence and ends the process in main.ts. Source: contracts §2.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface PlaygroundOptions {
  /** Port of the issuer; 0 takes the port of the last run when it is free, else any. */
  readonly port: number;
  /** Absolute or relative folder that keeps secrets, certificates, ports and tokens. */
  readonly data: string;
  /** Seconds added to the issuer's clock; negative for a clock that is behind. */
  readonly clockSkew: number;
  /** Life of access tokens in seconds. */
  readonly accessTokenTtl: number;
  /** No notes on stderr. */
  readonly quiet: boolean;
}

/** The folder under the user's cache directory that is used when `--data` is not given. */
export function toDefaultDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'countersign', 'playground');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'countersign', 'playground');
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'countersign', 'playground');
}

function toWhole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new Error(`--${name} takes a whole number from ${String(least)} to ${String(most)}, not “${text}”.`);
  }
  return value;
}

/** Reads the arguments after `node playground.js`. Throws an Error with one sentence when one is not understood. */
export function parseOptions(args: readonly string[]): PlaygroundOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      'clock-skew': { type: 'string', default: '0' },
      'access-token-ttl': { type: 'string', default: '3600' },
      quiet: { type: 'boolean', default: false },
    },
    strict: true,
  });
  return {
    port: toWhole('port', values.port, 0, 65_535),
    data: values.data ?? toDefaultDataFolder(process.env, process.platform),
    clockSkew: toWhole('clock-skew', values['clock-skew'], -31_536_000, 31_536_000),
    accessTokenTtl: toWhole('access-token-ttl', values['access-token-ttl'], 1, 31_536_000),
    quiet: values.quiet,
  };
}
