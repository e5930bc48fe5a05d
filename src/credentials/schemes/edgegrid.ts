/**
 * Akamai EdgeGrid: each request signed with the secret of an API client. What signs is loaded at the first use.
 * Source: Akamai, “EdgeGrid authentication” (EG1-HMAC-SHA256).
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { isHttpToken } from './token-syntax.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export type EdgeGridDefinition = OtherDefinition & {
  readonly headers_to_sign?: string | readonly string[];
  readonly max_body?: number;
};

export const edgeGrid: Scheme<EdgeGridDefinition> = {
  id: 'edgegrid',
  label: 'Akamai EdgeGrid',
  description: 'Signs each request with an API client of Akamai (EG1-HMAC-SHA256); its secret is not sent.',
  icon: 'cloud',
  fields: [
    {
      name: 'headers_to_sign',
      label: 'Headers to sign',
      description: 'Only for the few APIs that ask for it, in their order.',
      type: 'string[]',
      example: 'X-Test1',
    },
    {
      name: 'max_body',
      label: 'Largest body',
      description: 'Bytes of a POST body that are signed; 131072 where nothing is said.',
      type: 'number',
      example: '131072',
    },
  ],
  signs: true,
  slots: () => [
    { id: '', label: 'client secret', required: true },
    { id: 'client_token', label: 'client token', required: true },
    { id: 'access_token', label: 'access token', required: true },
  ],
  secretUse: (_, slot) => ({
    as: slot === '' ? 'only as a signature, in Authorization: EG1-HMAC-SHA256' : 'in Authorization: EG1-HMAC-SHA256',
  }),
  check({ headers_to_sign: names, max_body: most }) {
    const list = typeof names === 'string' ? [names] : (names ?? []);
    if (list.some((name) => !name.includes('{{') && !isHttpToken(name.trim()))) {
      return [{ field: 'headers_to_sign', message: '“headers_to_sign” holds something that is no name of a header.' }];
    }
    if (most !== undefined && (!Number.isSafeInteger(most) || most < 1)) {
      return [{ field: 'max_body', message: '“max_body” is a number of bytes.' }];
    }
    return [];
  },
  async prepare(context) {
    const [wrong] = edgeGrid.check(context.credential.definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${context.credential.name}: ${wrong.message}`);
    const { toEdgeGridAttachment } = await import('../edgegrid/edgegrid-attachment.ts');
    return toEdgeGridAttachment(context);
  },
};
