/** Tokens of the person in `authed_user`, beside those of the app. Source: Slack, OAuth v2. */
import type { Quirk } from './quirk.ts';

export const nestedToken: Quirk = {
  name: 'authed_user',
  description: 'Takes the person’s token from authed_user (Slack, user scopes).',
  map(answer) {
    const user = answer['authed_user'];
    if (user === null || typeof user !== 'object' || Array.isArray(user)) return answer;
    const { access_token, refresh_token, token_type, expires_in, scope } = user as TokenNames;
    if (typeof access_token !== 'string') return answer;
    const kept = Object.entries({ access_token, refresh_token, expires_in, scope }).filter(
      ([, one]) => one !== undefined,
    );
    // Slack says `user`; it is sent as any bearer token.
    return {
      ...Object.fromEntries(kept),
      token_type: token_type === 'user' || token_type === undefined ? 'Bearer' : token_type,
    };
  },
};

type TokenNames = Partial<Record<'access_token' | 'refresh_token' | 'token_type' | 'expires_in' | 'scope', unknown>>;
