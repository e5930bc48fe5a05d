/**
 * A person enters a short code in a browser elsewhere while this side polls, ever slower when told so. Addresses are
 * vetted before anyone sees them, times are clamped, and nothing opens by itself.
 * Source: RFC 8628 §3, §5.3–5.4; auth.md M8, M18, H29, H30.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { longestSeconds, toDeviceAnswer, type DeviceAnswer } from '../device-answer.ts';
import { requireEndpoint } from '../endpoint-vetting.ts';
import { identify } from '../identify.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import { pollForTokens } from '../polling.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

const name = 'urn:ietf:params:oauth:grant-type:device_code';

export const deviceCode: Grant = {
  name,
  shortName: 'device_code',
  label: 'With a code on another device',
  who: 'device',
  reason: 'No browser has to come back here: you enter a short code in any browser.',
  fields: [
    {
      name: 'device_authorization_endpoint',
      label: 'Device authorization endpoint',
      description: 'Where a device code is given, when the issuer has no metadata.',
      type: 'string',
      format: 'url',
    },
  ],
  needs: ['device_authorization_endpoint', 'token_endpoint'],
  clientSecret: 'optional',
  secrets: [],
  browser: false,
  interactive: true,
  plan: ['definition', 'discovery', 'client-authentication', 'device-code', 'device-token', 'id-token', 'store'],
  limitMs: longestSeconds * 1000 + 60_000,
  async obtain(operation) {
    const { share, credential, provider } = operation;
    const { ports } = share;
    if (!ports.device) {
      throw new CountersignError('CS-AUTH-GRANT', 'There is no place here to show a device code.', {
        next: 'Choose another grant for this credential.',
      });
    }
    const device = await requestCode(operation);
    const { definition } = credential;
    const shown = ports.device.show({
      credential: credential.name,
      issuerHost: provider.host,
      clientId: definition.client_id,
      scope: definition.scope ?? '',
      userCode: device.userCode,
      verificationUri: device.verificationUri,
      origin: new URL(device.verificationUri).origin,
      ...(device.verificationUriComplete === undefined
        ? {}
        : { verificationUriComplete: device.verificationUriComplete }),
      expiresAt: device.expiresAt,
      open: async () => {
        try {
          return await ports.browser.open(device.verificationUri);
        } catch {
          return false;
        }
      },
      cancel: () => operation.cancel(),
    });
    operation.onEnd(() => shown.dispose());
    const answer = await poll(operation, device);
    return { answer, identity: await identify(operation, answer) };
  },
};

async function requestCode(operation: Operation): Promise<DeviceAnswer> {
  const { provider, credential, trace, share } = operation;
  const { definition } = credential;
  const issuer = provider.issuer ?? provider.host;
  const endpoint = requireEndpoint(
    'device_authorization_endpoint',
    provider.metadata['device_authorization_endpoint'],
    issuer,
  );
  const parameters = new URLSearchParams();
  if (definition.scope) parameters.set('scope', definition.scope);
  for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
  for (const [key, value] of toExtraParameters(definition.authorize_parameters).kept) parameters.append(key, value);
  return trace.step('device-code', async ({ detail, warn }) => {
    let device: DeviceAnswer | undefined;
    const fetch = operation.fetch;
    const { library, config } = await operation.configuration(async (url, init) => {
      const response = await fetch(url, init);
      if (url !== new URL(endpoint).href || response.status !== 200) return response;
      const normal = toDeviceAnswer(await response.text(), provider.host, share.ports.clock.now(), (code) =>
        share.ports.onSecret(new Secret(code, `${credential.name} device code`)),
      );
      device = normal.answer;
      return Response.json(normal.json, { headers: response.headers });
    });
    await operation.guard('device-code', () => library.initiateDeviceAuthorization(config, parameters));
    if (!device) throw operation.toError(new Error('no device answer'), 'device-code');
    const origin = new URL(device.verificationUri).origin;
    detail(`code to be entered at ${origin} · interval ${device.intervalMs / 1000} s`);
    device.warnings.forEach(warn);
    if (provider.issuer !== undefined && new URL(provider.issuer).origin !== origin) {
      detail(`another origin than ${provider.host}`);
    }
    return device;
  });
}

function poll(operation: Operation, device: DeviceAnswer): Promise<TokenAnswer> {
  const { share, credential, provider } = operation;
  const { definition } = credential;
  const parameters = new URLSearchParams({ device_code: device.deviceCode });
  for (const [key, value] of toResourceParameters(definition)) {
    if (key === 'resource') parameters.append(key, value);
  }
  for (const [key, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(key, value);
  return operation.requestTokens({
    step: 'device-token',
    run: (library, config, options) =>
      pollForTokens({
        request: () => library.genericGrantRequest(config, name, parameters, options),
        intervalMs: device.intervalMs,
        expiresAt: device.expiresAt,
        clock: share.ports.clock,
        signal: operation.signal,
        delay: share.ports.delay,
        onExpired: () =>
          new CountersignError('CS-AUTH-EXPIRED', `The code for ${provider.host} was not entered in time.`, {
            next: 'Sign in again for a new code.',
          }),
      }),
  });
}
