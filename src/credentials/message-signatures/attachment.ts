/**
 * What a credential with message signatures puts on: the digest of the body, the parameters and the signature, made
 * anew for each hop. Loaded when such a credential is first used. Source: RFC 9421, RFC 9530 §2.
 */
import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import { adjustClock } from '../clock-offset.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { keyError, loadPrivateKey } from '../private-key.ts';
import { Secret } from '../secret.ts';
import type { HttpSignatureDefinition } from '../schemes/http-signature.ts';
import type { AttachedHeader, Attachment, FinalRequest, PrepareContext } from '../types.ts';
import { algorithmOf, isAlgorithm, type Algorithm } from './algorithms.ts';
import { parseComponent, type Component } from './components.ts';
import { signMessage } from './message-signature.ts';

interface Key {
  readonly algorithm: Algorithm;
  readonly key: KeyObject | Buffer;
  readonly behind: readonly Secret[];
}

/** @throws CountersignError CS-AUTH-KEY, CS-AUTH-SECRET-MISSING, CS-DEF-FIELD */
export async function toMessageSignatureAttachment(
  context: PrepareContext<HttpSignatureDefinition>,
): Promise<Attachment> {
  const { definition, name, hash } = context.credential;
  const { algorithm, key, behind } = await loadKey(context);
  const clock = context.memo.of(`http-signature ${name} ${hash}`, () => ({ skew: 0 }));
  const written = toComponents(definition, name);
  // One that the person wrote is theirs to answer for, and is signed as it is.
  const given = new Set(context.request.headers.map(([header]) => header.toLowerCase()));
  const digests = !given.has('content-digest');
  const dates = !given.has('date') && written?.some((each) => each.name === 'date') === true;
  return {
    headers: [],
    query: [],
    cookies: [],
    ...(definition.key_id === undefined ? {} : { identity: { label: definition.key_id, verified: false } }),
    behind,
    proof: {
      names: ['Signature-Input', 'Signature', ...(digests ? ['Content-Digest'] : []), ...(dates ? ['Date'] : [])],
      retry: 'signed by the clock of the server',
      async headers(request) {
        const now = Date.now() + clock.skew;
        const own: AttachedHeader[] = dates ? [{ name: 'Date', prefix: new Date(now).toUTCString() }] : [];
        const wanted = written?.some((each) => each.name === 'content-digest');
        const digest = digests && wanted !== false ? await toContentDigest(request, definition) : undefined;
        // Asked for by name, an empty body has a digest as well.
        if (digest && (digest.bytes > 0 || wanted)) own.push({ name: 'Content-Digest', prefix: digest.text });
        const whole = {
          ...request,
          headers: [...request.headers, ...own.map(({ name: of, prefix }) => [of, prefix] as const)],
        };
        const input = {
          label: definition.label ?? 'sig1',
          components: written ?? usualComponents(whole),
          parameters: toParameters(definition, algorithm, Math.floor(now / 1000)),
        };
        const made = signMessage(whole, input, algorithm, key, name);
        return [
          ...own,
          { name: 'Signature-Input', prefix: made.signatureInput },
          { name: 'Signature', prefix: '', value: new Secret(made.signature, 'message signature') },
        ];
      },
      answered: (answer) => adjustClock(answer, clock),
    },
  };
}

/** The method, the whole address, and of the headers those that say what the message is and as whom. */
function usualComponents({ headers }: FinalRequest): readonly Component[] {
  const there = new Set(headers.map(([name]) => name.toLowerCase()));
  const fields = ['content-type', 'content-digest', 'authorization'].filter((name) => there.has(name));
  return ['@method', '@authority', '@path', '@query', ...fields].map((name) => ({ name, bytes: false }));
}

function toComponents({ components }: HttpSignatureDefinition, name: string): readonly Component[] | undefined {
  if (components === undefined) return undefined;
  const texts = typeof components === 'string' ? components.split(/[\s,]+/) : components;
  return texts
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const component = parseComponent(text);
      if (typeof component !== 'string') return component;
      throw new CountersignError('CS-DEF-FIELD', `${name}: the component “${text.slice(0, 60)}” ${component}.`);
    });
}

function toParameters(
  { key_id, expires_in, nonce, tag, send_algorithm }: HttpSignatureDefinition,
  algorithm: Algorithm,
  created: number,
): readonly (readonly [string, string | number])[] {
  return [
    ['created', created],
    ...(expires_in === undefined ? [] : ([['expires', created + expires_in]] as const)),
    ...(key_id === undefined ? [] : ([['keyid', key_id]] as const)),
    ...(nonce === true ? ([['nonce', randomBytes(18).toString('base64url')]] as const) : []),
    ...(send_algorithm === true ? ([['alg', algorithm]] as const) : []),
    ...(tag === undefined ? [] : ([['tag', tag]] as const)),
  ];
}

async function toContentDigest(
  request: FinalRequest,
  { content_digest = 'sha-256' }: HttpSignatureDefinition,
): Promise<{ readonly text: string; readonly bytes: number }> {
  const sum = createHash(content_digest.replace('-', ''));
  let bytes = 0;
  for await (const chunk of request.body()) {
    bytes += chunk.length;
    sum.update(chunk);
  }
  return { text: `${content_digest}=:${sum.digest('base64')}:`, bytes };
}

async function loadKey(context: PrepareContext<HttpSignatureDefinition>): Promise<Key> {
  const { definition, name } = context.credential;
  const { algorithm } = definition;
  if (algorithm === 'hmac-sha256') {
    const secret = await context.secret();
    const key = Buffer.from(secret.reveal(), definition.secret_encoding === 'base64' ? 'base64' : 'utf8');
    if (key.length === 0) throw keyError(name, 'is empty');
    return { algorithm, key, behind: [secret] };
  }
  const { key, behind } = await loadPrivateKey(context);
  return { algorithm: isAlgorithm(algorithm) ? algorithm : algorithmOf(key, name), key, behind };
}
