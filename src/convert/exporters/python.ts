/**
 * Requests as a Python program on `requests`, and on `requests_oauthlib` where a grant has its counterpart there; every
 * secret is read from the environment. Source: docs/parity-python.md for what the libraries do.
 */
import type { Tracked } from '../../variables/tracked.ts';
import { fieldOf, hasHeader, isWholeBody, pieces, toVariable, writtenHeaders } from '../placeholders.ts';
import type { ExportCredential, Exported, Exporter, ExportRequest } from '../types.ts';

export const python: Exporter = { id: 'python', label: 'Python (requests)', convert: toPython };

/** What is read of a definition of `oauth2`; names are the registered ones. */
interface OAuth2Fields {
  readonly grant: string;
  readonly client_id: string;
  readonly issuer?: string;
  readonly token_endpoint?: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint_auth_method?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly resource?: unknown;
  readonly redirect_port?: number;
  readonly redirect_path?: string;
  readonly response_type?: string;
  readonly response_mode?: string;
  readonly dpop_bound_access_tokens?: boolean;
  readonly profile?: string;
  readonly authorize_parameters?: Readonly<Record<string, string>>;
  readonly token_parameters?: Readonly<Record<string, string>>;
}

/** How one credential gets on requests: lines that set it up once, and what each call adds. */
interface Means {
  readonly imports: readonly string[];
  readonly setUp: readonly string[];
  /** What sends: a session of its own, or the module. */
  readonly sender: string;
  readonly arguments: readonly string[];
  /** A header of each request. */
  readonly header?: readonly [name: string, value: string];
  readonly discovers?: boolean;
  readonly note?: string;
}

function toPython(requests: readonly ExportRequest[]): Exported {
  const means = new Map<string, Means>();
  for (const { credential } of requests) {
    if (credential && !means.has(credential.name)) means.set(credential.name, meansOf(credential));
  }
  const used = [...means.values()];
  const imports = new Set(used.flatMap((each) => each.imports));
  const calls = requests.map((each) => callOf(each, each.credential && means.get(each.credential.name)));
  const text = [
    '# Secrets are read from environment variables; nothing here is one.',
    'import os',
    '',
    'import requests',
    ...[...imports].sort(),
    '',
    ...(used.some(({ discovers }) => discovers) ? discovery : []),
    ...used.flatMap(({ setUp }) => (setUp.length > 0 ? [...setUp, ''] : [])),
    ...calls,
  ];
  return {
    text: `${text.join('\n').trimEnd()}\n`,
    notes: [
      ...used.flatMap(({ note }) => (note === undefined ? [] : [note])),
      ...requests.flatMap(({ title, request }) =>
        isWholeBody(request) ? [] : [`The body of ${title} is not all text of 64 KiB at most: read it from a file.`],
      ),
    ],
  };
}

const discovery = [
  'def discover(issuer):',
  '    address = issuer.rstrip("/") + "/.well-known/openid-configuration"',
  '    answer = requests.get(address, timeout=30)',
  '    answer.raise_for_status()',
  '    found = answer.json()',
  '    if found["issuer"] != issuer:',
  '        raise ValueError("The metadata is of another issuer.")',
  '    return found',
  '',
  '',
];

function callOf({ title, request, credential }: ExportRequest, means: Means | undefined): string {
  const own = credential && !hasHeader(request, 'authorization') ? means : undefined;
  const headers = new Map<string, string>();
  for (const { name, value } of writtenHeaders(request)) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? expression(value) : `${before} + ", " + ${expression(value)}`);
  }
  if (own?.header) headers.set(...own.header);
  const lines = [
    text(request.method),
    expression(request.url),
    ...(headers.size > 0
      ? [`headers={\n${[...headers].map(([name, value]) => `        ${text(name)}: ${value},`).join('\n')}\n    }`]
      : []),
    ...(request.body ? [`data=(${expression(request.body)}).encode("utf-8")`] : []),
    ...(own?.arguments ?? []),
    'timeout=30',
  ];
  return [
    `# ${title}`,
    `response = ${own?.sender ?? 'requests'}.request(`,
    ...lines.map((line) => `    ${line},`),
    ')',
    'print(response.status_code, response.reason)',
    'print(response.text)',
    '',
  ].join('\n');
}

function meansOf(credential: ExportCredential): Means {
  const { name, definition } = credential;
  const secret = environment(toVariable(name));
  const none = { imports: [], setUp: [], sender: 'requests', arguments: [] };
  // A key that is no Authorization header would follow a redirect to anybody.
  const stays = 'allow_redirects=False';
  const scheme = definition?.scheme;
  switch (scheme) {
    case 'apiKey': {
      const key = fieldOf(definition, 'name');
      const place = fieldOf(definition, 'in');
      if (place === 'header') return { ...none, header: [key, secret], arguments: [stays] };
      const where = place === 'query' ? 'params' : 'cookies';
      return { ...none, arguments: [`${where}={${text(key)}: ${secret}}`, stays] };
    }
    case 'basic':
    case 'digest': {
      const kind = scheme === 'basic' ? 'HTTPBasicAuth' : 'HTTPDigestAuth';
      const user = text(fieldOf(definition, 'username'));
      const encoded = scheme === 'basic' ? [`${user}.encode("utf-8")`, `${secret}.encode("utf-8")`] : [user, secret];
      return {
        ...none,
        imports: [`from requests.auth import ${kind}`],
        arguments: [`auth=${kind}(${encoded.join(', ')})`],
      };
    }
    case 'oauth2':
      return oauthMeans(name, definition as unknown as OAuth2Fields);
    case 'bearer':
    case undefined:
      return bearer(name);
    default:
      return { ...none, note: `requests has no counterpart of the scheme ${scheme} of ${name}.` };
  }
}

function bearer(name: string, note?: string): Means {
  const header = ['Authorization', `"Bearer " + ${environment(toVariable(name))}`] as const;
  return { imports: [], setUp: [], sender: 'requests', arguments: [], header, ...(note === undefined ? {} : { note }) };
}

const secretMethods = new Set(['client_secret_basic', 'client_secret_post', 'none']);

function oauthMeans(name: string, definition: OAuth2Fields): Means {
  const { grant, client_id, issuer, token_endpoint_auth_method: method } = definition;
  const service = grant === 'client_credentials';
  const person = grant === 'authorization_code' && definition.response_type === undefined && method === 'none';
  const plainly = !definition.dpop_bound_access_tokens && definition.profile !== 'fapi2' && !definition.response_mode;
  if (!plainly || (!service && !person) || (method !== undefined && !secretMethods.has(method))) {
    return bearer(
      name,
      `requests_oauthlib cannot sign in as ${name} does: put an access token into the environment variable ${toVariable(name)}.`,
    );
  }
  const session = `session_${toVariable(name).toLowerCase()}`;
  const server = `server_${toVariable(name).toLowerCase()}`;
  const endpoint = (field: 'token_endpoint' | 'authorization_endpoint'): string =>
    definition[field] === undefined ? `${server}["${field}"]` : text(definition[field]);
  const finds = definition.token_endpoint === undefined || (person && definition.authorization_endpoint === undefined);
  const scope = definition.scope === undefined ? '' : `, scope=${text(definition.scope)}.split()`;
  const more = parameters({
    ...(definition.audience === undefined ? {} : { audience: definition.audience }),
    ...(typeof definition.resource === 'string' ? { resource: definition.resource } : {}),
    ...definition.token_parameters,
  });
  const setUp = finds ? [`${server} = discover(${text(issuer ?? '')})`] : [];
  const imports = ['from requests_oauthlib import OAuth2Session'];
  if (service) {
    const secret = environment(toVariable(name));
    const how =
      method === 'client_secret_post'
        ? `client_id=${text(client_id)}, client_secret=${secret}, include_client_id=True`
        : `auth=HTTPBasicAuth(${text(client_id)}, ${secret})`;
    imports.push('from oauthlib.oauth2 import BackendApplicationClient');
    if (method !== 'client_secret_post') imports.push('from requests.auth import HTTPBasicAuth');
    setUp.push(
      `${session} = OAuth2Session(client=BackendApplicationClient(${text(client_id)}${scope}))`,
      `${session}.fetch_token(${endpoint('token_endpoint')}, ${how}, timeout=30${more})`,
    );
  } else {
    const back = `http://127.0.0.1:${definition.redirect_port ?? 8089}${definition.redirect_path ?? '/callback'}`;
    setUp.push(
      `${session} = OAuth2Session(${text(client_id)}, redirect_uri=${text(back)}${scope}, pkce="S256")`,
      `address, _ = ${session}.authorization_url(${endpoint('authorization_endpoint')}${parameters(definition.authorize_parameters ?? {})})`,
      'print("Sign in at", address)',
      'came_back = input("Paste the address that the browser ended at: ")',
      '# The address is only read, never opened; oauthlib refuses to read one without TLS.',
      `${session}.fetch_token(${endpoint('token_endpoint')}, authorization_response=came_back.replace("http://127.0.0.1", "https://127.0.0.1", 1), include_client_id=True, timeout=30${more})`,
    );
  }
  return { imports, setUp, sender: session, arguments: [], discovers: finds };
}

function parameters(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values);
  return entries.length === 0
    ? ''
    : `, **{${entries.map(([key, value]) => `${text(key)}: ${text(value)}`).join(', ')}}`;
}

function environment(variable: string): string {
  return `os.environ[${text(variable)}]`;
}

/** A string of Python: the escapes of JSON are its own as well. */
function text(value: string): string {
  return JSON.stringify(value);
}

function expression(value: Tracked): string {
  const all = pieces(value).map((piece) => ('variable' in piece ? environment(piece.variable) : text(piece.text)));
  return all.join(' + ') || '""';
}
