/** Addresses a definition may hold for sign-in: https, or plain http on this machine. Source: RFC 6749 §3.1.2.1, RFC 8252 §8.3. */
import { isLoopback } from './origin.ts';
import { holdsUserinfo } from './secret-like.ts';

/** Why not, as the rest of a sentence; undefined when it may stand. Text with `{{variables}}` is judged once they are filled in. */
export function addressProblem(text: string): string | undefined {
  if (holdsUserinfo(text)) return 'holds a user name or password';
  if (text.includes('{{')) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'must be an address such as https://idp.example.com';
  if (url.username !== '' || url.password !== '') return 'holds a user name or password';
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!safe) return 'must begin with https:// (http only on this machine)';
  return url.hash === '' && !text.includes('#') ? undefined : 'cannot hold a fragment';
}
