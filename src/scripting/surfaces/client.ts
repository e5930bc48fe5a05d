/** `client`: tests, assertions, log, globals, exit. Source: dialects.md §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const client: Surface = {
  id: 'client',
  when: 'always',
  dialect: 'jetbrains',
  source: String.raw`
    const { facts, record, placeOf, toText, describe, ended, state, variables } = kit;
    const fail = (name, error, at) => {
      record({ kind: 'test', name, passed: false, message: describe(error), place: placeOf(error) || at });
    };
    const test = (name, body) => {
      const title = toText(name);
      const at = placeOf(new Error());
      if (typeof body !== 'function') return fail(title, 'The test has no function.', at);
      let result;
      try {
        result = body();
      } catch (error) {
        if (error === ended) throw error;
        return fail(title, error, at);
      }
      if (!result || typeof result.then !== 'function') return record({ kind: 'test', name: title, passed: true, place: at });
      state.pending += 1;
      result.then(
        () => { state.pending -= 1; record({ kind: 'test', name: title, passed: true, place: at }); },
        (error) => { state.pending -= 1; fail(title, error, at); },
      );
    };
    const assert = (condition, message) => {
      if (!condition) throw new Error(message === undefined ? 'The assertion does not hold.' : toText(message));
    };
    const global = variables('global', facts.globals);
    return {
      client: {
        global,
        test,
        assert,
        log: (...values) => record({ kind: 'log', text: values.map(toText).join(' ') }),
        exit() { state.exited = true; throw ended; },
      },
    };
  `,
};
