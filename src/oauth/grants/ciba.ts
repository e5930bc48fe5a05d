/**
 * The provider asks a person on a device they have with them, and this side polls: nobody opens a browser here. A short
 * code stands on both screens, so that nobody approves the sign-in of someone else.
 * Source: OpenID Connect CIBA Core §7, §10.1, §11; auth.md §1.1.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseJsonObject } from '../../credentials/json-object.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { clampSeconds, longestSeconds } from '../device-answer.ts';
import { requireEndpoint } from '../endpoint-vetting.ts';
import { identify } from '../identify.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import { pollForTokens } from '../polling.ts';
import { toResourceParameters } from '../request-parameters.ts';
import { toInertText } from '../server-text.ts';
import { toScopeList } from '../token-answer.ts';
import type { Grant } from './grant.ts';

const name = 'urn:openid:params:grant-type:ciba';
const endpointName = 'backchannel_authentication_endpoint';
const about = 'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html';

export const ciba: Grant = {
  name,
  shortName: 'ciba',
  label: 'Approved on a person’s own device',
  who: 'device',
  reason: 'The provider asks the person on their phone; nothing has to be opened or typed here.',
  fields: [
    {
      name: 'login_hint',
      label: 'Login hint',
      description: 'Who is asked to approve, as the provider knows them.',
      type: 'string',
      required: true,
      example: 'ada@example.com',
    },
    {
      name: 'binding_message',
      label: 'Binding message',
      description: 'The text that both screens show; a short code of each sign-in when absent (CIBA).',
      type: 'string',
    },
    {
      name: endpointName,
      label: 'Backchannel authentication endpoint',
      description: 'Where a person is asked for (CIBA Core §7). From the issuer’s metadata when absent.',
      type: 'string',
      format: 'url',
    },
  ],
  needs: [endpointName, 'token_endpoint'],
  clientSecret: 'required',
  secrets: [],
  browser: false,
  interactive: true,
  plan: [
    'definition',
    'discovery',
    'client-authentication',
    'own-backchannel-request',
    'own-backchannel-token',
    'id-token',
    'store',
  ],
  steps: {
    'own-backchannel-request': {
      title: 'Ask for a person’s approval',
      rule: { text: 'CIBA Core, 7.1', url: `${about}#auth_request` },
    },
    'own-backchannel-token': {
      title: 'Wait for the approval',
      rule: { text: 'CIBA Core, 10.1', url: `${about}#token_request` },
    },
  },
  limitMs: longestSeconds * 1000 + 60_000,
  async obtain(operation) {
    const { share, credential, provider } = operation;
    const { device } = share.ports;
    if (!device) {
      throw new CountersignError('CS-AUTH-GRANT', 'There is no place here to show what has to be approved.', {
        next: 'Choose another grant for this credential.',
      });
    }
    const hint = await requireHint(operation);
    const bindingMessage = operation.field('binding_message') ?? makeCode(operation);
    const scope = ['openid', ...toScopeList(credential.definition.scope).filter((one) => one !== 'openid')].join(' ');
    const request = await ask(operation, { ...hint, binding_message: bindingMessage, scope });
    const shown = device.wait({
      credential: credential.name,
      issuerHost: provider.host,
      clientId: credential.definition.client_id,
      scope,
      loginHint: toInertText(hint.login_hint ?? 'the person of the last sign-in', 120),
      bindingMessage: toInertText(bindingMessage, 80),
      expiresAt: request.expiresAt,
      cancel: () => operation.cancel(),
    });
    operation.onEnd(() => shown.dispose());
    const answer = await poll(operation, request);
    return { answer, identity: await identify(operation, answer) };
  },
};

type Hint = { readonly login_hint?: string; readonly id_token_hint?: string };

/** Exactly one hint (§7.1): who the definition names, else who signed in the last time. Throws CS-DEF-FIELD. */
async function requireHint({ credential, share }: Operation): Promise<Hint> {
  const { login_hint } = credential.definition;
  if (login_hint !== undefined) return { login_hint };
  const before = await share.ports.sessions.get(credential).catch(() => undefined);
  if (before?.idToken) return { id_token_hint: before.idToken.reveal() };
  throw new CountersignError('CS-DEF-FIELD', `${credential.name} has no “login_hint”.`, {
    next: 'Name who is to approve, as the provider knows them.',
    facts: { name: credential.name, field: 'login_hint' },
  });
}

/** Eight characters that are read alike on every screen. */
function makeCode({ share }: Operation): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ23456789';
  const bytes = share.ports.random?.(8) ?? crypto.getRandomValues(new Uint8Array(8));
  const code = [...bytes].map((byte) => letters[byte % letters.length]).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

interface BackchannelRequest {
  readonly id: string;
  readonly intervalMs: number;
  readonly expiresAt: number;
}

function ask(operation: Operation, parts: Readonly<Record<string, string>>): Promise<BackchannelRequest> {
  const { provider, credential, trace } = operation;
  const { definition } = credential;
  const endpoint = requireEndpoint(endpointName, provider.metadata[endpointName], provider.issuer ?? provider.host);
  const parameters = new URLSearchParams(parts);
  if (definition.acr_values !== undefined) parameters.set('acr_values', definition.acr_values);
  for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
  for (const [key, value] of toExtraParameters(definition.authorize_parameters).kept) parameters.append(key, value);
  return trace.step('own-backchannel-request', async ({ detail, warn }) => {
    let request: BackchannelRequest | undefined;
    const fetch = operation.fetch;
    const { library, config } = await operation.configuration(async (url, init) => {
      const response = await fetch(url, init);
      if (url !== new URL(endpoint).href || response.status !== 200) return response;
      const read = readAnswer(operation, await response.text(), warn);
      request = read;
      const plain = { auth_req_id: read.id, expires_in: longestSeconds, interval: read.intervalMs / 1000 };
      return Response.json(plain, { headers: response.headers });
    });
    await operation.guard('own-backchannel-request', () =>
      library.initiateBackchannelAuthentication(config, parameters),
    );
    if (!request) throw operation.toError(new Error('no answer'), 'own-backchannel-request');
    const { binding_message: message = '', login_hint: hint = 'the person of the last sign-in' } = parts;
    detail(
      `${toInertText(hint, 80)} is asked · “${toInertText(message, 80)}” · interval ${request.intervalMs / 1000} s`,
    );
    return request;
  });
}

/** Throws CS-AUTH-TOKEN. Times are clamped as those of a device code are (auth.md M18). */
function readAnswer({ provider, credential, share }: Operation, text: string, warn: (text: string) => void) {
  const json = parseJsonObject(text);
  const id = json?.['auth_req_id'];
  if (!json || typeof id !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(id)) {
    throw new CountersignError('CS-AUTH-TOKEN', `The answer of ${provider.host} holds no usable auth_req_id.`);
  }
  share.ports.onSecret(new Secret(id, `${credential.name} auth_req_id`));
  const interval = clampSeconds(json['interval'], 5, 60);
  const expires = clampSeconds(json['expires_in'], longestSeconds, longestSeconds);
  for (const [key, clamped] of Object.entries({ interval, expires_in: expires })) {
    if (clamped.changed) warn(`${key} ${toInertText(String(json[key]), 20)} counts as ${clamped.value} s`);
  }
  return { id, intervalMs: interval.value * 1000, expiresAt: share.ports.clock.now() + expires.value * 1000 };
}

function poll(operation: Operation, { id, intervalMs, expiresAt }: BackchannelRequest): Promise<TokenAnswer> {
  const { share, credential, provider, signal } = operation;
  const parameters = new URLSearchParams({ auth_req_id: id });
  for (const [key, value] of toResourceParameters(credential.definition)) {
    if (key === 'resource') parameters.append(key, value);
  }
  for (const [key, value] of toExtraParameters(credential.definition.token_parameters).kept) {
    parameters.append(key, value);
  }
  return operation.requestTokens({
    step: 'own-backchannel-token',
    run: (library, config, options) =>
      pollForTokens({
        request: () => library.genericGrantRequest(config, name, parameters, options),
        intervalMs,
        expiresAt,
        clock: share.ports.clock,
        signal,
        delay: share.ports.delay,
        onExpired: () =>
          new CountersignError('CS-AUTH-EXPIRED', `Nobody approved the sign-in at ${provider.host} in time.`, {
            next: 'Sign in again, with the person’s device at hand.',
          }),
      }),
  });
}
