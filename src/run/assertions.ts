/**
 * httpYac's assertions, `?? status == 200`: read, and judged against the answer. What can run for ever or is code, the
 * expression of `js` and the pattern of `matches`, is for the sandbox. Source: dialects.md §13 (HY asserts).
 */
import { createHash } from 'node:crypto';
import type { ScriptResponse } from '../scripting/types.ts';
import { readBodyPath } from '../variables/body-path.ts';

export interface Assertion {
  readonly subject: Subject;
  /** Name of a header, path, expression or phase; '' when there is none. */
  readonly argument: string;
  readonly operator: Operator;
  readonly expected: string;
}

const subjects = ['status', 'header', 'body', 'js', 'xpath', 'duration'] as const;
export type Subject = (typeof subjects)[number];

type Test = (actual: unknown, expected: string) => boolean;

/** One line an operator. A unary one takes no expected value. */
const binary = {
  '==': equals,
  '!=': (actual, expected) => !equals(actual, expected),
  equals,
  '>=': (actual, expected) => Number(actual) >= Number(expected),
  '<=': (actual, expected) => Number(actual) <= Number(expected),
  '>': (actual, expected) => Number(actual) > Number(expected),
  '<': (actual, expected) => Number(actual) < Number(expected),
  startsWith: (actual, expected) => textOf(actual).startsWith(expected),
  endsWith: (actual, expected) => textOf(actual).endsWith(expected),
  includes: contains,
  contains,
  // The pattern is run in the sandbox, and its answer stands in for the value.
  matches: (actual) => actual === true,
  sha256: (actual, expected) => hashes('sha256', actual, expected),
  sha512: (actual, expected) => hashes('sha512', actual, expected),
  md5: (actual, expected) => hashes('md5', actual, expected),
} satisfies Record<string, Test>;

const unary = {
  exists: (actual) => actual !== undefined && actual !== null && actual !== '',
  isTrue: (actual) => actual === true || actual === 'true',
  isFalse: (actual) => actual === false || actual === 'false',
  isNumber: (actual) => typeof actual === 'number' || (typeof actual === 'string' && isNumeric(actual)),
  isBoolean: (actual) => typeof actual === 'boolean' || actual === 'true' || actual === 'false',
  isString: (actual) => typeof actual === 'string',
  isArray: (actual) => Array.isArray(typeof actual === 'string' ? parsed(actual) : actual),
} satisfies Record<string, Test>;

type Operator = keyof typeof binary | keyof typeof unary;

const operators: Readonly<Record<string, Test>> = { ...binary, ...unary };
const symbols = Object.keys(binary).map((name) => name.replace(/[<>=!]/g, '\\$&'));
const withValue = new RegExp(`^(.*?)\\s+(${symbols.join('|')})(?:\\s+(.*))?$`, 's');
const withoutValue = new RegExp(`^(.*?)\\s+(${Object.keys(unary).join('|')})$`, 's');

/** @param text behind `??` @returns a sentence when it is none that is known */
export function parseAssertion(text: string): Assertion | string {
  const [, name = '', rest = ''] = /^(\S+)(.*)$/s.exec(text.trim()) ?? [];
  const subject = subjects.find((each) => each === name);
  // Longer than any word of ours, it is not said again: part of a secret is not known as one.
  const said = name.length <= 20 ? `“${name}”` : 'Its first word';
  if (!subject) return `${said} is not one of ${subjects.join(', ')}.`;
  const found = withoutValue.exec(rest) ?? withValue.exec(rest);
  if (!found) return `It has no operator; there is ${Object.keys(operators).join(', ')}.`;
  const [, argument = '', operator = '==', expected = ''] = found;
  return { subject, argument: argument.trim(), operator: operator as Operator, expected: expected.trim() };
}

/**
 * What an assertion looks at, as text or a number; undefined when there is none. Of `js` the sandbox knows.
 * @throws Error with words for its author
 */
export function subjectOf({ subject, argument }: Assertion, response: ScriptResponse): Promise<unknown> {
  return Promise.resolve(readSubject(subject, argument, response));
}

function readSubject(subject: Subject, argument: string, response: ScriptResponse): unknown {
  switch (subject) {
    case 'status':
      return response.status;
    case 'header':
      return response.headers.find(([name]) => name.toLowerCase() === argument.toLowerCase())?.[1];
    case 'duration':
      return response.timings[phases[argument] ?? (argument === '' ? 'total' : argument)] ?? undefined;
    case 'xpath':
      return readBodyPath(bodyOf(response), 'application/xml', argument);
    case 'body':
      return argument === '' ? bodyOf(response) : readBodyPath(bodyOf(response), response.mimeType, argument);
    case 'js':
      return undefined;
  }
}

/** The pattern of `matches` as an expression for the sandbox: `/pattern/flags` or a bare one. */
export function toPatternTest({ expected }: Assertion, actual: unknown): string {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(expected) ?? [];
  const text = JSON.stringify(textOf(actual).slice(0, 1_000_000));
  return `new RegExp(${JSON.stringify(pattern ?? expected)}, ${JSON.stringify(flags ?? '')}).test(${text})`;
}

/** Undefined when it holds, else how it is. @param redact before it is cut: part of a secret is not known as one */
export function judge(
  { operator, expected }: Assertion,
  actual: unknown,
  redact = (text: string): string => text,
): string | undefined {
  if (operators[operator]?.(actual, expected) === true) return undefined;
  if (operator === 'matches') return 'It does not match.';
  const shown = actual === undefined ? 'nothing' : redact(textOf(actual));
  return `It is ${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}.`;
}

/** httpYac's names of the phases, as far as they are other than ours. */
const phases: Readonly<Record<string, string | undefined>> = { wait: 'queued', tcp: 'connect' };

function bodyOf({ body }: ScriptResponse): string {
  if (body === undefined) throw new Error('The body is too large to be looked at.');
  return body;
}

/** As the person reads it: numbers by value, anything else by its text; `null` and booleans are written as such. */
function equals(actual: unknown, expected: string): boolean {
  if (actual === undefined) return expected === 'undefined';
  const text = textOf(actual);
  if (text === expected) return true;
  if (isNumeric(text) && isNumeric(expected)) return Number(text) === Number(expected);
  const unquoted = /^"(.*)"$|^'(.*)'$/s.exec(expected);
  if (typeof actual === 'string' && unquoted) return text === (unquoted[1] ?? unquoted[2]);
  return typeof actual === 'object' && text === compact(expected);
}

function contains(actual: unknown, expected: string): boolean {
  if (Array.isArray(actual)) return actual.some((each) => equals(each, expected));
  return textOf(actual).includes(expected);
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function compact(text: string): string | undefined {
  const data = parsed(text);
  return data === undefined ? undefined : JSON.stringify(data);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** In hexadecimal or in Base64, as other tools write them. */
function hashes(algorithm: string, actual: unknown, expected: string): boolean {
  const sum = createHash(algorithm).update(textOf(actual), 'utf8').digest();
  return sum.toString('hex') === expected.toLowerCase() || sum.toString('base64') === expected;
}
