/**
 * Node's `assert` as far as scripts of request files use it: a function expression of `describe` and `toText` that makes
 * the module. Loose and strict comparisons as in Node. Source: Node.js documentation of `assert`.
 */
export const assertModule = String.raw`(describe, toText) => {
  class AssertionError extends Error {
    constructor(message) { super(message); this.name = 'AssertionError'; this.code = 'ERR_ASSERTION'; }
  }
  const shown = (value) => {
    const text = typeof value === 'string' ? JSON.stringify(value) : toText(value);
    return text !== undefined && text.length > 120 ? text.slice(0, 120) + '\u2026' : text;
  };
  const fail = (message, otherwise) => {
    if (message instanceof Error) throw message;
    throw new AssertionError(message === undefined ? otherwise : toText(message));
  };
  const same = (left, right, strict, seen) => {
    if (strict ? Object.is(left, right) : left == right || (left !== left && right !== right)) return true;
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
    if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
    if (seen.some(([one, two]) => one === left && two === right)) return true;
    const pairs = [...seen, [left, right]];
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every((name) => Object.prototype.hasOwnProperty.call(right, name) && same(left[name], right[name], strict, pairs));
  };
  const compare = (holds, words) => (actual, expected, message) => {
    if (!holds(actual, expected)) fail(message, shown(actual) + words + shown(expected));
  };
  const ok = (value, message) => { if (!value) fail(message, shown(value) + ' is not truthy'); };
  const thrown = (body) => { try { body(); } catch (error) { return { error }; } return undefined; };
  const matches = (error, expected) => {
    if (expected === undefined) return true;
    if (expected instanceof RegExp) return expected.test(String(error));
    if (typeof expected === 'function') return error instanceof expected || expected(error) === true;
    return Object.keys(expected).every((name) => same(error[name], expected[name], true, []));
  };
  const assert = (value, message) => ok(value, message);
  return Object.assign(assert, {
    AssertionError, ok,
    fail: (message) => fail(message, 'Failed'),
    equal: compare((a, b) => a == b || (a !== a && b !== b), ' == '),
    notEqual: compare((a, b) => a != b, ' != '),
    strictEqual: compare((a, b) => Object.is(a, b), ' === '),
    notStrictEqual: compare((a, b) => !Object.is(a, b), ' !== '),
    deepEqual: compare((a, b) => same(a, b, false, []), ' deeply equals '),
    notDeepEqual: compare((a, b) => !same(a, b, false, []), ' does not deeply equal '),
    deepStrictEqual: compare((a, b) => same(a, b, true, []), ' deeply and strictly equals '),
    notDeepStrictEqual: compare((a, b) => !same(a, b, true, []), ' does not deeply and strictly equal '),
    match: compare((text, pattern) => pattern.test(text), ' matches '),
    doesNotMatch: compare((text, pattern) => !pattern.test(text), ' does not match '),
    throws(body, expected, message) {
      const caught = thrown(body);
      if (!caught) fail(typeof expected === 'string' ? expected : message, 'Nothing was thrown');
      if (typeof expected !== 'string' && !matches(caught.error, expected)) throw caught.error;
    },
    doesNotThrow(body, message) {
      const caught = thrown(body);
      if (caught) fail(message, 'It threw ' + describe(caught.error));
    },
    ifError: (value) => { if (value !== null && value !== undefined) throw value; },
    get strict() { return assert; },
  });
}`;
