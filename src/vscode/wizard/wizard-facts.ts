/** What the questions of Add Credential may ask of the rest of the extension. */
import type { ApiFindings } from '../../oauth/api-discovery/findings.ts';
import type { IssuerWatch } from './issuer-watch.ts';
import type { DiscoverApi } from './api-walk.ts';
import type { Question } from './question-loop.ts';
import type { Draft } from './draft.ts';

export type Ask = Question<Draft>;

export interface WizardFacts {
  readonly watch: IssuerWatch;
  readonly discoverApi: DiscoverApi;
  /** Names that are taken. */
  readonly taken: readonly string[];
  /** Where secrets are kept, in words. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

export type { ApiFindings };
