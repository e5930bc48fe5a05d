/**
 * `node dist/playground.js [--port 0] [--data DIR] [--clock-skew S] [--access-token-ttl S] [--quiet]`: starts the
 * playground, prints one line of JSON on stdout, and ends on SIGTERM, SIGINT or when a piped stdin closes. Notes go to
 * stderr. Source: contracts §2.
 */
import { fstatSync } from 'node:fs';
import { parseOptions } from './options.ts';
import type { PlaygroundOptions } from './options.ts';
import { startPlayground } from './start-playground.ts';

function isPiped(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

async function run(options: PlaygroundOptions): Promise<void> {
  const note = (text: string): void => {
    if (!options.quiet) process.stderr.write(`playground: ${text}\n`);
  };
  // Libraries write their advice with console; stdout is for the one line alone.
  console.info = console.warn = console.log = () => undefined;
  const playground = await startPlayground(options, note);
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= playground.close().then(
      () => process.exit(0),
      (error: unknown) => {
        note(`did not end in order: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (isPiped()) process.stdin.once('end', end).once('close', end).once('error', end).resume();
  process.stdout.write(`${JSON.stringify(playground.info)}\n`);
}

try {
  await run(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`playground: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
