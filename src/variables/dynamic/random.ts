/**
 * Random dynamic variables: identifiers, numbers and texts. They draw from the context's `random` and are meant for
 * test data, not for keys. Source: dialects.md §10.3, D2.
 */
import { limits } from '../limits.ts';
import { plain } from '../tracked.ts';
import { argumentError, numbersOf, type DynamicCall, type DynamicVariable } from './dynamic-variable.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const alphanumeric = `${letters}0123456789_`;
const hexadecimal = '0123456789abcdef';

/** A version 4 UUID (RFC 9562 §5.4) from a source of numbers in [0, 1). */
function toUuid(random: () => number): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256) & 0xff);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function uuid(name: string): DynamicVariable {
  return {
    name,
    signature: name,
    parameters: [],
    documentation: 'A new random UUID (version 4) at each use.',
    value: ({ context }) => plain(toUuid(context.random)),
  };
}

const bounds = [
  { name: 'min', description: 'Smallest value, included.', optional: true },
  { name: 'max', description: 'Upper end, excluded.', optional: true },
] as const;

/** Bounds in either order; none means 0 to 1000, one means 0 to that one (D2). */
function boundsOf(call: DynamicCall): readonly [number, number] {
  const numbers = numbersOf(call, 'numbers as bounds');
  if (numbers.length > 2) throw argumentError(call, 'at most two bounds');
  const [a = 0, b] = numbers.length === 0 ? [0, 1000] : numbers.length === 1 ? [0, numbers[0]] : numbers;
  const other = b ?? 1000;
  return a <= other ? [a, other] : [other, a];
}

function integer(name: string, signature: string): DynamicVariable {
  return {
    name,
    signature,
    parameters: bounds,
    documentation: 'A random whole number from min up to, not including, max; 0 to 1000 without bounds.',
    value(call) {
      const [from, to] = boundsOf(call).map(Math.trunc) as [number, number];
      return plain(String(from + Math.floor(call.context.random() * (to - from))));
    },
  };
}

const float: DynamicVariable = {
  name: '$random.float',
  signature: '$random.float(min, max)',
  parameters: bounds,
  documentation: 'A random number from min up to, not including, max; 0 to 1000 without bounds.',
  value(call) {
    const [from, to] = boundsOf(call);
    return plain(String(from + call.context.random() * (to - from)));
  },
};

function text(name: string, alphabet: string, what: string): DynamicVariable {
  return {
    name,
    signature: `${name}(length)`,
    parameters: [{ name: 'length', description: 'Number of characters.', optional: true }],
    documentation: `Random text of ${what}; 10 characters without a length.`,
    value(call) {
      const [length = 10] = numbersOf(call, 'a length');
      if (length < 0 || length > limits.randomText || !Number.isInteger(length)) {
        throw argumentError(call, `a length from 0 to ${limits.randomText}`);
      }
      return plain(pick(alphabet, length, call.context.random));
    },
  };
}

function pick(alphabet: string, length: number, random: () => number): string {
  let out = '';
  for (let index = 0; index < length; index += 1) out += alphabet[Math.floor(random() * alphabet.length)] ?? '';
  return out;
}

const email: DynamicVariable = {
  name: '$random.email',
  signature: '$random.email',
  parameters: [],
  documentation: 'A random address at example.com, a domain nobody receives mail for.',
  value: ({ context }) => plain(`${pick(letters.slice(0, 26), 8, context.random)}@example.com`),
};

export const randomVariables: readonly DynamicVariable[] = [
  uuid('$guid'),
  uuid('$uuid'),
  uuid('$random.uuid'),
  integer('$randomInt', '$randomInt [min max]'),
  integer('$random.integer', '$random.integer(min, max)'),
  float,
  text('$random.alphabetic', letters, 'letters'),
  text('$random.alphanumeric', alphanumeric, 'letters, digits and _'),
  text('$random.hexadecimal', hexadecimal, 'hexadecimal digits'),
  email,
];
