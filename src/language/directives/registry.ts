/**
 * Every directive we know. Unknown ones are kept on the request and ignored. Adding one is one row in its family,
 * adding a family is a file and a line here.
 */
import { commandDirectives } from './commands.ts';
import { connectionDirectives } from './connection.ts';
import type { Directive } from './directive.ts';
import { expectStatusDirectives } from './expect-status.ts';
import { flowDirectives } from './flow.ts';
import { identityDirectives } from './identity.ts';
import { promptDirectives } from './prompts.ts';
import { protocolDirectives } from './protocols.ts';
import { sendingDirectives } from './sending.ts';
import { viewingDirectives } from './viewing.ts';

export const directives: readonly Directive[] = [
  ...identityDirectives,
  ...expectStatusDirectives,
  ...promptDirectives,
  ...sendingDirectives,
  ...connectionDirectives,
  ...flowDirectives,
  ...viewingDirectives,
  ...protocolDirectives,
  ...commandDirectives,
];
