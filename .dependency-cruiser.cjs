/** Who may import whom between the rooms of src/ (the direction of docs/ARCHITECTURE.md). */
const only = (room, allowed) => ({
  name: `${room}-direction`,
  comment: `src/${room} may import only itself, ${allowed.join(', ') || 'nothing else'} and the leaves errors/, words/ and ports.ts.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/${room}/`,
      '^src/errors/',
      '^src/words/',
      '^src/ports\\.ts$',
      ...allowed.map((name) => `^src/${name}`),
    ],
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle of types alone is erased by the compiler and does no harm.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'vscode-in-its-room',
      comment: 'Only src/vscode and src/extension.ts may import the editor.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/vscode/', '^src/extension\\.ts$'] },
      to: { path: '^vscode$' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^vscode$' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    {
      name: 'leaves',
      severity: 'error',
      from: { path: '^src/(errors/|words/|ports\\.ts$)' },
      to: { path: '^src/', pathNot: '^src/(errors/|words/|ports\\.ts$)' },
    },
    only('language', []),
    only('variables', ['language/']),
    only('credentials', ['language/', 'variables/']),
    only('http', ['credentials/secret\\.ts$']),
    only('oauth', ['credentials/', 'http/', 'variables/', 'language/']),
    only('setup', ['credentials/', 'language/', 'oauth/']),
    only('scripting', ['variables/', 'language/']),
    only('response', ['http/', 'language/', 'variables/tracked\\.ts$']),
    only('convert', ['language/', 'response/', 'variables/', 'run/types\\.ts$']),
    only('run', ['language/', 'variables/', 'credentials/', 'oauth/', 'http/', 'scripting/', 'response/']),
    only('playground', []),
    {
      name: 'webview-direction',
      comment: 'src/webview runs in a browser: of the rest it may know types alone.',
      severity: 'error',
      from: { path: '^src/webview/' },
      to: { path: '^src/', pathNot: '^src/webview/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cli-direction',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(vscode|webview|playground)/|^src/extension\\.ts$' },
    },
    {
      name: 'vscode-direction',
      severity: 'error',
      from: { path: '^src/vscode/' },
      to: { path: '^src/(cli|playground)/|^src/webview/(?!.*protocol\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
};
