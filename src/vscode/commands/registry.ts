/** The commands, by group. Adding one is an entry in its group's file and its id in `ids.ts`. */
import { beginnings } from './beginnings.ts';
import type { CommandHandler } from './command.ts';
import { dialect } from './dialect.ts';
import { credentials } from './credentials.ts';
import { environments } from './environments.ts';
import { history } from './history.ts';
import type { CommandId } from './ids.ts';
import { literalSecrets } from './literal-secrets.ts';
import { sending } from './sending.ts';
import { trust } from './trust.ts';

export const commandTable = {
  ...sending,
  ...environments,
  ...dialect,
  ...beginnings,
  ...credentials,
  ...literalSecrets,
  ...history,
  ...trust,
} as Readonly<Record<CommandId, CommandHandler>>;
