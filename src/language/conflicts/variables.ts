/** Conflicts on variables, environments, prompts and dynamic variables. Source: dialects.md §8–10. */
import type { PlacedReference } from '../features/references-in-file.ts';
import { referencesWhere, type Conflict, type ExplainedFile } from './conflict.ts';

const anew = /^\$(?:guid|uuid|timestamp|isoTimestamp|datetime|localDatetime|random)/i;

/** Dynamic variables that stand more than once in a request, and those in a file variable. */
function evaluatedAnew({ references }: ExplainedFile): number[] {
  const uses = references.filter(({ kind, expression }) => kind === 'dynamic' && anew.test(expression));
  const same = (one: PlacedReference) => (other: PlacedReference) =>
    other !== one && other.request === one.request && other.expression === one.expression;
  return uses.filter((one) => one.request === undefined || uses.some(same(one))).map(({ span }) => span.start);
}

export const variableConflicts = [
  {
    id: 'V1',
    title: 'a variable of the file that an environment may have too',
    applied: 'The file wins; the hover shows both.',
    readings: {
      'rest-client': 'the file wins',
      httpyac: 'what was assigned last wins',
      jetbrains: 'globals of scripts win over the file',
      'visual-studio': 'the file wins',
      kulala: 'the file wins',
    },
    places: ({ file, references }) => {
      const used = new Set(references.map(({ expression }) => expression));
      const seen = new Set<string>();
      return file.variables.flatMap(({ name, span }) => {
        if (!used.has(name) || seen.has(name)) return [];
        seen.add(name);
        return [span.start];
      });
    },
  },
  {
    id: 'V2',
    title: 'a variable that is defined twice, or below its use',
    applied: 'The nearest definition above the request counts; without one above, the first below.',
    readings: {
      'rest-client': 'the last definition of the file counts everywhere',
      httpyac: 'definitions hold from where they stand on',
      'visual-studio': 'definitions hold for later requests',
      kulala: 'the later definition counts',
    },
    places: ({ file, references }) => {
      const first = new Map<string, number>();
      const again: number[] = [];
      for (const { name, span } of file.variables) {
        if (first.has(name)) again.push(span.start);
        else first.set(name, span.start);
      }
      const early = references.flatMap(({ expression, span }) =>
        (first.get(expression) ?? -1) > span.start ? [span.start] : [],
      );
      return [...again, ...early];
    },
  },
  {
    id: 'V3',
    title: 'a program between {{ and }}',
    applied: 'It is not evaluated; the request is not sent until it is gone.',
    readings: {
      'rest-client': 'a name that nothing has, sent as it is written',
      httpyac: 'JavaScript that is run',
      jetbrains: 'a name that nothing has',
    },
    places: (input) => referencesWhere(input, ({ kind }) => kind === 'script'),
  },
  {
    id: 'V4',
    title: 'a reference with dots',
    applied: 'It is the variable of exactly that name, else the request of the first name, else a member of an object.',
    readings: {
      'rest-client': 'a variable of that name, or a request’s response',
      httpyac: 'a variable of that name, else JavaScript',
      jetbrains: 'a member of an object of the environment',
      'visual-studio': 'a variable of that name',
      kulala: 'a member of an object',
    },
    places: (input) =>
      referencesWhere(
        input,
        ({ kind, expression }) => kind === 'path' || (kind === 'variable' && expression.includes('.')),
      ),
  },
  {
    id: 'V5',
    title: 'quotes around a variable’s value',
    applied: (dialect) =>
      dialect === 'httpyac' ? 'One pair is taken off, as httpYac does.' : 'They are part of the value.',
    readings: {
      'rest-client': 'part of the value',
      httpyac: 'one pair is taken off',
      jetbrains: 'part of the value',
      'visual-studio': 'part of the value',
      kulala: 'part of the value',
    },
    places: ({ file }) =>
      file.variables.flatMap(({ span }) =>
        /=\s*".*"\s*$/.test(file.text.slice(span.start, span.end)) ? [span.start] : [],
      ),
  },
  {
    id: 'V6',
    title: 'a dynamic variable that stands more than once, or in a variable',
    applied:
      'Each place gets a value of its own; a file variable has one value a request, and so has a multipart boundary.',
    readings: {
      'rest-client': 'a value of its own at each place; one a request in a file variable',
      jetbrains: 'a value of its own at each place',
      kulala: 'one value a request in a boundary',
    },
    places: evaluatedAnew,
  },
  {
    id: 'E1',
    title: 'environment files in several folders',
    applied: 'They are merged, and the nearest folder wins.',
    readings: {
      httpyac: 'merged, nearest wins',
      jetbrains: 'merged, nearest wins',
      'visual-studio': 'only the nearest file is read',
      kulala: 'merged, nearest wins',
    },
  },
  {
    id: 'E2',
    title: 'an object as a variable’s value',
    applied: 'With a “provider” that is text it is a secret store’s entry and never sent; else it is data.',
    readings: {
      jetbrains: 'data, or credentials below “Security”',
      'visual-studio': 'an entry of a secret store',
      kulala: 'data',
    },
  },
  {
    id: 'E3',
    title: '$shared',
    applied: 'Its variables hold in every environment; it is never one to choose.',
    readings: {
      'rest-client': 'variables of every environment',
      httpyac: 'variables of every environment',
      jetbrains: 'variables of every environment; an environment of that name before 2024.2',
      'visual-studio': 'variables of every environment',
      kulala: '$kulalaShared is what it calls them',
    },
    places: (input) => referencesWhere(input, ({ expression }) => /^\$shared\s/.test(expression)),
  },
  {
    id: 'P1',
    title: '$input, $password, $prompt, $pick',
    applied: 'They ask, as in httpYac.',
    readings: { 'rest-client': 'unknown, sent as written', httpyac: 'ask', jetbrains: 'unknown' },
    places: (input) =>
      referencesWhere(input, ({ expression }) =>
        /^\$(?:pick|input|password|prompt)(?:-askonce)?(?:\s|$)/.test(expression),
      ),
  },
  {
    id: 'Q1',
    title: 'a reference to another request’s response',
    applied: 'Nothing is sent by itself: the request that was not sent is named. # @ref and run send it first.',
    readings: {
      'rest-client': 'sent as written, with a warning, when the other was not sent',
      httpyac: 'sends the other first where # @ref says so',
      kulala: 'sends the other first where run says so',
    },
    places: (input) => referencesWhere(input, ({ kind }) => kind === 'request'),
  },
  {
    id: 'Q2',
    title: 'null, false or 0 in a response',
    applied: 'They are filled in as text.',
    readings: { 'rest-client': 'as text' },
    places: (input) =>
      referencesWhere(input, ({ kind, expression }) => kind === 'request' && /\.body\.[^*]/.test(expression)),
  },
  {
    id: 'D1',
    title: 'a date format',
    applied: '“yyyy” or “dd” means .NET’s letters, “YYYY” or “DD” those of Day.js.',
    readings: { 'rest-client': 'Day.js', httpyac: 'Day.js', 'visual-studio': '.NET' },
    places: (input) => referencesWhere(input, ({ expression }) => /^\$(?:local)?datetime\s+["']/i.test(expression)),
  },
  {
    id: 'D2',
    title: '$randomInt',
    applied: 'With bounds, the upper one is left out; alone it is 0 to 1000.',
    readings: {
      'rest-client': 'needs both bounds; the upper one is left out',
      httpyac: 'alone 0 to 999',
      jetbrains: 'takes no bounds: 0 to 1000',
      'visual-studio': 'bounds may be left out',
      kulala: 'alone 0 to 9999999',
    },
    places: (input) => referencesWhere(input, ({ expression }) => /^\$randomInt\b/i.test(expression)),
  },
  {
    id: 'D3',
    title: '$timestamp alone',
    applied: 'Seconds.',
    readings: {
      'rest-client': 'seconds',
      httpyac: 'milliseconds',
      jetbrains: 'seconds',
      'visual-studio': 'seconds',
      kulala: 'seconds',
    },
    places: (input) => referencesWhere(input, ({ expression }) => /^\$timestamp$/i.test(expression)),
  },
] as const satisfies readonly Conflict[];
