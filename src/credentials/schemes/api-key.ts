/**
 * An API key in a header, the query or a cookie, named as OpenAPI names them (`in`, `name`). It refuses header names
 * that steer the connection. Source: OpenAPI 3.1 Security Scheme Object.
 */
import { cookieValueProblem, headerValueProblem, isHttpToken } from './token-syntax.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { ApiKeyDefinition, Attachment, Scheme } from '../types.ts';

const places = ['header', 'query', 'cookie'] as const;
const refusedHeaders = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'cookie',
  'proxy-authorization',
]);
const none: Attachment = { headers: [], query: [], cookies: [] };

export const apiKey: Scheme<ApiKeyDefinition> = {
  id: 'apiKey',
  label: 'API key',
  description: 'A key sent in a header, the query or a cookie.',
  icon: 'key',
  fields: [
    {
      name: 'in',
      label: 'Sent in',
      description: 'Where the API reads the key. In the query it may end in logs of servers and proxies.',
      type: 'string',
      values: places,
      required: true,
    },
    {
      name: 'name',
      label: 'Name',
      description: 'Name of the header, query parameter or cookie.',
      type: 'string',
      required: true,
      example: 'X-API-Key',
    },
  ],
  slots: () => [{ id: '', label: 'API key', required: true }],
  secretUse: ({ in: where, name }) => ({ as: `as ${where === 'query' ? 'query parameter' : where} ${name}` }),
  check(definition) {
    const name: unknown = definition.name;
    if (typeof name !== 'string' || name === '') return [];
    if (definition.in === 'query' || name.includes('{{')) return [];
    if (!isHttpToken(name)) {
      return [
        { field: 'name', message: `“name” is not a ${definition.in} name: it holds letters, digits and - only.` },
      ];
    }
    if (definition.in === 'header' && refusedHeaders.has(name.toLowerCase())) {
      return [{ field: 'name', message: `“name” cannot be ${name}: that header steers the connection.` }];
    }
    return [];
  },
  async prepare({ credential, secret }) {
    const { definition, name } = credential;
    const [wrong] = apiKey.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    const key = await secret();
    const problem =
      definition.in === 'header'
        ? headerValueProblem(key.reveal())
        : definition.in === 'cookie'
          ? cookieValueProblem(key.reveal())
          : key.isEmpty
            ? 'is empty'
            : undefined;
    if (problem) {
      throw new CountersignError('CS-STORE-VALUE', `The API key of ${name} ${problem}.`, {
        facts: { credential: name },
      });
    }
    if (definition.in === 'query') return { ...none, query: [{ name: definition.name, value: key }] };
    if (definition.in === 'cookie') return { ...none, cookies: [{ name: definition.name, value: key }] };
    return { ...none, headers: [{ name: definition.name, prefix: '', value: key }] };
  },
};
