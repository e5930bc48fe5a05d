/** Kulala for Neovim. Source: dialects.md §15. */
import { signal, type Dialect } from './dialect.ts';

export const kulala: Dialect = {
  id: 'kulala',
  title: 'Kulala',
  doc: 'Like JetBrains, with scripts in Lua and directives that stand for curl’s flags.',
  splitsAnywhere: false,
  signals: [
    signal('-- lua', 'lua', /\{%\s*--\s*lua\b/, 3),
    signal('### Shared', 'Shared', /^#{3,}\s+Shared(?:\s+each)?[ \t]*\r?$/m, 3),
    signal('# @jq', '@jq', /^[ \t]*(?:#+|\/\/)[ \t]*@jq\s/m, 3),
    signal('# @curl-…', '@curl-', /^[ \t]*(?:#+|\/\/)[ \t]*@curl-/m, 3),
    signal('# @stdin-cmd', 'stdin-cmd', /^[ \t]*(?:#+|\/\/)[ \t]*@(?:env-)?stdin-cmd/m, 3),
    signal('# @secret', '@secret', /^[ \t]*(?:#+|\/\/)[ \t]*@secret\s/m, 2),
    signal('# @grpc-…', '@grpc-', /^[ \t]*(?:#+|\/\/)[ \t]*@grpc-(?!reflection)/m, 2),
    signal('$kulalaShared', '$kulala', /\$kulala/, 3),
  ],
};
