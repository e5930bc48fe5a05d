/**
 * Loads Node's built-in modules in a bundle without their ES module facade. The facade reads every export once, and
 * merely reading `http.WebSocket` or `crypto.webcrypto` loads and compiles large parts of Node that we never use: about
 * a quarter of a short CLI run. `node:tls` is loaded at its first use, since plain http never needs it.
 */
const direct = /^node:(crypto|http|net|os|dns)$/;
const lazy = /^node:tls$/;

export const builtins = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: direct }, ({ path }) => ({ path, namespace: 'builtin' }));
    build.onResolve({ filter: lazy }, ({ path }) => ({ path, namespace: 'lazy-builtin' }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule(${JSON.stringify(path)})[key] });`,
      loader: 'js',
    }));
  },
};
