/** Lets a scripted provider speak CIBA in poll mode: an endpoint that asks a person, and one answer for each poll. */
import type { OAuth2Definition } from '../../src/credentials/types.ts';
import { json, type ScriptedIdp } from './scripted-idp.ts';

export const cibaGrant: Partial<OAuth2Definition> = {
  grant: 'urn:openid:params:grant-type:ciba',
  scope: 'orders.read',
  login_hint: 'ada@example.com',
};

/** `error` names, or `token` for tokens; the last one repeats. @param change of the first answer, or the error it is */
export function scriptBackchannel(
  idp: ScriptedIdp,
  change: Record<string, unknown>,
  polls: readonly string[],
  idToken?: (truth: Record<string, unknown>) => Record<string, unknown>,
): void {
  let turn = 0;
  idp.script = {
    metadata: (truth) => ({ ...truth, backchannel_authentication_endpoint: `${idp.issuer}/backchannel` }),
    routes: {
      '/backchannel': (_hit, response) =>
        change['error'] === undefined
          ? json(response, 200, { auth_req_id: 'auth-req-1', expires_in: 600, interval: 5, ...change })
          : json(response, 400, change),
      '/token': async (_hit, response) => {
        const answer = polls[Math.min(turn, polls.length - 1)];
        turn += 1;
        if (answer !== 'token') return json(response, 400, { error: answer });
        const now = Math.floor(Date.now() / 1000);
        const truth = { iss: idp.issuer, sub: 'ada', aud: 'cli', iat: now, exp: now + 600 };
        const id_token = await idp.sign(idToken?.(truth) ?? truth);
        const tokens = { access_token: 'at-ciba', refresh_token: 'rt-ciba', token_type: 'Bearer', expires_in: 600 };
        return json(response, 200, { ...tokens, id_token });
      },
    },
  };
}
