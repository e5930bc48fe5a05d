/** The answers of Add Credential on their way to a definition, and the definition they make so far. Pure. */
import { schemeOf } from '../../credentials/schemes/registry.ts';
import type { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import type { Definition, SecretSlot } from '../../credentials/types.ts';
import type { ApiFindings, IssuerFindings as FoundIssuer } from '../../oauth/api-discovery/findings.ts';
import { findGrant } from '../../oauth/grants/registry.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import { findPreset } from '../../oauth/presets/registry.ts';
import { recommendClientAuthentications, recommendGrants } from '../../oauth/recommend.ts';
import type { Recognised } from '../../setup/pasted.ts';
import type { IssuerFindings } from './issuer-watch.ts';
import { fieldsOfProvider } from './known-provider.ts';

/** What is done at the end: everything, everything but sending, or only keeping it. */
export type Finish = 'send' | 'sign-in' | 'add';

export interface Draft {
  /** Id of the first choice (`issuer`, `scheme:basic`, `who:person`, `pasted`), or undefined before it. */
  start: string | undefined;
  pasted: Recognised | undefined;
  /** The address that was typed into the first question, to be there again after Back. */
  typed: string;
  scheme: string | undefined;
  /** Issuer as typed, and what it says of itself. */
  issuer: string;
  findings: IssuerFindings;
  /** Address of an API, as typed, and what it says of itself. */
  api: string;
  discovered: ApiFindings | undefined;
  /** The issuer that was chosen among those the API names. */
  foundIssuer: FoundIssuer | undefined;
  /** Id of the choice how to come in. */
  how: string | undefined;
  /** Where the client comes from. */
  client: 'own' | 'registration' | undefined;
  /** Known before anybody was asked: from what was pasted, or from what the API says. */
  given: Readonly<Record<string, unknown>>;
  /** Answers, by the names of the definition's fields. */
  fields: Record<string, unknown>;
  name: string;
  secrets: Map<string, Secret>;
  /** Undefined: the first of what can be done. */
  finish: Finish | undefined;
  /** What was given with the command, for the questions to start from; a given scheme or API is not asked for. */
  readonly suggested: Suggested;
}

export interface Suggested {
  readonly scheme: string | undefined;
  readonly name: string;
  readonly origin: string;
  readonly issuer: string;
  /** Address of the API to be called. */
  readonly api: string;
  /** The request that waits for the credential, in words: `GET /orders`. */
  readonly request: string;
}

export function emptyDraft(suggested: Partial<Suggested> = {}): Draft {
  const { scheme } = suggested;
  return {
    ...nothingFound(),
    start: undefined,
    pasted: undefined,
    typed: '',
    scheme,
    issuer: '',
    api: suggested.api ?? '',
    name: '',
    finish: undefined,
    suggested: { name: '', origin: '', issuer: '', api: '', request: '', ...suggested, scheme },
  };
}

/** What rests on the answer before: gone when that one changes. */
function nothingFound() {
  return {
    findings: {},
    discovered: undefined,
    foundIssuer: undefined,
    how: undefined,
    client: undefined,
    given: {},
    fields: {},
    secrets: new Map<string, Secret>(),
  };
}

/** Begins anew from another first choice. */
export function startFrom(draft: Draft, start: string, scheme: string | undefined, pasted?: Recognised): void {
  const { suggested } = draft;
  Object.assign(draft, nothingFound(), { start, scheme, pasted, issuer: '', api: suggested.api, name: '' });
  if (!pasted) return;
  const found = pasted.draft;
  draft.scheme = found.scheme;
  draft.issuer = found.issuer ?? '';
  draft.api = found.api ?? '';
  draft.given = { ...found.fields, ...(found.origins.length > 0 ? { origins: found.origins } : {}) };
  draft.secrets = new Map(found.secrets);
}

/** Another issuer, or the same one asked again. */
export function setIssuer(draft: Draft, issuer: string, findings: IssuerFindings): void {
  if (issuer !== draft.issuer) Object.assign(draft, { fields: {}, client: undefined });
  draft.issuer = issuer;
  draft.findings = findings;
}

/** Who calls, when the person began with that. */
export function whoOf(draft: Draft): string | undefined {
  return /^who:(.+)$/.exec(draft.start ?? '')?.[1];
}

/** A field as answered, else as it was known before. */
export function fieldOf(draft: Draft, name: string): unknown {
  return Object.hasOwn(draft.fields, name) ? draft.fields[name] : draft.given[name];
}

export function originsOf(draft: Draft): readonly string[] {
  const known = fieldOf(draft, 'origins');
  return Array.isArray(known) ? (known as readonly string[]) : [];
}

export interface FirstRequest {
  /** `here`: the one that stands in a file and waits; `new`: one of its own. */
  readonly kind: 'here' | 'new';
  /** `GET /orders` */
  readonly words: string;
}

/** What can be sent first with the credential; a new request only when sending it changes nothing. */
export function firstRequestOf(draft: Draft): FirstRequest | undefined {
  const { request: waiting, origin } = draft.suggested;
  const own = draft.pasted?.draft.request;
  const url = own?.url ?? draft.api;
  if (waiting !== '' && originsOf(draft).includes(origin) && (url === '' || url === draft.suggested.api)) {
    return { kind: 'here', words: waiting };
  }
  const method = own?.method ?? 'GET';
  if (!URL.canParse(url) || (method !== 'GET' && method !== 'HEAD')) return undefined;
  return { kind: 'new', words: `${method} ${toShownText(new URL(url).pathname, 60)}` };
}

/** The chosen grant, or the only one there is; undefined while it is open. */
export function grantOf(draft: Draft): Grant | undefined {
  const known = fieldOf(draft, 'grant');
  if (typeof known === 'string') return findGrant(known);
  const [only, ...others] = recommendGrants(whoOf(draft), draft.findings.server?.metadata);
  return others.length === 0 ? only?.choice : undefined;
}

/** The client authentication that was chosen, or the only one there is; undefined leaves it to the sign-in. */
function methodOf(draft: Draft, grant: Grant): string | undefined {
  const known = fieldOf(draft, 'token_endpoint_auth_method');
  if (typeof known === 'string') return known;
  const provider = fieldsOfProvider(draft.issuer, grant.name)['token_endpoint_auth_method'];
  if (typeof provider === 'string') return provider;
  const all = recommendClientAuthentications(grant, draft.findings.server?.metadata);
  return all.length === 1 ? all[0]?.choice.name : undefined;
}

/** A client that is registered at the end has no name yet; this one only fills its place. */
const notYet = 'registered-at-the-end';

/** The fields of the definition: the issuer as it names itself, or endpoints where it has no metadata. */
export function toFields(draft: Draft): Readonly<Record<string, unknown>> {
  const grant = grantOf(draft);
  const known = draft.scheme === 'oauth2' && draft.findings.silent ? fieldsOfProvider(draft.issuer, grant?.name) : {};
  const fields: Record<string, unknown> = { ...known, ...draft.given, ...draft.fields };
  if (draft.scheme !== 'oauth2') return fields;
  if (grant) Object.assign(fields, { grant: grant.name, token_endpoint_auth_method: methodOf(draft, grant) });
  if (draft.client === 'registration') {
    Object.assign(fields, { client_id: notYet, token_endpoint_auth_method: undefined });
  }
  if (draft.issuer !== '' && !draft.findings.silent) {
    const claimed = draft.findings.server?.metadata.issuer;
    fields['issuer'] = claimed !== undefined && !claimed.includes('{') ? claimed : parseIssuer(draft.issuer);
  }
  return grant?.name === 'authorization_code' ? { ...toWayBack(draft), ...fields } : fields;
}

/** How the browser comes back from a provider that is known, and what of its answers is read otherwise. */
function toWayBack(draft: Draft): Readonly<Record<string, unknown>> {
  const { redirect, redirect_port, quirks } = findPreset(draft.issuer)?.fields ?? {};
  const known = { redirect, redirect_port, quirks };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** The required secrets of the definition as far as it stands; a client registered at the end brings its own. */
export function slotsOf(draft: Draft): readonly SecretSlot[] {
  const scheme = schemeOf({ scheme: draft.scheme ?? '' });
  const definition = { ...toFields(draft), scheme: draft.scheme } as unknown as Definition;
  const slots = scheme ? scheme.slots(definition).filter((slot) => slot.required) : [];
  return draft.client === 'registration' ? slots.filter(({ id }) => id !== '') : slots;
}
