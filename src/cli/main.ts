#!/usr/bin/env node
/**
 * Command-line entry. Turns on the compile cache before anything else is loaded, so that every later start is short;
 * and says which Node is needed instead of failing on an older one. A reader that goes away (`| head`) ends the run.
 */
import module from 'node:module';
import { privateCacheFolder } from './compile-cache.ts';

const enableCompileCache = (module as { enableCompileCache?: (folder: string) => void }).enableCompileCache;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (!enableCompileCache || major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`CS-CLI-USAGE: Countersign needs Node 22.15 or newer; this is ${process.versions.node}.\n`);
  process.stderr.write('Run it with a newer Node.\n');
  process.exitCode = 2;
} else {
  const folder = privateCacheFolder(process.env, process.platform);
  if (folder !== undefined) enableCompileCache(folder);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
}
