/** What the field above a body is doing: nothing, finding a text, or filtering by a JSONPath (design.md E4.1). */
export interface FindState {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly word: boolean;
  readonly regex: boolean;
  /** `filter`: the text is a JSONPath. */
  readonly mode: 'none' | 'find' | 'filter';
  readonly count?: number;
  readonly more?: boolean;
  readonly current?: number;
  readonly error?: string;
  readonly busy: boolean;
}

export const noFind: FindState = {
  text: '',
  caseSensitive: false,
  word: false,
  regex: false,
  mode: 'none',
  busy: false,
};
