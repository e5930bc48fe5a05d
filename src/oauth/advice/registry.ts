/** Every adviser, the more exact first. */
import type { Adviser } from './advice.ts';
import { answerAdvice } from './answer.ts';
import { authorizationAdvice } from './authorization.ts';
import { clientAdvice } from './client.ts';
import { clockAdvice } from './clock.ts';
import { grantAdvice } from './grant.ts';
import { idTokenAdvice } from './id-token.ts';
import { issuerAdvice } from './issuer.ts';
import { redirectAdvice } from './redirect.ts';

export const advisers = [
  issuerAdvice,
  grantAdvice,
  redirectAdvice,
  clientAdvice,
  authorizationAdvice,
  clockAdvice,
  idTokenAdvice,
  answerAdvice,
] as const satisfies readonly Adviser[];
