/** Every quirk, in the order they are applied. */
import type { OAuth2Definition } from '../../credentials/types.ts';
import { camelCase } from './camel-case.ts';
import { clientIdInBody } from './client-id-in-body.ts';
import { createdAnswer } from './created-answer.ts';
import { errorList } from './error-list.ts';
import { formAnswer } from './form-answer.ts';
import { toRuleQuirk } from './from-rules.ts';
import { missingTokenType } from './missing-token-type.ts';
import { nestedToken } from './nested-token.ts';
import { nullScope } from './null-scope.ts';
import type { Quirk } from './quirk.ts';
import { refreshScope } from './refresh-scope.ts';
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
  refreshScope,
  clientIdInBody,
] as const satisfies readonly Quirk[];

/** Those a definition names, in the registry's order. */
export function findQuirks(names: readonly string[] | undefined): readonly Quirk[] {
  return names === undefined ? [] : quirks.filter(({ name }) => names.includes(name));
}

/** Those of a definition: its own rules first, so that what they leave still meets the named ones. */
export function toQuirks(definition: Pick<OAuth2Definition, 'quirks' | 'quirk_rules'>): readonly Quirk[] {
  const named = findQuirks(definition.quirks);
  return definition.quirk_rules === undefined ? named : [toRuleQuirk(definition.quirk_rules), ...named];
}
