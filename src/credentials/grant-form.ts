/**
 * What a grant is to the rest of the program, as data alone: its names, the fields of a definition it reads, the secrets
 * it takes. The grants themselves live in `oauth/grants/`; `scripts/schema.ts` writes their forms to
 * `schemes/grant-forms.ts`, so that definitions can be read without loading any of the sign-in.
 */
import type { FieldInfo, OAuth2Definition, SecretSlot } from './types.ts';

export interface GrantForm {
  /** Registered name or URN, as in `grant`. */
  readonly name: string;
  /** Short form that definitions may use, where the registered name is a URN. */
  readonly shortName?: string;
  /** Fields of a definition that are of use to it beyond issuer, client and scope, in wizard order. */
  readonly fields: readonly FieldInfo[];
  /** Endpoints that a definition without an issuer has to name. */
  readonly needs: readonly `${string}_endpoint`[];
  /** The client's own secret, as long as the definition names no client authentication. */
  readonly clientSecret: 'never' | 'optional' | 'required';
  readonly secrets: readonly GrantSecret[];
  /** True when a browser on this machine takes part. */
  readonly browser: boolean;
}

export interface GrantSecret extends SecretSlot {
  /** Taken only when the definition has this field, or only when it has not. */
  readonly when?: string;
  readonly unless?: string;
}

/** The secrets that the grant itself takes for this definition. */
export function toOwnSlots(form: GrantForm | undefined, definition: OAuth2Definition): readonly SecretSlot[] {
  const given = definition as unknown as Readonly<Record<string, unknown>>;
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== false;
  return (form?.secrets ?? [])
    .filter(({ when, unless }) => (when === undefined || has(when)) && (unless === undefined || !has(unless)))
    .map(({ id, label, required }) => ({ id, label, required }));
}
