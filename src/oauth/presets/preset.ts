/**
 * What a preset is: what an identity provider asks of whoever registers a client there, as data, each fact with the page
 * of the provider that says it. A preset fills a definition in once, when it is made; the definition then stands for
 * itself, so that an update of Countersign moves no endpoint under an approval.
 */
import type { OAuth2Definition } from '../../credentials/types.ts';

/** How a redirect to this machine has to be registered. */
export type RedirectForm =
  /** `http://127.0.0.1` with any port: register it without one. */
  | 'any_port'
  /** Compared byte for byte: set `redirect_port` and register that address. */
  | 'exact_port'
  /** No http address of this machine by its number: an address of the editor, or paste-back. */
  | 'application';

export interface Preset {
  /** `github`. */
  readonly id: string;
  readonly label: string;
  /** Hosts of its addresses; `*.` stands for one label or more. Empty for what runs on anybody's host. */
  readonly hosts: readonly string[];
  /** Matches the path of an issuer that runs on anybody's host. */
  readonly path?: RegExp;
  /** With `{placeholders}`; absent for a provider without metadata. */
  readonly issuer?: string;
  /** What the placeholders of `issuer` stand for. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** For a definition of somebody who signs in. */
  readonly fields: PresetFields;
  readonly redirect: { readonly form: RedirectForm; readonly register: string };
  /** Where a client is registered, and what to choose there, in order. */
  readonly registration: { readonly at: string; readonly steps: readonly string[] };
  readonly scopes: readonly { readonly scope: string; readonly gives: string }[];
  readonly facts: readonly PresetFact[];
}

export type PresetFields = Omit<Partial<OAuth2Definition>, 'scheme' | 'issuer' | 'client_id' | 'origins' | 'title'>;

export interface PresetFact {
  /** One sentence. */
  readonly says: string;
  /** The page that says it. */
  readonly source: string;
}
