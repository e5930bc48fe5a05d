/**
 * `Security.Auth` of the JetBrains HTTP client: a whole environment file, one environment, or one entry of it. Literal
 * secrets go to the secret store, whichever of the two files they stood in. Source: dialects.md §11.1.
 */
import { fromJetBrainsAuth } from '../../credentials/jetbrains-auth.ts';
import { isLiteralText } from '../../credentials/secret-like.ts';
import type { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { findGrant } from '../../oauth/grants/registry.ts';
import { fillFrom, isObject, parseLooseObject, type LooseObject } from '../loose-json.ts';
import type { Recognised, Recogniser } from '../pasted.ts';
import { toCredentialName } from '../credential-name.ts';

/** Entries on offer; a file with more is one to put into the workspace, where it is read as it is. */
const most = 12;

export const jetBrains: Recogniser = {
  id: 'jetbrains',
  read(text) {
    const whole = parseLooseObject(text);
    if (!whole) return undefined;
    const entries = findEntries(whole, undefined, whole, 0).slice(0, most);
    if (entries.length === 0) return undefined;
    const found: Recognised[] = [];
    let problem: string | undefined;
    for (const entry of entries) {
      const read = toRecognised(entry);
      if (typeof read === 'string') problem ??= read;
      else found.push(read);
    }
    return found.length === 0 && problem !== undefined ? { found, problem } : { found };
  },
};

interface Entry {
  readonly id: string | undefined;
  readonly entry: LooseObject;
  readonly surrounding: LooseObject;
}

/** Objects that read like an entry, with the variables that stand around them. */
function findEntries(value: LooseObject, id: string | undefined, around: LooseObject, depth: number): readonly Entry[] {
  const type = value['Type'];
  if (typeof value['Grant Type'] === 'string' || type === 'OAuth2' || (type === 'Mock' && 'Token' in value)) {
    return [{ id, entry: value, surrounding: around }];
  }
  if (depth > 4) return [];
  const surrounding = 'Security' in value ? value : around;
  return Object.entries(value).flatMap(([key, member]) =>
    isObject(member) ? findEntries(member, key, surrounding, depth + 1) : [],
  );
}

function toRecognised({ id, entry, surrounding }: Entry): Recognised | string {
  const filled = fillFrom(surrounding, entry);
  const name = id ?? '';
  const { definition, problems } = fromJetBrainsAuth(name === '' ? 'entry' : name, undefined, filled, '');
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (!definition || wrong) return wrong?.message ?? 'This entry of Security.Auth cannot be read.';
  const { scheme, origins: _, ...fields } = definition.named.definition as unknown as Record<string, unknown>;
  const secrets = new Map<string, Secret>();
  for (const [slot, secret] of definition.secrets) {
    if (isLiteralText(secret.reveal()) && !secret.reveal().includes('{{')) secrets.set(slot, secret);
  }
  if (fields['client_id'] === '') delete fields['client_id'];
  const grant = findGrant(typeof fields['grant'] === 'string' ? fields['grant'] : '');
  if (scheme === 'oauth2' && !grant) return `The grant type of ${toShownText(name, 60)} is not known here.`;
  return {
    kind: 'jetbrains',
    icon: 'symbol-namespace',
    title: name === '' ? 'A Security.Auth entry' : `${toShownText(name, 60)} of Security.Auth`,
    about: grant?.label ?? 'a fixed token',
    reasons: [
      ...(secrets.size > 0 ? ['Its secrets go to the secret store.'] : []),
      ...(grant?.legacy ? [`${grant.legacy.warning} ${grant.legacy.instead}`] : []),
      ...problems.filter(({ code }) => code !== 'CS-DEF-SECRET').map(({ message }) => message),
    ],
    draft: {
      scheme: scheme as string,
      ...(name === '' ? {} : { name: toCredentialName(name) }),
      origins: [],
      fields,
      secrets,
    },
  };
}
