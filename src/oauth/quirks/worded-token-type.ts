/** Token types written as words, `User Access Token`. Source: requests_oauthlib, ebay. */
import type { Quirk } from './quirk.ts';

export const wordedTokenType: Quirk = {
  name: 'worded_token_type',
  description: 'Takes “User Access Token” and “Application Access Token” as Bearer (eBay).',
  map: (answer) =>
    /^(user|application) access token$/i.test(String(answer['token_type']))
      ? { ...answer, token_type: 'Bearer' }
      : answer,
};
