/** What is opened by something other than a token: an API key, a password (Basic, Digest), a client certificate. */
import { createHash } from 'node:crypto';
import { isSameSecret } from '../../identity/people.ts';
import { toSocket } from '../call.ts';
import type { Call, Route } from '../call.ts';
import { checkDigest, toDigestChallenges } from '../digest.ts';
import { realm, toChallenge } from '../guard.ts';
import { sendJson, sendProblem } from '../respond.ts';

export const keyNames = { header: 'X-API-Key', query: 'api_key', cookie: 'api_key' } as const;
export const passwordUser = 'clerk';

/** The key and where it was found; the header goes before the query, the query before the cookie. */
function findKey(call: Call): readonly [place: string, key: string] | undefined {
  const header = call.request.headers[keyNames.header.toLowerCase()];
  if (typeof header === 'string') return ['header', header];
  const query = call.url.searchParams.get(keyNames.query);
  if (query !== null) return ['query', query];
  for (const part of (call.request.headers.cookie ?? '').split(/;\s*/)) {
    const [name, ...value] = part.split('=');
    if (name === keyNames.cookie) return ['cookie', value.join('=').replace(/^"(.*)"$/, '$1')];
  }
  return undefined;
}

const skies = ['clear', 'partly cloudy', 'overcast', 'light rain', 'snow'] as const;

async function showWeather(call: Call): Promise<void> {
  const found = findKey(call);
  if (found === undefined || !isSameSecret(found[1], call.api.secrets.apiKey)) {
    const challenge = toChallenge('ApiKey', { realm, in: 'header query cookie', name: keyNames.header });
    const detail = found === undefined ? 'The request has no API key.' : `The API key in the ${found[0]} is not known.`;
    await sendProblem(call, 401, 'Which key?', detail, { 'WWW-Authenticate': challenge });
    return;
  }
  const city = (call.url.searchParams.get('city') ?? 'Oslo').slice(0, 80);
  const byte = createHash('sha256').update(city.toLowerCase()).digest();
  const celsius = (hour: number): number => Math.round(((byte[0] ?? 0) / 10 - 4 + Math.sin(hour / 4) * 4) * 10) / 10;
  await sendJson(call, 200, {
    city,
    observedAt: new Date().toISOString(),
    sky: skies[(byte[1] ?? 0) % skies.length],
    temperature: { value: celsius(0), unit: '°C' },
    wind: { speed: (byte[2] ?? 0) % 15, unit: 'm/s', from: ((byte[3] ?? 0) * 7) % 360 },
    forecast: [3, 6, 9, 12].map((hours) => ({ inHours: hours, temperature: celsius(hours) })),
    keyCameIn: found[0],
  });
}

async function showBasic(call: Call): Promise<void> {
  const [, encoded = ''] = /^basic +([\w+/=-]+)$/i.exec(call.request.headers.authorization ?? '') ?? [];
  const [username = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (username !== passwordUser || !isSameSecret(password.join(':'), call.api.secrets.basicPassword)) {
    const challenge = `${toChallenge('Basic', { realm })}, charset="UTF-8"`;
    await sendProblem(call, 401, 'Who are you?', 'This wants a user name and a password.', {
      'WWW-Authenticate': challenge,
    });
    return;
  }
  await sendJson(call, 200, { username, scheme: 'Basic' });
}

async function showDigest(call: Call): Promise<void> {
  const user = { username: passwordUser, password: call.api.secrets.basicPassword };
  const outcome = checkDigest(call, user);
  if (outcome !== 'accepted') {
    const challenges = toDigestChallenges(call, outcome === 'stale');
    const detail = 'This wants a user name and a password, as a digest.';
    await sendProblem(call, 401, 'Who are you?', detail, { 'WWW-Authenticate': challenges });
    return;
  }
  const [, algorithm = 'MD5'] = /algorithm="?([\w-]+)/i.exec(call.request.headers.authorization ?? '') ?? [];
  await sendJson(call, 200, { username: user.username, scheme: 'Digest', algorithm });
}

async function showCertificate(call: Call): Promise<void> {
  const socket = toSocket(call);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || !socket.authorized) {
    const detail =
      certificate === undefined
        ? 'The connection has no client certificate.'
        : 'The client certificate is not from this CA.';
    const challenge = toChallenge('Mutual', { realm });
    await sendProblem(call, 401, 'Which certificate?', detail, { 'WWW-Authenticate': challenge });
    return;
  }
  const { subject, subjectAltName, issuer, fingerprint256, validTo } = certificate;
  await sendJson(call, 200, { subject, subjectAltName, issuer, fingerprint256, validTo });
}

export const keyRoutes: readonly Route[] = [
  { methods: ['GET'], path: /^\/weather$/, handle: showWeather },
  { methods: ['GET', 'POST'], path: /^\/basic$/, handle: showBasic },
  { methods: ['GET', 'POST'], path: /^\/digest$/, handle: showDigest },
  { methods: ['GET', 'POST'], path: /^\/mtls$/, handle: showCertificate },
];
