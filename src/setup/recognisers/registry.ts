/** Everything that can be pasted, the most particular first. Adding one is one file and one line here. */
import type { Recogniser } from '../pasted.ts';
import { address } from './address.ts';
import { curlCommand } from './curl-command.ts';
import { httpYac } from './httpyac.ts';
import { jetBrains } from './jetbrains.ts';
import { otherJson } from './other-json.ts';
import { privateKey } from './private-key.ts';
import { secretHeader } from './secret-header.ts';
import { token } from './token.ts';

export const recognisers: readonly Recogniser[] = [
  curlCommand,
  privateKey,
  jetBrains,
  httpYac,
  otherJson,
  secretHeader,
  token,
  address,
];
