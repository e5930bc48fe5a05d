/** Conflicts on request lines and names: R1–R4, N1–N3. Source: dialects.md §2, §4. */
import { canonicalDirective } from '../directives/canonical.ts';
import type { DirectiveNode, RequestFile } from '../types.ts';
import { linesWhere, type Conflict } from './conflict.ts';

function nameDirectives({ requests }: RequestFile): DirectiveNode[] {
  return requests.flatMap(({ directives }) => directives.filter(({ name }) => canonicalDirective(name) === 'name'));
}

export const requestConflicts = [
  {
    id: 'R1',
    title: 'an indented line under the request line',
    applied:
      'It is part of the URL when it begins with “?”, “&”, “/” or “{{”, or has no “name:” shape; else it is a header. Behind an HTTP version it is never part of the URL.',
    readings: {
      'rest-client': 'a header, unless it begins with “?” or “&”',
      httpyac:
        'part of the URL when it begins with “?k=”, “&k=”, “?{{” or “/”; else a header, or the body when it is none',
      jetbrains: 'part of the URL, whatever it looks like',
      'visual-studio': 'a header; a URL stands on one line',
      kulala: 'part of the URL when it begins with “/”, “?” or “&”',
    },
    places: (input) =>
      linesWhere(
        input,
        ['urlPart', 'header'],
        ({ kind, text }, index) =>
          /^[ \t]/.test(text) &&
          (kind === 'urlPart' || ['requestLine', 'urlPart'].includes(input.lines[index - 1]?.kind ?? '')),
      ),
  },
  {
    id: 'R2',
    title: 'a method that is not in upper case',
    applied: 'Any case is read, and sent in upper case.',
    readings: { 'rest-client': 'the method', httpyac: 'the beginning of a URL that is requested with GET' },
    places: ({ file }) =>
      file.requests.flatMap(({ methodSpan, curl }) =>
        methodSpan && !curl && /[a-z]/.test(file.text.slice(methodSpan.start, methodSpan.end))
          ? [methodSpan.start]
          : [],
      ),
  },
  {
    id: 'R3',
    title: 'a request line without ### above it',
    applied: (dialect) =>
      dialect === 'httpyac'
        ? 'It starts a new request, as httpYac has it.'
        : 'It starts a new request only where nothing of a body was written; in a body it is text, with a warning.',
    readings: {
      'rest-client': 'text of the body above',
      httpyac: 'a new request, even inside a body',
      jetbrains: 'text of the body above',
      'visual-studio': 'text of the body above',
      kulala: 'text of the body above',
    },
    places: ({ file }) => [
      ...file.requests.flatMap((request, index) =>
        index > 0 && file.requests[index - 1]?.block === request.block ? [request.requestLine.start] : [],
      ),
      ...file.diagnostics.flatMap(({ code, span }) => (code === 'CS-PARSE-SEPARATOR' ? [span.start] : [])),
    ],
  },
  {
    id: 'R4',
    title: 'an HTTP version on the request line',
    applied:
      'It is the version to speak; without one, HTTP/2 where the server offers it over TLS. HTTP/3 is answered with HTTP/2.',
    readings: {
      'rest-client': 'dropped',
      httpyac: 'HTTP/1.1 for 1.0 and 1.1, HTTP/2 for any other',
      jetbrains: 'the version to speak',
      'visual-studio': 'the version to speak',
      kulala: 'the version to speak',
    },
    places: ({ file }) =>
      file.requests.flatMap(({ httpVersion, curl, requestLine }) =>
        httpVersion !== null && !curl ? [requestLine.start] : [],
      ),
  },
  {
    id: 'N1',
    title: 'text behind ###',
    applied:
      'It is the title, and the name as well where no # @name stands; with spaces it cannot begin a {{reference}}.',
    readings: {
      'rest-client': 'a comment',
      httpyac: 'title and name',
      jetbrains: 'the name',
      'visual-studio': 'a comment',
      kulala: 'the name',
    },
    places: ({ file }) =>
      file.requests.flatMap(({ title, directives, span }) =>
        title !== null && !directives.some(({ name }) => ['name', 'title'].includes(canonicalDirective(name)))
          ? [span.start]
          : [],
      ),
  },
  {
    id: 'N2',
    title: 'a name with a hyphen',
    applied: 'It is a name like any other.',
    readings: {
      'rest-client': 'no name: only letters, digits and “_” are',
      httpyac: 'a name for # @ref, not for {{name}}',
      jetbrains: 'a name',
      kulala: 'a name',
    },
    places: ({ file }) =>
      nameDirectives(file).flatMap(({ value, valueSpan }) => (value.includes('-') ? [valueSpan.start] : [])),
  },
  {
    id: 'N3',
    title: '# @name = x',
    applied: 'The “=” may stand there and is not part of the name.',
    readings: {
      'rest-client': 'no name',
      httpyac: 'a directive called “name=x”',
      jetbrains: 'the name x',
    },
    places: ({ file }) =>
      nameDirectives(file).flatMap(({ nameSpan, valueSpan }) =>
        file.text.slice(nameSpan.end, valueSpan.start).includes('=') ? [nameSpan.start] : [],
      ),
  },
] as const satisfies readonly Conflict[];
