/**
 * The redirects that a sign-in with a definition would use, to be registered before: the same strings that its receivers
 * make. Source: RFC 8252 §7; auth.md M23.
 */
import { randomInt } from 'node:crypto';
import type { OAuth2Definition } from '../../credentials/types.ts';
import type { UriHandlerPort } from '../ports.ts';
import { toPath } from '../receivers/paste.ts';
import { findReceiver } from '../receivers/registry.ts';
import type { Receiver } from '../receivers/receiver.ts';

/** Below the ports that systems give out by themselves, and above those of well-known programs. */
const portRange = [20_000, 32_000] as const;

/** A port to register once and use at each sign-in: many providers compare it though RFC 8252 §7.3 tells them not to. */
export function toRedirectPort(): number {
  return randomInt(...portRange);
}

/**
 * The one in use first; empty for grants without a redirect. A loopback redirect is given without its port too, for
 * providers that take any.
 */
export async function toRedirectUris(
  { grant, redirect, redirect_port, redirect_path }: OAuth2Definition,
  auto: Receiver['name'],
  uriHandler: UriHandlerPort | undefined,
): Promise<readonly string[]> {
  if (grant !== 'authorization_code' && grant !== 'implicit') return [];
  if (findReceiver(redirect, auto).name === 'uri_handler' && uriHandler) return [await uriHandler.redirectUri()];
  const bare = new URL(`http://127.0.0.1${toPath(redirect_path)}`).href;
  if (redirect_port === undefined) return [bare];
  return [new URL(`http://127.0.0.1:${redirect_port}${toPath(redirect_path)}`).href, bare];
}
