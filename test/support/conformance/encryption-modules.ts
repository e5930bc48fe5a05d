/** Modules with encrypted ID tokens (`FAPI 1 Advanced`). */
import { CompactEncrypt } from 'jose';
import type { Claims, ConformanceModule, Keys } from './module.ts';
import type { ScriptedIdp } from '../scripted-idp.ts';

const encrypt = async (idp: ScriptedIdp, keys: Keys, claims: Claims, alg: string): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(await idp.sign(claims)))
    .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT' })
    .encrypt(keys.rsa.publicKey);

/** The client is registered with encryption, and has its key. */
const registered: Pick<ConformanceModule, 'definition' | 'ownSlots'> = {
  definition: { id_token_encrypted_response_alg: 'RSA-OAEP-256' },
  ownSlots: ({ rsa }) => ({ decryption_key: rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string }),
};

export const encryptionModules: readonly ConformanceModule[] = [
  {
    plan: 'FAPI 1 Advanced',
    name: 'fapi1-advanced-final-client-test-encrypted-idtoken',
    deviation: 'encrypts the ID token for the client',
    upstream: 'signs in',
    ours: 'signs in',
    ...registered,
    script: (_idp, keys) => ({ idToken: (claims, idp) => encrypt(idp, keys, claims, 'RSA-OAEP-256') }),
  },
  {
    plan: 'FAPI 1 Advanced',
    name: 'fapi1-advanced-final-client-test-encrypted-idtoken-usingrsa15',
    deviation: 'encrypts the ID token with RSA1_5',
    upstream: 'refuses',
    ours: 'refuses',
    ...registered,
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
