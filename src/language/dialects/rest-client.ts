/** REST Client for VS Code. Source: dialects.md §15. */
import { signal, type Dialect } from './dialect.ts';

export const restClient: Dialect = {
  id: 'rest-client',
  title: 'REST Client',
  doc: 'Text after ### is a comment, and a request ends only at ###.',
  splitsAnywhere: false,
  signals: [
    signal('X-Request-Type: GraphQL', 'equest-', /^X-Request-Type:/im, 3),
    signal('$aadV2Token', '$aad', /\{\{\s*\$aad(?:V2)?Token/, 3),
    signal('$oidcAccessToken', '$oidc', /\{\{\s*\$oidcAccessToken/, 3),
    signal('# @prompt', '@prompt', /^[ \t]*(?:#+|\/\/)[ \t]*@prompt\b/m, 2),
    signal('{{%name}}', '{{%', /\{\{%[\w.-]+\s*\}\}/, 3),
    signal('<@ file', '<@', /^<@\w*\s+\S/m, 1),
    signal('curl', 'curl', /^[ \t]*curl\s/im, 2),
    signal('{{name.response.…}}', '.re', /\{\{\s*[\w-]+\.(?:response|request)\.(?:body|headers)\b/, 1),
  ],
};
