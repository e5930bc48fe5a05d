/** The shape of one row of the error catalogue. */
export interface CatalogEntry {
  /** One general sentence, placeholders in angle brackets: `Nothing answers at <host>.` */
  readonly sentence: string;
  /** Why it happens, in plain words. */
  readonly cause: string;
  /** What to do next, used when the thrower has nothing more exact. */
  readonly next: string;
  /** Title of the action a surface may offer: `Try Again`. */
  readonly action?: string;
  /** The fact without which the action can do nothing: an error that lacks it offers none. */
  readonly actionNeeds?: string;
}

export type CatalogArea = Readonly<Record<`CS-${string}`, CatalogEntry>>;
