/**
 * A parsed file as `countersign parse --format json` prints it: each request as it would be sent but for its
 * variables. Source: house.md §5, contracts.md §5.
 */
import { LineIndex } from './line-index.ts';
import type { BodyNode, HeaderNode, RequestFile, RequestNode, ScriptNode, Severity } from './types.ts';

export interface ParseReportRequest {
  /** What `run` and `--name` find it by: `# @name`, else the title, which may hold spaces (N1). */
  readonly name: string | null;
  readonly title: string | null;
  readonly line: number;
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: { readonly kind: string; readonly text?: string; readonly file?: string } | null;
  readonly directives: readonly (readonly [string, string])[];
  readonly scripts: readonly { readonly when: ScriptNode['when']; readonly line: number }[];
}

export interface ParseReport {
  readonly file: string;
  readonly dialect: string;
  readonly requests: readonly ParseReportRequest[];
  readonly variables: readonly (readonly [string, string])[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: Severity;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** @param path the file's name as the caller gave it. */
export function toParseReport(path: string, file: RequestFile): ParseReport {
  const lines = new LineIndex(file.text);
  return {
    file: path,
    dialect: file.dialect,
    requests: file.requests.map((request) => ({
      name: request.name ?? request.title,
      title: request.title,
      line: request.line,
      method: request.method,
      url: request.url.text,
      httpVersion: request.httpVersion,
      headers: request.headers.map((header) => [header.name.text, headerValue(request, header)] as const),
      body: request.body && toReportBody(request.body),
      directives: request.directives.map((directive) => [directive.name, directive.value] as const),
      scripts: request.scripts.map(({ when, line }) => ({ when, line })),
    })),
    variables: file.variables.map((variable) => [variable.name, variable.value.text] as const),
    diagnostics: file.diagnostics.map(({ code, severity, span, message }) => ({
      code,
      severity,
      ...lines.position(span.start),
      message,
    })),
  };
}

/** A cURL command's `-u name:password` as curl sends it; one with placeholders stays as it is written. */
function headerValue(request: RequestNode, { name, value }: HeaderNode): string {
  const pair = request.curl && name.text === 'Authorization' ? /^Basic ([^]*:[^]*)$/.exec(value.text)?.[1] : undefined;
  if (pair === undefined || pair.includes('{{')) return value.text;
  return `Basic ${btoa(String.fromCodePoint(...new TextEncoder().encode(pair)))}`;
}

/** Text parts with the includes between them as the lines they were; `file` is the only or first include. */
function toReportBody(body: BodyNode): NonNullable<ParseReportRequest['body']> {
  const file = body.parts.find((part) => part.kind === 'file')?.path.text;
  const hasText = body.parts.some((part) => part.kind === 'text');
  const text = body.parts
    .map((part) =>
      part.kind === 'text' ? part.text.text : `<${part.variables ? '@' : ''}${part.encoding ?? ''} ${part.path.text}`,
    )
    .join('');
  return { kind: body.kind, ...(hasText ? { text } : {}), ...(file === undefined ? {} : { file }) };
}
