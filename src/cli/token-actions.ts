/**
 * `countersign credentials introspect|userinfo|sign-out --at-issuer`: what the provider says of a session, and the end of
 * its own. Claims are printed, tokens are not. Source: RFC 7662, OIDC Core §5.3, RP-Initiated Logout 1.0.
 */
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import { toInertJson } from '../oauth/server-text.ts';
import type { TokenKind } from '../oauth/types.ts';
import type { composeCli } from './compose-cli.ts';
import { exitCodes } from './exit-codes.ts';
import { printable } from './output/terminal-text.ts';
import { usage } from './usage.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;
type Named = NamedDefinition<OAuth2Definition>;

/** Exit 0 whether the token is active or not: both are answers. */
export async function introspectOne(composed: Composed, named: Named, format: string, token: string): Promise<number> {
  if (!isKind(token)) throw usage(`“${token.slice(0, 40)}” is no token of a session.`, 'Use access or refresh.');
  const { host, signed, answer } = await composed.broker.introspect(named, { token });
  if (format === 'json') {
    write(composed, toInertJson({ name: named.name, token, signed, introspection: answer }));
    return exitCodes.passed;
  }
  const state = answer['active'] === true ? 'active' : 'not active';
  write(composed, `The ${token} token of ${named.name} is ${state} at ${host}${signed ? ', by a signed answer' : ''}.`);
  writeClaims(composed, answer, ['active']);
  return exitCodes.passed;
}

export async function userInfoOf(composed: Composed, named: Named, format: string): Promise<number> {
  const { host, claims } = await composed.broker.userInfo(named, {});
  if (format === 'json') {
    write(composed, toInertJson({ name: named.name, userinfo: claims }));
    return exitCodes.passed;
  }
  write(composed, `${host} says of who is signed in to ${named.name}:`);
  writeClaims(composed, claims, []);
  return exitCodes.passed;
}

/** Exit 1 when the page did not open, or the browser did not come back from it: the tokens are gone all the same. */
export async function signOutAtIssuer(
  composed: Composed,
  named: Named,
  format: string,
  comeBack: boolean,
): Promise<number> {
  if (comeBack) process.stderr.write('Waiting for your browser to come back…\n');
  const outcome = await composed.broker.signOutEverywhere(named, { comeBack });
  const { revoked, message, opened, cameBack, why } = outcome;
  const code = opened && cameBack !== false ? exitCodes.passed : exitCodes.failed;
  if (format === 'json') {
    write(composed, toInertJson({ name: named.name, signedIn: false, ...outcome }));
    return code;
  }
  const tokens = revoked ? 'Its tokens were revoked and deleted.' : (message ?? 'It held no tokens.');
  write(composed, `${named.name} is signed out here. ${tokens}`);
  if (cameBack === true) write(composed, 'Its identity provider has ended its session too.');
  else write(composed, why ?? 'Its identity provider goes on in your browser.');
  return code;
}

function isKind(token: string): token is TokenKind {
  return token === 'access' || token === 'refresh';
}

function writeClaims(composed: Composed, claims: Readonly<Record<string, unknown>>, without: readonly string[]): void {
  const rows = Object.entries(claims).filter(([name]) => !without.includes(name));
  const width = Math.max(0, ...rows.map(([name]) => Math.min(name.length, 28)));
  for (const [name, value] of rows) {
    write(composed, `${name.padEnd(width)}  ${typeof value === 'string' ? value : toInertJson(value)}`);
  }
}

function write(composed: Composed, line: string): void {
  process.stdout.write(`${printable(composed.redactor.redact(line))}\n`);
}
