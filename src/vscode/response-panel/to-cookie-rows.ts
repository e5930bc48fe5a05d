/** Cookies that a response set, as the Cookies tab shows them: by RFC 6265 §5.2, with one remark where it matters. */
import type { HeaderPair } from '../../http/types.ts';
import type { CookieRow } from '../../response/model.ts';
import { shownText, type FindSecrets } from '../../response/shown-text.ts';

export function toCookieRows(headers: readonly HeaderPair[], secure: boolean, find: FindSecrets): CookieRow[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, value]) => toCookieRow(value, secure, find));
}

function toCookieRow(header: string, secure: boolean, find: FindSecrets): CookieRow {
  const [pair = '', ...rest] = header.split(';');
  const equals = pair.indexOf('=');
  const name = (equals < 0 ? '' : pair.slice(0, equals)).trim();
  const value = (equals < 0 ? pair : pair.slice(equals + 1)).trim();
  const attributes = rest.map((part) => {
    const at = part.indexOf('=');
    return { name: (at < 0 ? part : part.slice(0, at)).trim(), value: at < 0 ? '' : part.slice(at + 1).trim() };
  });
  const has = (wanted: string): boolean => attributes.some((attribute) => attribute.name.toLowerCase() === wanted);
  const remark = toRemark(name, has, secure);
  return {
    name: shownText(name, find),
    value: shownText(value, find),
    attributes: attributes
      .filter((attribute) => attribute.name !== '')
      .map((attribute) => ({ name: attribute.name.slice(0, 60), value: shownText(attribute.value, find) })),
    ...(remark === undefined ? {} : { remark }),
  };
}

function toRemark(name: string, has: (attribute: string) => boolean, secure: boolean): string | undefined {
  if (name.startsWith('__Host-') && (!has('secure') || has('domain'))) {
    return 'Not kept: the prefix __Host- asks for Secure and no Domain.';
  }
  if (name.startsWith('__Secure-') && !has('secure')) return 'Not kept: the prefix __Secure- asks for Secure.';
  if (has('secure') && !secure) return 'Not kept: Secure needs https.';
  if (!has('secure') && secure) return 'Also goes to http, since Secure is not set.';
  return undefined;
}
