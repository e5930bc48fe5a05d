/**
 * Reads one `Security.Auth` entry of `http-client.env.json` as a definition. The files state no origins, so the approval
 * binds it to the origin it is first used for. A literal secret counts only in the private file. Pure.
 * Source: dialects.md §11.1.
 */
import { addressProblem } from './address.ts';
import { toDefinitionHash } from './canonical.ts';
import { grantShortForms } from './common-fields.ts';
import type { ForeignDefinition } from './definition-shelf.ts';
import type { ErrorCode } from '../errors/catalog.ts';
import { isLoopback } from './origin.ts';
import { protectedParameters } from './protected-parameters.ts';
import { isLiteralText, isSecretKey } from './secret-like.ts';
import { Secret } from './secret.ts';
import { toShownText } from './shown-text.ts';
import type { Definition } from './types.ts';

export interface JetBrainsProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** The entry's key it is about, and in which of the two files. */
  readonly key: string;
  readonly place: 'public' | 'private';
  /** For CS-DEF-SECRET: the slot the value belongs in. */
  readonly slot?: string;
}

type Entry = Readonly<Record<string, unknown>>;
type Write = (problem: Omit<JetBrainsProblem, 'place'> & { readonly place?: 'public' | 'private' }) => void;

const grants: Readonly<Record<string, string>> = {
  'Authorization Code': 'authorization_code',
  'Client Credentials': 'client_credentials',
  'Device Authorization': grantShortForms['device_code'] as string,
  Implicit: 'implicit',
  Password: 'password',
};
const addresses: Readonly<Record<string, string>> = {
  'Auth URL': 'authorization_endpoint',
  'Token URL': 'token_endpoint',
  'Device Auth URL': 'device_authorization_endpoint',
  'Revoke URL': 'revocation_endpoint',
};
const texts: Readonly<Record<string, string>> = { 'Client ID': 'client_id', Scope: 'scope', Username: 'username' };
const methods: Readonly<Record<string, string>> = {
  none: 'none',
  'in body': 'client_secret_post',
  basic: 'client_secret_basic',
  jwt: 'private_key_jwt',
};
const secretKeys: Readonly<Record<string, { slot: string; label: string }>> = {
  'Client Secret': { slot: '', label: 'client secret' },
  Password: { slot: 'password', label: 'password' },
  private_key: { slot: 'private_key', label: 'private key' },
  Token: { slot: '', label: 'token' },
};

/**
 * @param id the name under `Security.Auth`
 * @param publicEntry, privateEntry the entry in either file, variables not filled in; undefined where it is absent
 * @param file absolute path of the file that names it first
 * @returns `definition` is undefined when the entry's type is not one we know
 */
export function fromJetBrainsAuth(
  id: string,
  publicEntry: unknown,
  privateEntry: unknown,
  file: string,
): { readonly definition: ForeignDefinition | undefined; readonly problems: readonly JetBrainsProblem[] } {
  const open = toEntry(publicEntry);
  const own = toEntry(privateEntry);
  const merged = merge(open, own);
  const problems: JetBrainsProblem[] = [];
  const write: Write = (problem) =>
    problems.push({ ...problem, place: problem.place ?? (Object.hasOwn(own, problem.key) ? 'private' : 'public') });
  if (id === '' || id !== toShownText(id, 100)) {
    write({
      code: 'CS-DEF-NAME',
      message: 'A name under Security.Auth cannot be shown on one line.',
      severity: 'error',
      key: 'Type',
    });
    return { definition: undefined, problems };
  }
  const fields = toFields(id, merged, write);
  if (!fields) return { definition: undefined, problems };
  const definition = { ...fields, origins: [] } as unknown as Definition;
  const named = {
    name: id,
    definition,
    owner: 'workspace',
    file,
    hash: toDefinitionHash(definition),
    originsFromUse: true,
  } as const;
  return { definition: { named, secrets: readSecrets(id, open, own, definition.scheme, write) }, problems };
}

function toFields(id: string, entry: Entry, write: Write): Record<string, unknown> | undefined {
  const name = toShownText(id, 60);
  const type = entry['Type'] ?? 'OAuth2';
  if (type === 'Mock') return { scheme: 'bearer' };
  if (type !== 'OAuth2') {
    write({ code: 'CS-DEF-SCHEME', message: `The type of ${name} is not known here.`, severity: 'error', key: 'Type' });
    return undefined;
  }
  const grant = entry['Grant Type'];
  if (typeof grant !== 'string' || !Object.hasOwn(grants, grant)) {
    const message = `“Grant Type” of ${name} must be one of ${Object.keys(grants).join(', ')}.`;
    write({ code: 'CS-DEF-FIELD', message, severity: 'error', key: 'Grant Type' });
    return undefined;
  }
  const fields: Record<string, unknown> = { scheme: 'oauth2', grant: grants[grant], client_id: '' };
  for (const [key, field] of Object.entries({ ...texts, ...addresses })) {
    const value = entry[key];
    if (typeof value !== 'string' || value === '') continue;
    const problem = Object.hasOwn(addresses, key) ? addressProblem(value) : undefined;
    if (problem === undefined) fields[field] = value;
    else write({ code: 'CS-DEF-FIELD', message: `“${key}” of ${name} ${problem}.`, severity: 'error', key });
  }
  const method = entry['Client Credentials'];
  if (typeof method === 'string' && Object.hasOwn(methods, method))
    fields['token_endpoint_auth_method'] = methods[method];
  Object.assign(fields, toRedirect(name, entry['Redirect URL'], write), toParameters(name, entry, write));
  if (entry['Use ID Token'] === true) {
    const message = `“Use ID Token” of ${name} is not used; the access token is sent.`;
    write({ code: 'CS-DEF-FIELD', message, severity: 'information', key: 'Use ID Token' });
  }
  return fields;
}

/** A loopback redirect can be listened on; any other needs an embedded browser, which we do not have. */
function toRedirect(name: string, value: unknown, write: Write): Record<string, unknown> {
  if (typeof value !== 'string' || value === '' || value.includes('{{') || !URL.canParse(value)) return {};
  const url = new URL(value);
  if (url.protocol === 'http:' && isLoopback(url.hostname)) {
    return {
      redirect: 'loopback',
      ...(url.port === '' ? {} : { redirect_port: Number(url.port) }),
      redirect_path: url.pathname,
    };
  }
  const message = `“Redirect URL” of ${name} is not on this machine; a loopback redirect is used.`;
  write({ code: 'CS-DEF-FIELD', message, severity: 'information', key: 'Redirect URL' });
  return {};
}

function toParameters(name: string, entry: Entry, write: Write): Record<string, unknown> {
  const authorize: Record<string, string> = {};
  const token: Record<string, string> = {};
  const key = 'Custom Request Parameters';
  for (const [parameter, given] of Object.entries(toEntry(entry[key]))) {
    const detailed = toEntry(given);
    const value = Object.hasOwn(detailed, 'Value') ? detailed['Value'] : given;
    const text = Array.isArray(value) ? value.join(' ') : value;
    if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') continue;
    if (isSecretKey(parameter) && isLiteralText(text)) {
      const message = `“${toShownText(parameter, 40)}” of ${name} is a secret; anyone with this file has it.`;
      write({ code: 'CS-DEF-SECRET', message, severity: 'error', key });
      continue;
    }
    const use = detailed['Use'] ?? 'Everywhere';
    const targets = { authorize_parameters: authorize, token_parameters: token };
    for (const [field, target] of Object.entries(targets)) {
      if (use === (field === 'authorize_parameters' ? 'In Token Request' : 'In Auth Request')) continue;
      if (protectedParameters.get(field)?.has(parameter.toLowerCase()) === true) {
        const message = `${toShownText(parameter, 40)} is set by Countersign itself and cannot stand in ${field}.`;
        write({ code: 'CS-DEF-PARAMETER', message, severity: 'warning', key });
      } else if (parameter !== '__proto__') target[parameter] = String(text);
    }
  }
  return {
    ...(Object.keys(authorize).length > 0 ? { authorize_parameters: authorize } : {}),
    ...(Object.keys(token).length > 0 ? { token_parameters: token } : {}),
  };
}

/** Literals of the private file, and `{{templates}}` of either; the private file wins. */
function readSecrets(id: string, open: Entry, own: Entry, scheme: string, write: Write): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  const name = toShownText(id, 60);
  for (const [key, { slot, label }] of Object.entries(secretKeys)) {
    if ((key === 'Token') !== (scheme === 'bearer')) continue;
    for (const [place, entry] of [
      ['public', open],
      ['private', own],
    ] as const) {
      const value = entry[key];
      if (typeof value !== 'string' || value === '') continue;
      const literal = isLiteralText(value);
      if (place === 'private' || !literal) secrets.set(slot, new Secret(value, `${name} ${label}`));
      if (!literal) continue;
      const message =
        place === 'public'
          ? `“${key}” of ${name} is a secret in a shared file and is not used.`
          : `“${key}” of ${name} stands in the private file; the secret store is safer.`;
      write({
        code: 'CS-DEF-SECRET',
        message,
        severity: place === 'public' ? 'error' : 'information',
        key,
        place,
        slot,
      });
    }
  }
  return secrets;
}

function toEntry(value: unknown): Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : {};
}

/** The private file wins; objects are merged member by member. */
function merge(open: Entry, own: Entry): Entry {
  const keys = new Set([...Object.keys(open), ...Object.keys(own)]);
  keys.delete('__proto__');
  return Object.fromEntries(
    [...keys].map((key) => {
      const [a, b] = [open[key], own[key]];
      const nested = Object.keys(toEntry(a)).length > 0 && Object.keys(toEntry(b)).length > 0;
      return [key, nested ? merge(toEntry(a), toEntry(b)) : Object.hasOwn(own, key) ? b : a];
    }),
  );
}
