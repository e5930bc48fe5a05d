/** Lets a scripted provider speak RFC 8628: a device endpoint and a token endpoint that answers a list, one a poll. */
import type { OAuth2Definition } from '../../src/credentials/types.ts';
import { json, type ScriptedIdp } from './scripted-idp.ts';

export const deviceGrant: Partial<OAuth2Definition> = {
  grant: 'urn:ietf:params:oauth:grant-type:device_code',
  scope: 'orders.read',
};

/** `error` names, or `token` for tokens; the last one repeats. */
export function scriptDevice(idp: ScriptedIdp, change: Record<string, unknown>, polls: readonly string[]): void {
  let turn = 0;
  idp.script = {
    metadata: (truth) => ({ ...truth, device_authorization_endpoint: `${idp.issuer}/device` }),
    routes: {
      '/device': (_hit, response) =>
        json(response, 200, {
          device_code: 'device-code-1',
          user_code: 'WDJB-MJHT',
          verification_uri: `${idp.issuer}/enter`,
          verification_uri_complete: `${idp.issuer}/enter?user_code=WDJB-MJHT`,
          expires_in: 600,
          interval: 5,
          ...change,
        }),
      '/token': (_hit, response) => {
        const answer = polls[Math.min(turn, polls.length - 1)];
        turn += 1;
        if (answer !== 'token') return json(response, 400, { error: answer });
        const tokens = { access_token: 'at-device', refresh_token: 'rt-device', token_type: 'Bearer', expires_in: 600 };
        return json(response, 200, tokens);
      },
    },
  };
}
