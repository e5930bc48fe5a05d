/**
 * One module of the OpenID Foundation's relying-party plans, as data: what the issuer does otherwise, and what is expected
 * of a client. Names are those of the plans; the deviations are built anew on the scripted issuer.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT, type JWK } from 'jose';
import type { OAuth2Definition, Session } from '../../../src/credentials/types.ts';
import type { Bench } from '../broker-bench.ts';
import type { FrontLie } from '../front-channel-idp.ts';
import type { ScriptedIdp, Script } from '../scripted-idp.ts';

export type Outcome = 'signs in' | 'refuses';

/** How the answer comes back through the browser. */
export type Front = 'query' | 'hybrid' | 'jarm';

export interface ConformanceModule {
  readonly name: string;
  readonly plan: 'Basic' | 'FAPI 1 Advanced' | 'FAPI 2' | 'FAPI 2 Message Signing' | 'Skipped there';
  /** What the issuer does, in words. */
  readonly deviation: string;
  /** What the plan asks of a client. */
  readonly upstream: Outcome | 'either';
  readonly ours: Outcome;
  /** Why ours is stricter or otherwise. */
  readonly why?: string;
  readonly front?: Front;
  readonly definition?: Partial<OAuth2Definition>;
  readonly slots?: Readonly<Record<string, string>>;
  /** Secrets that are made anew for each run. */
  readonly ownSlots?: (keys: Keys) => Readonly<Record<string, string>>;
  readonly secret?: boolean;
  readonly script?: (idp: ScriptedIdp, keys: Keys) => Script;
  /** For the answer through the browser, when that is not a plain code. */
  readonly lie?: (idp: ScriptedIdp, keys: Keys) => FrontLie;
  /** What has to hold beyond the outcome. */
  readonly then?: (idp: ScriptedIdp, bench: Bench, session: Session) => Promise<void> | void;
  /** Sign-ins one after the other; the script is told which. */
  readonly rounds?: number;
  /** Left out: cannot be had without a part that this client does not have. */
  readonly notDone?: string;
}

export type Claims = Record<string, unknown>;

/** Keys beside the issuer's own, made once a run. */
export class Keys {
  readonly rsa: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly other: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  get rsaJwk(): JWK {
    return { ...(this.rsa.publicKey.export({ format: 'jwk' }) as JWK), kid: 'rsa-1', use: 'sig', alg: 'RS256' };
  }

  get otherJwk(): JWK {
    return { ...(this.other.publicKey.export({ format: 'jwk' }) as JWK), kid: 'key-2', use: 'sig', alg: 'ES256' };
  }

  sign(claims: Claims, alg: 'RS256' | 'ES256' | 'HS256', header: Claims, secret = ''): Promise<string> {
    const key =
      alg === 'RS256'
        ? this.rsa.privateKey
        : alg === 'ES256'
          ? this.other.privateKey
          : new TextEncoder().encode(secret);
    return new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(key);
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function unsigned(claims: Claims): Promise<string> {
  return Promise.resolve(`${part({ alg: 'none' })}.${part(claims)}.`);
}

/** The last character of the signature that counts is another one. */
export function broken(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const at = signature.length >> 1;
  const other = signature[at] === 'A' ? 'B' : 'A';
  return `${header}.${claims}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`;
}

export const without =
  (name: string) =>
  ({ [name]: _gone, ...rest }: Claims): Claims =>
    rest;
export const withClaims =
  (change: Claims) =>
  (truth: Claims): Claims => ({ ...truth, ...change });
