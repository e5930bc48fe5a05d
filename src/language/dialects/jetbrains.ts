/** The HTTP Client of JetBrains IDEs. Source: dialects.md §15. */
import { signal, type Dialect } from './dialect.ts';

export const jetbrains: Dialect = {
  id: 'jetbrains',
  title: 'JetBrains HTTP Client',
  doc: 'The text after ### names the request; handlers stand in {% … %}.',
  splitsAnywhere: false,
  signals: [
    signal('> {% … %}', '{%', /^[ \t]*>\s*\{%/m, 3),
    signal('< {% … %}', '{%', /^[ \t]*<\s*\{%/m, 3),
    signal('client.global.set', 'client.', /\bclient\.(?:global|test|assert|log)\b/, 2),
    signal('import file', 'import', /^import\s+\S+\.(?:http|rest)\b/m, 2),
    signal('run #name', 'run', /^run\s+(?:#|\S+\.(?:http|rest)\b)/m, 2),
    signal('$auth.token', '$auth', /\$auth\.(?:token|idToken)\(/, 2),
    signal('$random.', '$random.', /\$random\.\w+/, 1),
    signal('<> file', '<>', /^<>\s+\S+/m, 2),
  ],
};
