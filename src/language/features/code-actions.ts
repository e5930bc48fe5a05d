/**
 * Quick fixes as data: edits of this file, or one of our commands with its arguments, in the order they are offered.
 * Source: design.md B4.1, B4.2.
 */
import type { RequestFile, Span } from '../types.ts';
import type { FeatureDiagnostic } from './diagnostics.ts';

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

export interface CodeAction {
  readonly title: string;
  readonly diagnostic: FeatureDiagnostic;
  readonly preferred?: boolean;
  readonly edits?: readonly TextChange[];
  /** One of our commands without its prefix; the adapter adds the document’s `uri`. */
  readonly command?: { readonly id: string; readonly arguments: Readonly<Record<string, unknown>> };
}

type Draft = Omit<CodeAction, 'diagnostic'>;

/** For the diagnostics that a selection touches. */
export function codeActions(
  file: RequestFile,
  selection: Span,
  diagnostics: readonly FeatureDiagnostic[],
): readonly CodeAction[] {
  return diagnostics
    .filter(({ span }) => span.start <= selection.end && span.end >= selection.start)
    .flatMap((diagnostic) => fixesFor(file, diagnostic).map((draft) => ({ ...draft, diagnostic })));
}

function fixesFor(file: RequestFile, diagnostic: FeatureDiagnostic): readonly Draft[] {
  const { facts, span } = diagnostic;
  switch (facts?.kind) {
    case 'unknown-variable':
      return [
        ...facts.close.map((name, index) => ({
          title: `Change to “${name}”`,
          preferred: index === 0,
          edits: [{ span: facts.nameSpan, text: name }],
        })),
        {
          title:
            facts.environment === undefined
              ? 'Define in an environment…'
              : `Define in environment ${facts.environment}…`,
          command: { id: 'defineVariable', arguments: { name: facts.name } },
        },
      ];
    case 'unknown-credential':
      return [
        ...facts.close.map((name, index) => ({
          title: `Change to “${name}”`,
          preferred: index === 0,
          edits: [{ span, text: name }],
        })),
        {
          title: `Add credential “${facts.name.slice(0, 60)}”…`,
          command: { id: 'addCredential', arguments: { name: facts.name } },
        },
      ];
    case 'unknown-request':
      return facts.close.map((name, index) => ({
        title: `Change to “${name}”`,
        preferred: index === 0,
        edits: [{ span: facts.nameSpan, text: name }],
      }));
    case 'binding':
      return [
        { title: 'Send with no credential', edits: [sendWithNone(file, facts.request, facts.directive)] },
        {
          title: 'Choose another credential…',
          command: { id: 'useExistingCredential', arguments: { request: facts.request } },
        },
        ...(facts.own
          ? [
              {
                title: 'Add this origin…',
                command: { id: 'addOrigin', arguments: { name: facts.credential, origin: facts.origin } },
              },
            ]
          : []),
      ];
    case 'secret': {
      const { kind: _kind, ...about } = facts;
      const place = { start: span.start, end: span.end, ...about };
      return [
        ...(facts.where === 'variable'
          ? []
          : [
              {
                title: 'Move to the secret store as credential…',
                preferred: true,
                command: { id: 'moveSecret', arguments: place },
              },
            ]),
        ...(facts.where === 'header'
          ? [{ title: 'Use an existing credential…', command: { id: 'useExistingCredential', arguments: place } }]
          : []),
        { title: 'This is not a secret', command: { id: 'notASecret', arguments: place } },
      ];
    }
    case 'definition-secret':
      return [
        {
          title: `Move to the secret store of ${facts.credential}`,
          preferred: true,
          command: {
            id: 'moveSecret',
            arguments: { start: span.start, end: span.end, credential: facts.credential, slot: facts.slot },
          },
        },
      ];
    case 'definition-fix':
      return [{ title: facts.title, edits: facts.edits }];
    default:
      return parserFixes(file, diagnostic);
  }
}

function sendWithNone(file: RequestFile, index: number, directive: Span | undefined): TextChange {
  if (directive) return { span: directive, text: 'none' };
  const at = file.requests[index]?.requestLine.start ?? 0;
  return { span: { start: at, end: at }, text: `# @auth none${lineEndOf(file.text)}` };
}

function parserFixes(file: RequestFile, diagnostic: FeatureDiagnostic): readonly Draft[] {
  const start = lineStartOf(file.text, diagnostic.span.start);
  const insert = (text: string): readonly TextChange[] => [{ span: { start, end: start }, text }];
  const end = lineEndOf(file.text);
  switch (diagnostic.code) {
    case 'CS-PARSE-SEPARATOR':
      return [{ title: 'Insert ###', preferred: true, edits: insert(`###${end}`) }];
    case 'CS-PARSE-LINE':
      return [{ title: 'Make it a comment', edits: insert('# ') }];
    case 'CS-PARSE-VARIABLE-IN-BODY': {
      const request = file.requests.find(({ body }) => body && start >= body.span.start && start < body.span.end);
      const next = lineAfter(file.text, diagnostic.span.end);
      if (!request) return [];
      const { start: above } = request.requestLine;
      const line = file.text.slice(start, diagnostic.span.end).trim();
      return [
        {
          title: 'Move it above the request',
          edits: [
            { span: { start: above, end: above }, text: line + end },
            { span: { start, end: next }, text: '' },
          ],
        },
      ];
    }
    case 'CS-PARSE-BLANK-LINE':
      return [{ title: 'Insert a blank line', edits: insert(end) }];
    case 'CS-PARSE-FORM-LINE': {
      const before = start - (file.text.slice(0, start).endsWith('\r\n') ? 2 : 1);
      return before > 0
        ? [{ title: 'End the line before with &', edits: [{ span: { start: before, end: before }, text: '&' }] }]
        : [];
    }
    default:
      return [];
  }
}

function lineStartOf(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The line end a file uses. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** Where the line after an offset begins; the end of the text after the last. */
function lineAfter(text: string, offset: number): number {
  return offset + (/^[^\r\n]*(?:\r\n|\r|\n)?/.exec(text.slice(offset))?.[0].length ?? 0);
}
