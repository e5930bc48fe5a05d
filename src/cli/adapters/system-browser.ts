/** Opens the user's own browser by the system's opener; the address is passed as one argument, never through a shell. */
import type { Browser } from '../../ports.ts';

export const systemBrowser: Browser = {
  async open(url) {
    const { spawn } = await import('node:child_process');
    const [command, ...args] = opener(url);
    return new Promise((done) => {
      const child = spawn(command, args, { stdio: 'ignore', detached: true });
      child.once('error', () => done(false));
      child.once('spawn', () => {
        child.unref();
        done(true);
      });
    });
  },
};

function opener(url: string): [string, ...string[]] {
  if (process.env['BROWSER']) return [process.env['BROWSER'], url];
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
