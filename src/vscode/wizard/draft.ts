/** The answers of Add Credential on their way to a definition, and the definition they make so far. Pure. */
import { schemeOf } from '../../credentials/schemes/registry.ts';
import type { Definition, SecretSlot } from '../../credentials/types.ts';
import { findGrant } from '../../oauth/grants/registry.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import { clientChoices, grantsFor } from './choices.ts';
import type { IssuerFindings } from './issuer-watch.ts';

export interface Draft {
  /** Id of the first choice (`issuer`, `scheme:basic`, `who:person`), or undefined before it. */
  start: string | undefined;
  scheme: string | undefined;
  /** Issuer as typed, and what it says of itself. */
  issuer: string;
  findings: IssuerFindings;
  /** Fields of the definition, by name. */
  fields: Record<string, unknown>;
  name: string;
  readonly secrets: Map<string, string>;
  /** What was given with the command, for the questions to start from; a given scheme is not asked for. */
  readonly suggested: {
    readonly scheme: string | undefined;
    readonly name: string;
    readonly origin: string;
    readonly issuer: string;
  };
}

export function emptyDraft(suggested: Partial<Draft['suggested']> = {}): Draft {
  const { scheme } = suggested;
  return {
    start: undefined,
    scheme,
    issuer: '',
    findings: {},
    fields: {},
    name: '',
    secrets: new Map(),
    suggested: { name: '', origin: '', issuer: '', ...suggested, scheme },
  };
}

/** Who calls, when the person began with that. */
export function whoOf(draft: Draft): string | undefined {
  return /^who:(.+)$/.exec(draft.start ?? '')?.[1];
}

/** The chosen grant, or the only one there is; undefined while it is open. */
export function grantOf(draft: Draft): Grant | undefined {
  const candidates = grantsFor(whoOf(draft), draft.findings.server?.metadata);
  const chosen = findGrant((draft.fields['grant'] as string | undefined) ?? '');
  if (chosen && candidates.includes(chosen)) return chosen;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The client authentication that was chosen, or the only one there is; undefined leaves it to the sign-in. */
function methodOf(draft: Draft, grant: Grant): string | undefined {
  const choices = clientChoices(grant, draft.findings.server?.metadata).map(({ id }) => id);
  const chosen = draft.fields['token_endpoint_auth_method'];
  return choices.find((id) => id === chosen) ?? (choices.length === 1 ? choices[0] : undefined);
}

/** The fields of the definition: the issuer as it names itself, or endpoints where it has no metadata. */
export function toFields(draft: Draft): Readonly<Record<string, unknown>> {
  if (draft.issuer === '') return draft.fields;
  const claimed = draft.findings.server?.metadata.issuer;
  const issuer = claimed !== undefined && !claimed.includes('{') ? claimed : parseIssuer(draft.issuer);
  const grant = grantOf(draft);
  return {
    ...draft.fields,
    ...(grant ? { grant: grant.name, token_endpoint_auth_method: methodOf(draft, grant) } : {}),
    ...(draft.findings.silent ? {} : { issuer }),
  };
}

/** The required secrets of the definition as far as it stands. */
export function slotsOf(draft: Draft): readonly SecretSlot[] {
  const scheme = schemeOf({ scheme: draft.scheme ?? '' });
  const definition = { ...toFields(draft), scheme: draft.scheme } as unknown as Definition;
  return scheme ? scheme.slots(definition).filter((slot) => slot.required) : [];
}
