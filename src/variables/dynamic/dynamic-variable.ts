/**
 * The shape of a dynamic variable (`{{$name arguments}}`) and the reading of its arguments. The entries are in
 * registry.ts; each carries the words that hover and signature help show. Source: dialects.md §10.3.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Tracked } from '../tracked.ts';
import type { Expansion, VariableContext } from '../types.ts';
import { shownName } from '../words.ts';

export interface DynamicParameter {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
}

export interface DynamicCall {
  /** As written: `$Guid`. */
  readonly name: string;
  /** What follows the name, trimmed; for `$env.X` and the like the part behind the dot. */
  readonly rest: string;
  /** `rest` in words: `(a, b)`, `a b`, quotes taken off. */
  readonly args: readonly string[];
  readonly context: VariableContext;
  readonly expansion: Expansion;
}

export interface DynamicVariable {
  /** `$randomInt`; matched without regard to case. */
  readonly name: string;
  /** `$randomInt [min max]`. */
  readonly signature: string;
  readonly parameters: readonly DynamicParameter[];
  /** One sentence. */
  readonly documentation: string;
  /** Takes a name behind a dot: `$env.HOME`. */
  readonly dotted?: boolean;
  /** Asks the person, or reads a secret: not worked out in editor features. */
  readonly asks?: boolean;
  /** Known by name from another tool, and answered with an error. */
  readonly unsupported?: boolean;
  value(call: DynamicCall): Tracked | Promise<Tracked>;
}

/** `(1, "b c")`, `1 "b c"` or `1, b` as a list of words. */
export function parseArguments(rest: string): readonly string[] {
  const inner = /^\((.*)\)$/s.exec(rest)?.[1] ?? rest;
  const args: string[] = [];
  for (const match of inner.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s,"']+)/g)) {
    args.push((match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(["'\\])/g, '$1'));
  }
  return args;
}

export function argumentError(call: DynamicCall, expected: string): CountersignError {
  return new CountersignError('CS-VAR-ARGUMENT', `The dynamic variable ${shownName(call.name)} expects ${expected}.`, {
    facts: { name: call.name },
  });
}

/** The arguments as finite numbers. */
export function numbersOf(call: DynamicCall, expected: string): readonly number[] {
  return call.args.map((arg) => {
    const number = Number(arg);
    if (arg === '' || !Number.isFinite(number)) throw argumentError(call, expected);
    return number;
  });
}

export function unsupported(name: string, documentation: string): DynamicVariable {
  return {
    name,
    signature: name,
    parameters: [],
    documentation,
    unsupported: true,
    value(call) {
      throw new CountersignError(
        'CS-VAR-UNSUPPORTED',
        `The dynamic variable ${shownName(call.name)} is not available here.`,
        {
          next: documentation,
          facts: { name: call.name },
        },
      );
    },
  };
}
