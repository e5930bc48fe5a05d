/**
 * Where Node may keep our code compiled: a folder of this person that nobody else can write to. What stands there is run
 * as it is, so Node's own choice, a folder in the shared temporary one that anybody may have made, is not for us.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// As an import it would be a chunk of its own, loaded before the cache is on.
const { homedir } = process.getBuiltinModule('node:os');

/** @returns the folder, there and private; undefined where there can be none, and each start compiles anew */
export function privateCacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  const folder = join(cacheHome(env, platform), platform === 'linux' ? 'countersign' : 'Countersign', 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Windows has no such bits; the profile of a person is theirs by its access list.
    if (platform === 'win32') return folder;
    const { uid, mode } = statSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

function cacheHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  const given = env['XDG_CACHE_HOME'] ?? '';
  return given === '' ? join(homedir(), '.cache') : given;
}
