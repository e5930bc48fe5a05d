/** Token answers without `token_type` count as Bearer. Source: requests_oauthlib, weibo and douban; RFC 6749 §5.1 requires it. */
import type { Quirk } from './quirk.ts';

export const missingTokenType: Quirk = {
  name: 'missing_token_type',
  description: 'Takes a token without token_type as Bearer (Weibo, Douban, Facebook).',
  map: (answer) => (answer['token_type'] === undefined ? { ...answer, token_type: 'Bearer' } : answer),
};
