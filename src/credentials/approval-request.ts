/**
 * Puts a definition, or what changed in it, into the lines a person approves. Everything from the file is made safe to
 * show, nothing is cut (surfaces do, and say so); hosts are punycode first. Pure. Source: design.md D2.2, D2.3.
 */
import { basename, dirname } from 'node:path';
import type { ApprovalLine, ApprovalRequest } from '../ports.ts';
import { toCanonicalJson } from './canonical.ts';
import { toShortGrant } from './common-fields.ts';
import { toShownOrigin } from './origin.ts';
import { toShownText } from './shown-text.ts';
import type { Definition, NamedDefinition } from './types.ts';

interface Fact {
  readonly label: string;
  /** Whole, for comparing and for a change. */
  readonly exact: string;
  /** Short, for the first approval; undefined when another line says it already. */
  readonly shown: string | undefined;
}

const endpointLabels: Readonly<Record<string, string>> = {
  authorization_endpoint: 'Browser opens',
  token_endpoint: 'Token endpoint',
  device_authorization_endpoint: 'Device code at',
  revocation_endpoint: 'Revokes at',
  introspection_endpoint: 'Looks tokens up at',
  userinfo_endpoint: 'Asks who it is at',
  end_session_endpoint: 'Signs out at',
  jwks_uri: 'Keys at',
};
/** These stand before everything else that a file may state, so that no length of it moves them out of sight. */
const firstEndpoints = ['authorization_endpoint'];
const ownLines = new Set([
  'scheme',
  'title',
  'origins',
  'issuer',
  'client_id',
  'grant',
  'scope',
  ...Object.keys(endpointLabels),
]);

/**
 * What to ask. A change holds only changed lines and one `Unchanged` line: `before` is the approved value, '' for what is
 * new; `value` is '' for what is gone.
 * @param previous the definition approved last, for a change
 * @param redact takes known secrets out of what is shown; what is compared is whole
 */
export function toApprovalRequest(
  named: NamedDefinition,
  previous?: Definition,
  redact: (text: string) => string = (text) => text,
): ApprovalRequest {
  const request = toWholeRequest(named, previous);
  return {
    ...request,
    title: redact(request.title),
    lines: request.lines.map(({ label, value, before }) => ({
      label,
      value: redact(value),
      ...(before === undefined ? {} : { before: redact(before) }),
    })),
  };
}

function toWholeRequest(named: NamedDefinition, previous: Definition | undefined): ApprovalRequest {
  const name = toShownText(named.name, 100);
  const file = named.file === undefined ? {} : { file: named.file };
  if (previous !== undefined) {
    const source = named.file === undefined ? name : toShownText(basename(named.file), 80);
    const title = `Let ${name} use what changed in ${source}?`;
    return { credential: named.name, title, lines: toChanges(previous, named.definition), changed: true, ...file };
  }
  const open = named.originsFromUse === true && named.definition.origins.length === 0;
  const lines: ApprovalLine[] = open ? [{ label: 'Sends to', value: 'nothing yet; each origin is asked for' }] : [];
  for (const { label, shown } of toFacts(named.definition)) {
    if (shown !== undefined) lines.push({ label, value: shown });
  }
  if (named.file !== undefined) lines.push({ label: 'Asked by', value: toAskedBy(named.file) });
  return {
    credential: named.name,
    title: open ? `Let ${name} be set up here?` : `Let ${name} use ${toPlaces(named.definition.origins)}?`,
    lines,
    changed: false,
    ...file,
  };
}

/** `countersign.json, in tour`. */
function toAskedBy(file: string): string {
  const folder = basename(dirname(file));
  return toShownText(folder === '' ? basename(file) : `${basename(file)}, in ${folder}`);
}

function toPlaces(origins: readonly string[]): string {
  const [first, ...more] = origins;
  if (first === undefined) return 'no origin';
  const shown = toShownText(first, 100);
  if (more.length === 0) return shown;
  return `${shown} and ${more.length} more ${more.length === 1 ? 'origin' : 'origins'}`;
}

/** The definition as facts, in the order of D2.2; what it has no place for comes after `Scope`. */
function toFacts(definition: Definition): readonly Fact[] {
  const fields = new Map(Object.entries(definition as unknown as Record<string, unknown>));
  const text = (key: string): string | undefined => (fields.has(key) ? toText(fields.get(key)) : undefined);
  const facts: Fact[] = definition.origins.map((origin) => {
    const value = toShownOrigin(toShownText(origin, Infinity));
    return { label: 'Sends to', exact: value, shown: value };
  });
  const add = (label: string, exact: string | undefined, shown = exact): void => {
    if (exact !== undefined) facts.push({ label, exact, shown });
  };
  const home = definition.scheme === 'oauth2' ? (text('issuer') ?? text('token_endpoint')) : undefined;
  const homeOrigin = home === undefined ? undefined : toOriginText(home);
  const issuer = text('issuer');
  if (issuer !== undefined) add('Signs in at', toShownOrigin(issuer), toShownIssuer(issuer));
  else if (home !== undefined) facts.push({ label: 'Signs in at', exact: '', shown: homeOrigin });
  const addEndpoints = (keys: readonly string[]): void => {
    for (const key of keys) {
      const value = text(key);
      if (value === undefined) continue;
      const origin = toOriginText(value);
      const shown = origin === homeOrigin ? undefined : origin;
      facts.push({ label: endpointLabels[key] ?? key, exact: toShownOrigin(value), shown });
    }
  };
  addEndpoints(firstEndpoints);
  add('Client', text('client_id'));
  const grant = text('grant');
  if (grant !== undefined) add('Grant', grant, toGrantWords(grant));
  add('Scope', text('scope'));
  addEndpoints(Object.keys(endpointLabels).filter((key) => !firstEndpoints.includes(key)));
  if (definition.scheme !== 'oauth2') add('Scheme', definition.scheme);
  for (const key of [...fields.keys()].sort()) if (!ownLines.has(key)) add(key.replaceAll('_', ' '), text(key));
  return facts;
}

function toText(value: unknown): string {
  return toShownText(typeof value === 'string' ? value : toCanonicalJson(value), Infinity);
}

function toOriginText(address: string): string {
  return URL.canParse(address) ? toShownOrigin(new URL(address).origin) : address;
}

/** The origin, with the path where there is one: tenants of one provider differ only in it. */
function toShownIssuer(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  return url?.pathname === '/' && url.search === '' ? toShownOrigin(url.origin) : toShownOrigin(issuer);
}

function toGrantWords(grant: string): string {
  const short = toShortGrant(grant);
  if (short === 'authorization_code') return 'authorization_code with PKCE';
  return short === 'password' || short === 'implicit' ? `${short} (legacy)` : short;
}

function toChanges(before: Definition, after: Definition): readonly ApprovalLine[] {
  const was = toFacts(before).filter((fact) => fact.exact !== '');
  const is = toFacts(after).filter((fact) => fact.exact !== '');
  const lines: ApprovalLine[] = [];
  const unchanged: string[] = [];
  for (const label of new Set([...is, ...was].map((fact) => fact.label))) {
    const old = was.filter((fact) => fact.label === label).map((fact) => fact.exact);
    const now = is.filter((fact) => fact.label === label).map((fact) => fact.exact);
    const gone = old.filter((value) => !now.includes(value));
    const fresh = now.filter((value) => !old.includes(value));
    if (label === 'Sends to') unchanged.push(...toCounted(now.filter((value) => old.includes(value))));
    else if (gone.length === 0 && fresh.length === 0) unchanged.push(label.toLowerCase());
    if (label !== 'Sends to' && gone.length === 1 && fresh.length === 1) {
      lines.push({ label, value: fresh[0] as string, before: gone[0] as string });
    } else {
      for (const value of gone) lines.push({ label, value: '', before: value });
      for (const value of fresh) lines.push({ label, value, before: '' });
    }
  }
  if (unchanged.length > 0) lines.push({ label: 'Unchanged', value: unchanged.join(', ') });
  return lines;
}

/** What was approved already is counted where it is long. */
function toCounted(origins: readonly string[]): readonly string[] {
  return origins.length > 3 ? [...origins.slice(0, 2), `${origins.length - 2} more origins`] : origins;
}
