/** Conflicts on how a request is sent: A1, A2, T1. Source: dialects.md §11, §12. */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile } from '../types.ts';
import type { Conflict } from './conflict.ts';

function directivesNamed({ requests }: RequestFile, names: readonly string[], value = /^/): number[] {
  return requests.flatMap(({ directives }) =>
    directives.flatMap((directive) =>
      names.includes(canonicalDirective(directive.name)) && value.test(directive.value) ? [directive.span.start] : [],
    ),
  );
}

export const sendingConflicts = [
  {
    id: 'A1',
    title: 'the value of Authorization: Basic',
    applied:
      'A user name and a password, apart by a space or the first colon, are encoded; anything else is sent as it is.',
    readings: {
      'rest-client': 'user:password, user password, or encoded; a colon in the password cuts it',
      httpyac: 'user:password or user password',
      jetbrains: 'user password, or encoded',
      'visual-studio': 'sent as it is',
      kulala: 'user:password, or encoded',
    },
    places: ({ file }) =>
      file.requests.flatMap(({ headers }) =>
        headers.flatMap(({ name, value, span }) =>
          /^authorization$/i.test(name.text) && /^basic\s/i.test(value.text) ? [span.start] : [],
        ),
      ),
  },
  {
    id: 'A2',
    title: 'certificates that cannot be verified',
    applied: 'They are refused, whatever a file asks; an exception is a person’s, for one origin.',
    readings: {
      'rest-client': 'never verified',
      httpyac: 'verified, unless # @no-reject-unauthorized says otherwise',
      jetbrains: 'verified, unless the environment says otherwise',
      kulala: 'verified, unless # @curl-insecure says otherwise',
    },
    places: ({ file }) => [
      ...directivesNamed(file, ['no-reject-unauthorized', 'curl-insecure']),
      ...file.diagnostics.flatMap(({ code, message, span }) =>
        code === 'CS-PARSE-CURL' && message.includes('certificates') ? [span.start] : [],
      ),
    ],
  },
  {
    id: 'T1',
    title: '# @timeout with a bare number',
    applied: 'Below 1000 it is seconds, from there on milliseconds.',
    readings: { httpyac: 'milliseconds', jetbrains: 'seconds', kulala: 'seconds' },
    places: ({ file }) => directivesNamed(file, ['timeout', 'connection-timeout'], /^\d+$/),
  },
] as const satisfies readonly Conflict[];
