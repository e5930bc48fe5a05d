/**
 * The shapes that the request-file language hands to everyone else. Offsets are UTF-16 code units into the
 * source text, lines are 1-based. Nothing here is evaluated: templates are text with `{{…}}` still in them.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A piece of the source as the request uses it, after continuation lines were joined and comment lines taken
 * out. `pieces` map back: text from `at` on stands at `source` in the file, for `length` code units.
 */
export interface Template {
  readonly text: string;
  readonly pieces: readonly { readonly at: number; readonly source: number; readonly length: number }[];
  readonly span: Span;
}

export type DialectId = 'rest-client' | 'httpyac' | 'jetbrains' | 'visual-studio' | 'kulala' | 'union';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface LanguageDiagnostic {
  /** `CS-…` of the error catalogue. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
}

export interface DirectiveNode {
  /** As written, without `@`: `no-redirect`. Compare with `canonicalDirective()`. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
  readonly line: number;
}

export interface VariableNode {
  readonly name: string;
  readonly value: Template;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly line: number;
  /** Index of the block (text between separators) it stands in. */
  readonly block: number;
  /** `global.` and `:=` of httpYac. */
  readonly global: boolean;
  readonly lazy: boolean;
}

export interface HeaderNode {
  readonly name: Template;
  readonly value: Template;
  readonly span: Span;
  readonly line: number;
}

export type BodyPart =
  | { readonly kind: 'text'; readonly text: Template }
  | {
      readonly kind: 'file';
      readonly path: Template;
      /** `<@`: substitute variables; `<` is raw (dialects.md B1). */
      readonly variables: boolean;
      readonly encoding?: string;
      readonly span: Span;
    };

export type BodyKind = 'text' | 'json' | 'xml' | 'form' | 'multipart' | 'graphql' | 'file' | 'mixed';

export interface BodyNode {
  readonly kind: BodyKind;
  readonly parts: readonly BodyPart[];
  readonly span: Span;
  /** Whole lines of the source that are not sent (comments inside the body, C1). */
  readonly stripped: readonly Span[];
}

export interface ScriptNode {
  readonly when: 'pre-request' | 'response' | 'other';
  readonly syntax: 'jetbrains' | 'httpyac' | 'lua' | 'file' | 'assertion';
  readonly line: number;
  readonly span: Span;
  /** The script's own text, or the path when `syntax` is `file`. */
  readonly text: string;
  readonly textSpan: Span;
}

/** `>> file`, `>>! file`, `<> file` at the end of a request. */
export interface RedirectNode {
  readonly kind: 'save' | 'overwrite' | 'reference';
  readonly path: Template;
  readonly span: Span;
  readonly line: number;
}

export type RequestProtocol = 'http' | 'graphql' | 'grpc' | 'websocket' | 'sse' | 'mqtt' | 'amqp' | 'rsocket' | 'none';

export interface RequestNode {
  /** Position among the file's requests, from 0. */
  readonly index: number;
  readonly block: number;
  /** Reference name: `# @name`, else the title where it can be one (N1). */
  readonly name: string | null;
  readonly title: string | null;
  readonly nameSpan: Span | null;
  /** 1-based line of the request line (of `curl` in a cURL block). */
  readonly line: number;
  /** From the separator or first line of the block to its end. */
  readonly span: Span;
  readonly requestLine: Span;
  readonly protocol: RequestProtocol;
  readonly curl: boolean;
  /** Upper case; `GET` when the line is only a URL. */
  readonly method: string;
  readonly methodSpan: Span | null;
  readonly url: Template;
  readonly httpVersion: string | null;
  readonly headers: readonly HeaderNode[];
  readonly body: BodyNode | null;
  readonly directives: readonly DirectiveNode[];
  readonly scripts: readonly ScriptNode[];
  readonly redirects: readonly RedirectNode[];
}

/** `run …` and `import …` lines. */
export interface StatementNode {
  readonly kind: 'run' | 'import';
  readonly text: string;
  readonly line: number;
  readonly span: Span;
}

/** One parsed request file. Never fails: what is not understood is in `diagnostics`, and nothing is lost. */
export interface RequestFile {
  readonly text: string;
  readonly dialect: DialectId;
  /** The signals that decided the dialect, most telling first. */
  readonly signals: readonly string[];
  readonly requests: readonly RequestNode[];
  readonly variables: readonly VariableNode[];
  readonly statements: readonly StatementNode[];
  readonly diagnostics: readonly LanguageDiagnostic[];
  /** What stands in blocks without a request: httpYac's global region. */
  readonly globals?: { readonly directives: readonly DirectiveNode[]; readonly scripts: readonly ScriptNode[] };
}
