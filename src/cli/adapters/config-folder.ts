/** Where the CLI keeps its own non-secret state. Source: XDG base directories, and each system's own custom. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export function configFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env['COUNTERSIGN_CONFIG']) return env['COUNTERSIGN_CONFIG'];
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Countersign');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Countersign');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'countersign');
}
