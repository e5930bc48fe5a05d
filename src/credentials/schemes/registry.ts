/** The schemes there are. Adding one is one file and one line here. */
import { account } from './account.ts';
import { apiKey } from './api-key.ts';
import { awsSigV4 } from './aws-sigv4.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { digest } from './digest.ts';
import { edgeGrid } from './edgegrid.ts';
import { hawk } from './hawk.ts';
import { httpSignature } from './http-signature.ts';
import { jwt } from './jwt.ts';
import { kerberos } from './kerberos.ts';
import { mtls } from './mtls.ts';
import { netrc } from './netrc.ts';
import { ntlm } from './ntlm.ts';
import { oauth1 } from './oauth1.ts';
import { oauth2 } from './oauth2.ts';
import { several } from './several.ts';
import type { Scheme } from '../types.ts';

/** In wizard order. Each scheme checks its own definitions only; `schemeOf` pairs them by `scheme`. */
export const schemes: readonly Scheme[] = [
  oauth2,
  apiKey,
  bearer,
  basic,
  digest,
  ntlm,
  kerberos,
  awsSigV4,
  oauth1,
  jwt,
  httpSignature,
  hawk,
  edgeGrid,
  netrc,
  mtls,
  several,
  account,
];

/** Undefined for a scheme that this version does not have. */
export function schemeOf(definition: { readonly scheme: string }): Scheme | undefined {
  return schemes.find((scheme) => scheme.id === definition.scheme);
}
