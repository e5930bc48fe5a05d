/** httpYac. Source: dialects.md §15. */
import { signal, type Dialect } from './dialect.ts';

export const httpyac: Dialect = {
  id: 'httpyac',
  title: 'httpYac',
  doc: 'A request line starts a new request without ###, and quotes around a variable’s value are taken off.',
  splitsAnywhere: true,
  signals: [
    signal('{{ alone on a line', '{{', /^\{\{(?:@\w+(?:[ \t]+\w+)?|\+\w*)?[ \t]*\r?$/m, 3),
    signal('?? assertion', '??', /^[ \t]*\?\?[ \t]+(?:status|header|body|js|xpath|duration)\b/m, 3),
    signal('# @ref', 'ef', /^[ \t]*(?:#+|\/\/)[ \t]+@(?:ref|forceRef|force-ref)\s/m, 3),
    signal('# @loop', '@loop', /^[ \t]*(?:#+|\/\/)[ \t]+@loop\s/m, 3),
    signal('# @import', '@import', /^[ \t]*(?:#+|\/\/)[ \t]+@import\s/m, 3),
    signal('@name := value', ':=', /^[ \t]*@[^\s=:]+[ \t]*:=/m, 3),
    signal('@global.name', '@global.', /^[ \t]*@global\./m, 3),
    signal('$global', '$global', /\$global\b/, 3),
    signal('exports.', 'exports.', /\bexports\.[$\w]+\s*=/, 2),
    signal('$pick, $input', '$', /\{\{\s*\$(?:pick|input|password|prompt)(?:-askonce)?\s/, 3),
    signal('proto <', 'proto', /^proto\s+<\s*\S/m, 3),
    signal('gql NAME <', 'gql', /^[ \t]*gql\s+\w+\s+<\s*\S/m, 3),
    signal('...headers', '...', /^\.\.\.\w[\w.]*[ \t]*\r?$/m, 3),
  ],
};
