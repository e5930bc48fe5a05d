/** Conflicts on bodies: C1, C2, B1–B5, F1, G1. Source: dialects.md §3, §6. */
import { splitGraphql } from '../graphql.ts';
import type { RequestFile, RequestNode } from '../types.ts';
import { linesWhere, type Conflict } from './conflict.ts';

const isComment = /^\s*(?:#|\/\/)/;

function withBodyKind({ requests }: RequestFile, kinds: readonly string[]): readonly RequestNode[] {
  return requests.filter(({ body, curl }) => !curl && body && kinds.includes(body.kind));
}

function textOf({ body }: RequestNode): string {
  return body?.parts.map((part) => (part.kind === 'text' ? part.text.text : '')).join('') ?? '';
}

export const bodyConflicts = [
  {
    id: 'C1',
    title: 'lines of a body that begin with # or //',
    applied:
      'They are comments, and not sent, in JSON, GraphQL, XML and forms and in what looks like JSON; in every other type they are sent.',
    readings: {
      'rest-client': 'comments in every type',
      httpyac: 'comments in every type',
      jetbrains: 'comments at the start of a line; # lines of other types than JSON are sent',
      'visual-studio': 'comments',
      kulala: 'comments in every type',
    },
    places: (input) => [
      ...input.file.requests.flatMap(({ body }) =>
        body && body.kind !== 'graphql' ? body.stripped.map(({ start }) => start) : [],
      ),
      ...linesWhere(input, ['body'], ({ text }) => isComment.test(text)),
    ],
  },
  {
    id: 'C2',
    title: '# lines in GraphQL and in forms',
    applied: 'They are comments, and not sent.',
    readings: { jetbrains: 'part of the query, which is a comment there too' },
    places: ({ file }) =>
      withBodyKind(file, ['graphql', 'form']).flatMap(({ body }) => body!.stripped.map(({ start }) => start)),
  },
  {
    id: 'B1',
    title: 'variables in a file named by <',
    applied: 'The file is sent as it is; <@ fills variables in.',
    readings: {
      'rest-client': 'sent as it is',
      httpyac: 'sent as it is',
      jetbrains: 'variables of a text file are filled in',
      kulala: 'variables are filled in',
    },
    places: ({ file }) =>
      file.requests.flatMap(
        ({ body }) =>
          body?.parts.flatMap((part) => (part.kind === 'file' && !part.variables ? [part.span.start] : [])) ?? [],
      ),
  },
  {
    id: 'B2',
    title: '< before the request line',
    applied: 'It is a script that runs before the request, not a body.',
    readings: {
      'rest-client': 'a request line that is no URL',
      httpyac: 'a script before the request',
      jetbrains: 'a script before the request',
      kulala: 'a script before the request',
    },
    places: ({ file }) =>
      [...file.requests, ...(file.globals ? [file.globals] : [])].flatMap(({ scripts }) =>
        scripts.flatMap(({ when, syntax, span }) =>
          when === 'pre-request' && syntax !== 'httpyac' ? [span.start] : [],
        ),
      ),
  },
  {
    id: 'B3',
    title: 'a line below the body that begins with >',
    applied: 'It is a response handler when it is “> {% … %}” or names a script and no text follows; else it is text.',
    readings: {
      'rest-client': 'text of the body',
      httpyac: 'a response handler',
      jetbrains: 'a response handler',
      'visual-studio': 'text of the body',
      kulala: 'a response handler',
    },
    places: (input) => [
      ...input.file.requests.flatMap(({ scripts }) =>
        scripts.flatMap(({ when, syntax, span }) =>
          when === 'response' && ['jetbrains', 'lua', 'file'].includes(syntax) ? [span.start] : [],
        ),
      ),
      ...linesWhere(input, ['body'], ({ text }) => /^>[^>]/.test(text)),
    ],
  },
  {
    id: 'B4',
    title: '>> and <> at the end of a request',
    applied: 'They are where to save the response and an earlier response, not text, unless text follows.',
    readings: {
      'rest-client': 'text of the body',
      httpyac: 'where to save the response; an earlier response',
      jetbrains: 'where to save the response; an earlier response',
      'visual-studio': 'text of the body',
      kulala: '>> saves the response',
    },
    places: ({ file }) => file.requests.flatMap(({ redirects }) => redirects.map(({ span }) => span.start)),
  },
  {
    id: 'B5',
    title: '@name = value in a body',
    applied: 'It is text of the body and defines nothing.',
    readings: {
      'rest-client': 'text of the body that defines a variable too',
      httpyac: 'the definition of a variable, taken out of the body',
    },
    places: ({ file }) =>
      file.diagnostics.flatMap(({ code, span }) => (code === 'CS-PARSE-VARIABLE-IN-BODY' ? [span.start] : [])),
  },
  {
    id: 'F1',
    title: 'a form over several lines',
    applied: 'The lines are joined, white space around & and = goes, and a missing & is put between pairs.',
    readings: {
      'rest-client': 'lines that begin with & are joined; any other line break is sent',
      httpyac: 'lines are joined, white space around & and = goes',
      jetbrains: 'lines are joined at &, white space goes',
      kulala: 'lines are joined at &, white space goes',
    },
    places: ({ file }) =>
      withBodyKind(file, ['form']).flatMap(({ body }) =>
        /[\r\n]/.test(file.text.slice(body!.span.start, body!.span.end)) ? [body!.span.start] : [],
      ),
  },
  {
    id: 'G1',
    title: 'a blank line in a GraphQL document',
    applied: 'The variables are the last JSON object that a blank line precedes; the document may hold blank lines.',
    readings: {
      'rest-client': 'the first blank line ends the document',
      httpyac: 'a blank line ends the operation',
      jetbrains: 'the JSON object behind the document is the variables',
      kulala: 'the JSON object behind the document is the variables',
    },
    places: ({ file }) =>
      withBodyKind(file, ['graphql']).flatMap((request) =>
        /\n[ \t]*\r?\n/.test(splitGraphql(textOf(request)).query) ? [request.body!.span.start] : [],
      ),
  },
] as const satisfies readonly Conflict[];
