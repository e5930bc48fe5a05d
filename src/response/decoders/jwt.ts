/**
 * A JSON Web Token (RFC 7519) in its compact form, laid open: header and claims, or header alone when it is encrypted.
 * Nothing is verified here, and the result says so. Whether a token may be laid open at all is the caller's question.
 */
import { indexJson } from '../json-index/index-json.ts';
import { decoded, DecodeFault, type Decoder } from './decoder.ts';

const compact = /^[\w-]{2,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?$/;
const longest = 64 * 1024;

export const jwt: Decoder = {
  kind: 'jwt',
  name: 'a JSON Web Token',
  binary: false,
  decode: (bytes, from) =>
    decoded(bytes, () => {
      const text = new TextDecoder().decode(bytes.subarray(from)).trim();
      const json = tokenJson(text);
      if (json === undefined) throw new DecodeFault(from, 'a header and claims with dots between them');
      return json;
    }),
};

/** Header and claims as JSON text; undefined when the text is no token. */
export function tokenJson(text: string): string | undefined {
  if (text.length > longest || !compact.test(text)) return undefined;
  const parts = text.split('.');
  const header = partJson(parts[0] as string);
  if (header === undefined || !/"(alg|enc)"\s*:/.test(header)) return undefined;
  const note = '"verified":false';
  if (parts.length === 5) return `{${note},"header":${header},"encrypted":true}`;
  const claims = partJson(parts[1] as string);
  return claims === undefined ? undefined : `{${note},"header":${header},"claims":${claims}}`;
}

function partJson(part: string): string | undefined {
  const bytes = Uint8Array.from(Buffer.from(part, 'base64url'));
  if (bytes[0] !== 0x7b || !indexJson(bytes).ok) return undefined;
  return new TextDecoder().decode(bytes);
}
