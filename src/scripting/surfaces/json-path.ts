/**
 * `jsonPath(data, path)`: names, indexes, slices, unions, wildcards, descent and filters; one value for a path that can
 * only mean one, else a list. It runs inside the sandbox, so that its limits are those of the script: a path multiplies
 * what it is given. Source: RFC 9535, with the spellings of Jayway that JetBrains takes; dialects.md §13.
 */
import type { Surface } from './surface.ts';

const reader = String.raw`
  const tokens = /\s*(\$|@|\.\.|\.|\[|\]|\(|\)|\*|\?|,|:|&&|\|\||==|!=|<=|>=|<|>|!|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\p{L}_$][\p{L}\p{N}_$-]*)/yu;
  const tokenize = (path) => {
    const list = [];
    tokens.lastIndex = 0;
    while (tokens.lastIndex < path.length && path.slice(tokens.lastIndex).trim() !== '') {
      const at = tokens.lastIndex;
      const match = tokens.exec(path);
      if (!match) throw new Error('The JSONPath cannot be read at character ' + (at + 1) + '.');
      list.push(match[1]);
    }
    return list;
  };
  const quoted = (token) => /^['"]/.test(token || '');
  const unquote = (token) => token.slice(1, -1).replace(/\\u([0-9a-fA-F]{4})|\\(.)/gs, (_, hex, one) => {
    if (hex) return String.fromCharCode(parseInt(hex, 16));
    return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[one] || one;
  });
  const read = (path) => {
    const list = tokenize(path);
    let at = 0;
    const wrong = () => { throw new Error('The JSONPath cannot be read at “' + (list[at] || 'its end') + '”.'); };
    const expect = (token) => { if (list[at++] !== token) { at--; wrong(); } };
    const integer = () => {
      if (!/^-?\d+$/.test(list[at] || '')) wrong();
      return Number(list[at++]);
    };
    const selector = () => {
      const token = list[at];
      if (token === '*') { at++; return { kind: 'all' }; }
      if (quoted(token)) { at++; return { kind: 'name', name: unquote(token) }; }
      if (token === '?') { at++; return { kind: 'filter', test: either() }; }
      const parts = [undefined, undefined, undefined];
      let part = 0;
      let slice = false;
      if (list[at] !== ':') parts[0] = integer();
      while (list[at] === ':') {
        at++; slice = true; part++;
        if (part > 2) wrong();
        if (list[at] !== ':' && list[at] !== ',' && list[at] !== ']') parts[part] = integer();
      }
      return slice ? { kind: 'slice', parts } : { kind: 'index', index: parts[0] };
    };
    const bracket = () => {
      const selectors = [selector()];
      while (list[at] === ',') { at++; selectors.push(selector()); }
      expect(']');
      return selectors;
    };
    const dotted = () => {
      const token = list[at++];
      if (token === '*') return [{ kind: 'all' }];
      if (token === undefined || !/^[\p{L}\p{N}_$]/u.test(token)) { at--; wrong(); }
      return [{ kind: 'name', name: token }];
    };
    const segments = () => {
      const found = [];
      for (;;) {
        if (list[at] === '[') { at++; found.push({ deep: false, selectors: bracket() }); }
        else if (list[at] === '.') { at++; found.push({ deep: false, selectors: dotted() }); }
        else if (list[at] === '..') {
          at++;
          if (list[at] === '[') { at++; found.push({ deep: true, selectors: bracket() }); }
          else found.push({ deep: true, selectors: dotted() });
        } else return found;
      }
    };
    const operand = () => {
      const token = list[at];
      if (token === '@' || token === '$') {
        at++;
        const inner = segments();
        return { kind: 'path', of: (root, node) => walk(root, token === '$' ? root : node, inner) };
      }
      at++;
      if (quoted(token)) { const value = unquote(token); return { kind: 'value', value }; }
      if (/^-?\d/.test(token || '')) return { kind: 'value', value: Number(token) };
      if (token === 'true' || token === 'false') return { kind: 'value', value: token === 'true' };
      if (token === 'null') return { kind: 'value', value: null };
      at--;
      return wrong();
    };
    const single = () => {
      if (list[at] === '!') { at++; const inner = single(); return (root, node) => !inner(root, node); }
      if (list[at] === '(') { at++; const inner = either(); expect(')'); return inner; }
      const left = operand();
      const operator = list[at];
      if (!/^(?:[=!]=|[<>]=?)$/.test(operator || '')) {
        return (root, node) => (left.kind === 'path' ? left.of(root, node).length > 0 : left.value === true);
      }
      at++;
      const right = operand();
      const valueOf = (side, root, node) => (side.kind === 'path' ? side.of(root, node)[0] : side.value);
      return (root, node) => compare(operator, valueOf(left, root, node), valueOf(right, root, node));
    };
    const both = () => {
      const tests = [single()];
      while (list[at] === '&&') { at++; tests.push(single()); }
      return (root, node) => tests.every((test) => test(root, node));
    };
    const either = () => {
      const tests = [both()];
      while (list[at] === '||') { at++; tests.push(both()); }
      return (root, node) => tests.some((test) => test(root, node));
    };
    if (list[at] === '$') at++;
    const found = segments();
    if (at < list.length) wrong();
    return found;
  };
`;

const walker = String.raw`
  const isObject = (value) => typeof value === 'object' && value !== null;
  const same = (left, right) => left === right
    || (isObject(left) && isObject(right) && JSON.stringify(left) === JSON.stringify(right));
  const compare = (operator, left, right) => {
    if (operator === '==') return same(left, right);
    if (operator === '!=') return !same(left, right);
    const ordered = typeof left === typeof right && (typeof left === 'number' || typeof left === 'string');
    if (!ordered) return operator.endsWith('=') && same(left, right) && left !== undefined;
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  };
  const childrenOf = (node) => (Array.isArray(node) ? node : isObject(node) ? Object.values(node) : []);
  const slice = (node, [from, to, step = 1]) => {
    const found = [];
    if (step === 0) return found;
    const bound = (value, low, high) => Math.min(Math.max(value < 0 ? value + node.length : value, low), high);
    if (step > 0) {
      for (let i = bound(from === undefined ? 0 : from, 0, node.length); i < bound(to === undefined ? node.length : to, 0, node.length); i += step) found.push(node[i]);
    } else {
      const start = from === undefined ? node.length - 1 : bound(from, -1, node.length - 1);
      const end = to === undefined ? -1 : bound(to, -1, node.length - 1);
      for (let i = start; i > end; i += step) found.push(node[i]);
    }
    return found;
  };
  const select = (root, node, selector) => {
    switch (selector.kind) {
      case 'all': return childrenOf(node);
      case 'filter': return childrenOf(node).filter((child) => selector.test(root, child));
      case 'name': return isObject(node) && !Array.isArray(node) && Object.hasOwn(node, selector.name) ? [node[selector.name]] : [];
      case 'slice': return Array.isArray(node) ? slice(node, selector.parts) : [];
      default: {
        if (!Array.isArray(node)) return [];
        const index = selector.index < 0 ? selector.index + node.length : selector.index;
        return index >= 0 && index < node.length ? [node[index]] : [];
      }
    }
  };
  const descend = (node, found) => {
    found.push(node);
    for (const child of childrenOf(node)) descend(child, found);
    return found;
  };
  const walk = (root, start, segments) => {
    let nodes = [start];
    for (const { deep, selectors } of segments) {
      const next = [];
      for (const one of nodes) {
        for (const node of deep ? descend(one, []) : [one]) {
          for (const selector of selectors) for (const value of select(root, node, selector)) next.push(value);
        }
      }
      nodes = next;
    }
    return nodes;
  };
`;

export const jsonPath: Surface = {
  id: 'jsonPath',
  when: 'always',
  source: String.raw`${walker}${reader}
    const isDefinite = (segments) => segments.every(({ deep, selectors }) => {
      return !deep && selectors.length === 1 && (selectors[0].kind === 'name' || selectors[0].kind === 'index');
    });
    return {
      jsonPath(data, path) {
        const root = typeof data === 'string' ? JSON.parse(data) : data;
        const text = String(path);
        const segments = read(/^\s*[$.[]/.test(text) ? text : '.' + text);
        const found = walk(root, root, segments);
        if (!isDefinite(segments)) return found;
        return found.length === 0 ? null : found[0];
      },
    };
  `,
};
