/** Modules with encrypted ID tokens (`FAPI 1 Advanced`). */
import { CompactEncrypt } from 'jose';
import type { Claims, ConformanceModule, Keys } from './module.ts';
import type { ScriptedIdp } from '../scripted-idp.ts';

const encrypt = async (idp: ScriptedIdp, keys: Keys, claims: Claims, alg: string): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(await idp.sign(claims)))
    .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT' })
    .encrypt(keys.rsa.publicKey);

export const encryptionModules: readonly ConformanceModule[] = [
  {
    plan: 'FAPI 1 Advanced',
    name: 'fapi1-advanced-final-client-test-encrypted-idtoken',
    deviation: 'encrypts the ID token for the client',
    upstream: 'signs in',
    ours: 'refuses',
    why: 'Encrypted ID tokens are not read yet; TLS hides them on the way.',
    script: (_idp, keys) => ({ idToken: (claims, idp) => encrypt(idp, keys, claims, 'RSA-OAEP-256') }),
  },
  {
    plan: 'FAPI 1 Advanced',
    name: 'fapi1-advanced-final-client-test-encrypted-idtoken-usingrsa15',
    deviation: 'encrypts the ID token with RSA1_5',
    upstream: 'refuses',
    ours: 'refuses',
    script: () => ({
      idToken: () => {
        const header = Buffer.from(JSON.stringify({ alg: 'RSA1_5', enc: 'A128CBC-HS256', cty: 'JWT' })).toString(
          'base64url',
        );
        return Promise.resolve([header, 'a2V5', 'aXY', 'Y2lwaGVy', 'dGFn'].join('.'));
      },
    }),
  },
];
