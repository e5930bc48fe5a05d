/** Every quirk, in the order they are applied. */
import { camelCase } from './camel-case.ts';
import { createdAnswer } from './created-answer.ts';
import { errorList } from './error-list.ts';
import { formAnswer } from './form-answer.ts';
import { missingTokenType } from './missing-token-type.ts';
import { nestedToken } from './nested-token.ts';
import { nullScope } from './null-scope.ts';
import type { Quirk } from './quirk.ts';
import { wordedTokenType } from './worded-token-type.ts';
import { zeroLifetime } from './zero-lifetime.ts';

export const quirks = [
  createdAnswer,
  formAnswer,
  camelCase,
  nestedToken,
  errorList,
  nullScope,
  zeroLifetime,
  wordedTokenType,
  missingTokenType,
] as const satisfies readonly Quirk[];

/** Those a definition names, in the registry's order. */
export function findQuirks(names: readonly string[] | undefined): readonly Quirk[] {
  return names === undefined ? [] : quirks.filter(({ name }) => names.includes(name));
}
