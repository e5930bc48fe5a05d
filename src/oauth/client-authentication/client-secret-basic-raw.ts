/**
 * Client id and secret in a Basic header as they are, for servers that do not undo the form encoding of
 * RFC 6749 §2.3.1. Source: RFC 7617 §2; auth.md §6 names servers in the field.
 */
import type { ClientAuthentication } from './client-authentication.ts';

export const clientSecretBasicRaw: ClientAuthentication = {
  name: 'client_secret_basic_raw',
  label: 'Secret in a header, unencoded',
  description: 'For providers that take the Basic header literally, against RFC 6749.',
  slots: [{ id: '', label: 'client secret', required: true }],
  toClientAuth:
    (_library, { secret }) =>
    (_server, client, _body, headers) => {
      const pair = Buffer.from(`${client.client_id}:${secret}`, 'utf8').toString('base64');
      headers.set('authorization', `Basic ${pair}`);
    },
};
