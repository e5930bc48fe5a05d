/**
 * The program that runs before each script: it takes the one function of the host and the facts of the job, puts the
 * surfaces into the global scope, and leaves no other way to the host. It runs inside the sandbox, under its limits.
 * Built-ins are taken before the script can change them.
 */
import { surfaces } from './surfaces/registry.ts';
import type { Surface } from './surfaces/surface.ts';
import type { ScriptDialect, ScriptWhen } from './types.ts';

/** Name of the script in stack traces. */
export const scriptName = 'script';

const kit = String.raw`
  const { parse, stringify } = JSON;
  const facts = parse(factsText);
  const call = (name, argument) => {
    const answer = host(name, argument === undefined ? 'null' : stringify(argument));
    const kind = answer[0];
    const rest = answer.slice(1);
    if (kind === 'u') return undefined;
    if (kind === 'e') throw new Error(rest);
    return parse(rest);
  };
  const placeOf = (error) => {
    const match = /script:(\d+):(\d+)/.exec(String(error && error.stack));
    return match ? { line: Number(match[1]), column: Number(match[2]) } : undefined;
  };
  const record = (event) => { call('record', event); };
  const toText = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null && !(value instanceof Error)) {
      try {
        const json = stringify(value);
        if (json !== undefined) return json;
      } catch (_) { /* a cycle: as String has it */ }
    }
    return String(value);
  };
  const describe = (error) => {
    if (error instanceof Error) return error.name === 'Error' ? error.message : error.name + ': ' + error.message;
    return toText(error);
  };
  const secrets = new WeakMap();
  const ended = { toString: () => 'client.exit()' };
  const state = { exited: false, pending: 0, finish: () => undefined };
  /* Text that can be read, called, and asked for its raw form: the dialects do all of that. */
  const textual = (raw, value) => {
    const self = () => value;
    Object.setPrototypeOf(self, String.prototype);
    const own = {
      toString: self, valueOf: self, toJSON: self, string: self,
      getRaw: () => raw, tryGetSubstituted: self, getComputed: self,
    };
    for (const name of Object.keys(own)) Object.defineProperty(self, name, { value: own[name] });
    Object.defineProperty(self, Symbol.toPrimitive, { value: self });
    Object.defineProperty(self, 'length', { value: value.length });
    return self;
  };
  const variables = (scope, entries) => {
    const values = new Map(entries.map(([name, json]) => [name, json]));
    const text = (name) => String(name);
    return {
      set(name, value) {
        const json = stringify(value === undefined ? null : value);
        record({ kind: 'set', scope, name: text(name), json: json === undefined ? 'null' : json });
        values.set(text(name), json === undefined ? 'null' : json);
      },
      get(name) {
        const json = values.get(text(name));
        return json === undefined ? null : parse(json);
      },
      isEmpty: () => values.size === 0,
      clear(name) {
        record({ kind: 'clear', scope, name: text(name) });
        values.delete(text(name));
      },
      clearAll() {
        record({ kind: 'clearAll', scope });
        values.clear();
      },
    };
  };
  const kit = { facts, call, record, placeOf, toText, describe, secrets, ended, state, textual, variables };
`;

const define = String.raw`
  const define = (names) => {
    for (const name of Object.keys(names)) {
      Object.defineProperty(globalThis, name, { value: names[name], writable: true, configurable: true });
    }
  };
`;

/** A function expression `(host, factsText) => state`, for one kind of script. */
export function toPrelude(when: ScriptWhen, dialect: ScriptDialect): string {
  const used = (surfaces as readonly Surface[]).filter(
    (surface) => (surface.when === 'always' || surface.when === when) && (surface.dialect ?? dialect) === dialect,
  );
  const calls = used.map(({ source }) => `  define((function (kit) { 'use strict'; ${source} })(kit));`);
  return `(function (host, factsText) { 'use strict';${kit}${define}${calls.join('\n')}\n  return state; })`;
}
