/** The commands of the CLI. Adding one is one file and one line. */
import type { CliCommand } from './command.ts';
import { convert } from './convert.ts';
import { credentials } from './credentials.ts';
import { lsp } from './lsp.ts';
import { parse } from './parse.ts';
import { run } from './run.ts';

export const commands: readonly CliCommand[] = [run, parse, credentials, lsp, convert];
