/** Waiting for the browser, at a terminal: the address, and where to paste the redirect when it did not come back. */
import { createInterface } from 'node:readline';
import type { SignInProgress } from '../../oauth/types.ts';

export const terminalProgress: SignInProgress = {
  waiting(info) {
    process.stderr.write(
      `Waiting for sign-in in your browser…\nIf it did not open: ${info.url}\nPaste the address it ends at here, if it does not come back by itself.\n`,
    );
    const reader = createInterface({ input: process.stdin });
    reader.on('line', (line) => {
      if (line.trim() === '') return;
      void info.paste(line.trim()).then((known) => {
        if (!known) process.stderr.write('That address belongs to no sign-in.\n');
      });
    });
    reader.on('SIGINT', () => info.cancel());
    return { dispose: () => reader.close() };
  },
};
