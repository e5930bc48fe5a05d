/**
 * `countersign lsp`: the language features for editors that speak the Language Server Protocol. What it does is in
 * `lsp/serve.ts`, loaded when it is called.
 */
import type { CliCommand } from './command.ts';

export const lsp: CliCommand = {
  name: 'lsp',
  define(program, exit) {
    program
      .command('lsp')
      .description('serve an editor: the Language Server Protocol on stdin and stdout')
      // Many clients pass it on their own.
      .option('--stdio', 'as it does anyway', true)
      .addHelpText('after', '\nHow to set it up in Neovim, Helix and Zed: docs/editors.md\n')
      .action(async () => {
        const { serve } = await import('../lsp/serve.ts');
        serve(process.stdin, process.stdout);
        exit(0);
      });
  },
};
