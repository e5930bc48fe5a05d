/**
 * Kerberos by Negotiate, with the ticket of whoever is signed in to this machine. The system’s library is reached through
 * an optional module that a person installs; without it the credential says so. Source: RFC 4559, RFC 4178.
 */
import type { OtherDefinition, Scheme } from '../types.ts';

export type KerberosDefinition = OtherDefinition & { readonly service?: string };

export const kerberos: Scheme<KerberosDefinition> = {
  id: 'kerberos',
  label: 'Kerberos ticket',
  description: 'The Kerberos ticket of this session, sent as Negotiate; needs the optional module “kerberos”.',
  icon: 'organization',
  fields: [
    {
      name: 'service',
      label: 'Service',
      description: 'The service the ticket is for; HTTP@ and the host of the request when absent.',
      type: 'string',
      example: 'HTTP@intranet.example.com',
    },
  ],
  slots: () => [],
  secretUse: () => ({ as: 'as Authorization: Negotiate' }),
  check({ service }) {
    if (service === undefined || /^[\x21-\x7e]{1,256}$/.test(service)) return [];
    return [{ field: 'service', message: '“service” has the form HTTP@host.' }];
  },
  async prepare(context) {
    const { loadKerberos, toKerberosAttachment } = await import('../kerberos/kerberos-attachment.ts');
    return toKerberosAttachment(context, loadKerberos);
  },
};
