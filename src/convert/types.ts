/** What an exporter makes a file of: requests as they would be sent, with the names of credentials and never a secret. */
import type { SentRequest } from '../run/types.ts';

/** Fields of countersign.json; this room reads a few by name and knows nothing of credentials. */
export interface ExportDefinition {
  readonly scheme: string;
}

export interface ExportCredential {
  readonly name: string;
  /** Undefined when no definition of this name is known. */
  readonly definition: ExportDefinition | undefined;
}

export interface ExportRequest {
  /** Name or title, else method and address: one line. */
  readonly title: string;
  readonly request: SentRequest;
  readonly credential: ExportCredential | undefined;
}

export interface Exported {
  readonly text: string;
  /** What the other tool cannot do as it was meant here, one sentence each. */
  readonly notes: readonly string[];
}

/** One file and one line in `registry.ts`. */
export interface Exporter {
  /** As `countersign convert --to` names it. */
  readonly id: string;
  readonly label: string;
  convert(requests: readonly ExportRequest[]): Exported;
}
