/**
 * OAuth 2 variables of httpYac: `oauth2_tokenEndpoint` and its kin as JSON of an environment, as `.env` lines, or as
 * `@variables` of a request file. A prefix of its own makes a credential of its own. Source: dialects.md §11.2.
 */
import { addressProblem } from '../../credentials/address.ts';
import { isLoopback } from '../../credentials/origin.ts';
import { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { findGrant } from '../../oauth/grants/registry.ts';
import { toCredentialName } from '../credential-name.ts';
import { fillFrom, isObject, parseLooseObject, type LooseObject } from '../loose-json.ts';
import type { Recognised, Recogniser } from '../pasted.ts';

const keys = [
  'tokenEndpoint',
  'authorizationEndpoint',
  'deviceCodeEndpoint',
  'clientId',
  'clientSecret',
  'scope',
  'audience',
  'resource',
  'username',
  'password',
  'responseType',
  'redirectUri',
  'serverPort',
  'useAuthorizationHeader',
  'usePkce',
] as const;
type Key = (typeof keys)[number];

/** By their lower-case spelling: httpYac does not mind the case. */
const known: ReadonlyMap<string, Key> = new Map(keys.map((key) => [key.toLowerCase(), key]));
const telling: ReadonlySet<Key> = new Set(['tokenEndpoint', 'authorizationEndpoint', 'deviceCodeEndpoint']);

type Values = Partial<Record<Key, string>>;

export const httpYac: Recogniser = {
  id: 'httpyac',
  read(text) {
    const object = parseLooseObject(text) ?? readLines(text);
    if (!object) return undefined;
    const groups = [...findGroups(object, 0)].filter(([, values]) =>
      Object.keys(values).some((key) => telling.has(key as Key)),
    );
    if (groups.length === 0) return undefined;
    const found: Recognised[] = [];
    let problem: string | undefined;
    for (const [prefix, values] of groups.slice(0, 12)) {
      const read = toRecognised(prefix, values);
      if (typeof read === 'string') problem ??= read;
      else found.push(read);
    }
    return found.length === 0 && problem !== undefined ? { found, problem } : { found };
  },
};

/** `oauth2_clientId=app`, `@oauth2_clientId = app`, `export …`; undefined when a line is something else. */
function readLines(text: string): LooseObject | undefined {
  const values: Record<string, unknown> = {};
  for (const line of text.split(/[\r\n]+/).flatMap(apart)) {
    if (/^\s*(?:#|\/\/|$)/.test(line)) continue;
    const pair = /^\s*(?:@|export\s+)?([A-Za-z][\w.-]{0,100})\s*=\s*(.*?)\s*$/.exec(line);
    if (!pair) return undefined;
    const [, name = '', value = ''] = pair;
    if (name !== '__proto__') values[name] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

const joint = new RegExp(`\\s+(?=(?:@|export\\s+)?[A-Za-z][\\w.-]{0,60}[_.](?:${keys.join('|')})\\s*=)`, 'i');

/** A field of one line has made spaces of the line ends: what stands before each name of ours is one. */
function apart(line: string): readonly string[] {
  return /^\s*(?:#|\/\/)/.test(line) ? [line] : line.trim().split(joint);
}

function findGroups(object: LooseObject, depth: number): Map<string, Values> {
  const groups = new Map<string, Values>();
  const add = (prefix: string, key: Key, value: unknown): void => {
    const text =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
    if (text === '') return;
    const values = groups.get(prefix) ?? {};
    values[key] = text;
    groups.set(prefix, values);
  };
  const filled = fillFrom(object, object) as LooseObject;
  for (const [name, value] of Object.entries(filled)) {
    const flat = /^(.{1,60})[_.]([A-Za-z]+)$/.exec(name);
    const key = known.get(flat?.[2]?.toLowerCase() ?? '');
    if (flat && key) add(flat[1] as string, key, value);
    else if (isObject(value)) {
      const own = Object.entries(value).flatMap(([member, one]) => {
        const found = known.get(member.toLowerCase());
        return found ? [[found, one] as const] : [];
      });
      if (own.some(([member]) => telling.has(member))) for (const [member, one] of own) add(name, member, one);
      else if (depth < 3)
        for (const [prefix, values] of findGroups(value, depth + 1))
          if (!groups.has(prefix)) groups.set(prefix, values);
    }
  }
  return withDefaults(groups);
}

/** What a prefix does not say, `oauth2_` says for it. */
function withDefaults(groups: Map<string, Values>): Map<string, Values> {
  const base = groups.get('oauth2');
  if (base) for (const [prefix, values] of groups) groups.set(prefix, { ...base, ...values });
  return groups;
}

function toRecognised(prefix: string, values: Values): Recognised | string {
  const addresses = {
    authorization_endpoint: values.authorizationEndpoint,
    token_endpoint: values.tokenEndpoint,
    device_authorization_endpoint: values.deviceCodeEndpoint,
  };
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(addresses)) {
    if (value === undefined) continue;
    const wrong = addressProblem(value);
    if (wrong !== undefined) return `The ${field} of ${toShownText(prefix, 60)} ${wrong}.`;
    fields[field] = value;
  }
  const [name, why] = toGrant(values);
  const grant = findGrant(name);
  if (!grant) return `${toShownText(prefix, 60)} asks for ${name}, which is not known here.`;
  const secrets = new Map<string, Secret>();
  const keep = (slot: string, label: string, value: string | undefined): void => {
    if (value !== undefined && !value.includes('{{')) secrets.set(slot, new Secret(value, label));
  };
  keep('', 'client secret', values.clientSecret);
  if (grant.name === 'password') keep('password', 'password', values.password);
  const inBody = values.useAuthorizationHeader === 'false';
  const method = values.clientSecret === undefined ? 'none' : inBody ? 'client_secret_post' : 'client_secret_basic';
  Object.assign(fields, {
    grant: grant.name,
    token_endpoint_auth_method: method,
    ...(values.clientId === undefined ? {} : { client_id: values.clientId }),
    ...(values.scope === undefined ? {} : { scope: values.scope }),
    ...(values.audience === undefined ? {} : { audience: values.audience }),
    ...(values.resource === undefined ? {} : { resource: values.resource }),
    ...(grant.name === 'password' && values.username !== undefined ? { username: values.username } : {}),
    ...(grant.name === 'authorization_code' ? toRedirect(values) : {}),
  });
  if (grant.name === 'client_credentials' && method === 'none') delete fields['token_endpoint_auth_method'];
  const pkce = grant.name === 'authorization_code' && values.usePkce?.toLowerCase() !== 'true';
  return {
    kind: 'httpyac',
    icon: 'symbol-variable',
    title: `${toShownText(prefix, 60)} of httpYac`,
    about: grant.label,
    reasons: [
      why,
      ...(pkce ? ['PKCE S256 is used here in every case.'] : []),
      ...(fields['redirect'] === undefined
        ? []
        : [
            `The browser comes back to 127.0.0.1${toShownText(String(fields['redirect_path']), 60)}; it has to be registered so.`,
          ]),
      ...(secrets.size > 0 ? ['Its secrets go to the secret store.'] : []),
      ...(grant.legacy ? [`${grant.legacy.warning} ${grant.legacy.instead}`] : []),
    ],
    draft: {
      scheme: 'oauth2',
      ...(/^oauth2$/i.test(prefix) ? {} : { name: toCredentialName(prefix) }),
      origins: [],
      fields,
      secrets,
    },
  };
}

/** httpYac names the flow in the header of a request; its variables tell which one they are for. */
function toGrant(values: Values): readonly [grant: string, why: string] {
  const type = values.responseType?.trim().toLowerCase() ?? 'code';
  if (values.deviceCodeEndpoint !== undefined) return ['device_code', 'It has a device code endpoint.'];
  if (values.authorizationEndpoint !== undefined) {
    if (type !== 'code')
      return [type.includes('code') ? 'hybrid' : 'implicit', `It asks for ${toShownText(type, 40)}.`];
    return ['authorization_code', 'It has an authorization endpoint, so a person signs in.'];
  }
  if (values.username !== undefined) return ['password', 'It has a user name and no authorization endpoint.'];
  return ['client_credentials', 'It has a token endpoint alone, so the client asks for itself.'];
}

function toRedirect(values: Values): Readonly<Record<string, unknown>> {
  const text = values.redirectUri ?? 'http://localhost:3000/callback';
  if (!URL.canParse(text)) return {};
  const url = new URL(text);
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) return {};
  const port = Number(values.serverPort ?? url.port);
  return {
    redirect: 'loopback',
    ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { redirect_port: port } : {}),
    redirect_path: url.pathname,
  };
}
