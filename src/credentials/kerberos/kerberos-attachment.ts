/**
 * One ticket for each request, from the system’s Kerberos through the optional module `kerberos`. It is not shipped: a
 * native module fits one system and one runtime. Source: RFC 4559 §4; the module’s README.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { Secret } from '../secret.ts';
import type { KerberosDefinition } from '../schemes/kerberos.ts';
import type { Attachment, PrepareContext } from '../types.ts';

/** What is used of the module. */
export interface KerberosModule {
  readonly GSS_MECH_OID_SPNEGO?: unknown;
  initializeClient(
    service: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ step(challenge: string): Promise<string | null> }>;
}

/** @throws whatever the runtime throws for a module that is not there or does not fit */
export async function loadKerberos(): Promise<KerberosModule> {
  // Not a literal, or the bundler would look for it.
  const name = 'kerberos';
  const found = (await import(name)) as KerberosModule & { readonly default?: KerberosModule };
  return found.default ?? found;
}

/** @throws CountersignError CS-AUTH-KERBEROS */
export async function toKerberosAttachment(
  { credential }: Pick<PrepareContext<KerberosDefinition>, 'credential'>,
  load: () => Promise<KerberosModule>,
): Promise<Attachment> {
  const { name, definition } = credential;
  const module = await load().catch((cause: unknown) => {
    throw new CountersignError(
      'CS-AUTH-KERBEROS',
      `${name} needs the optional module “kerberos”, which is not there.`,
      {
        facts: { credential: name },
        cause,
      },
    );
  });
  return {
    headers: [],
    query: [],
    cookies: [],
    proof: {
      names: ['Authorization'],
      retry: 'with a new ticket',
      async headers({ url }) {
        const service = definition.service ?? `HTTP@${url.hostname}`;
        const token = await ticketFor(module, service).catch((cause: unknown) => {
          // The library’s own words name principals and caches of this machine.
          throw new CountersignError('CS-AUTH-KERBEROS', `There is no Kerberos ticket for ${service}.`, {
            next: 'Sign in to the domain, or run kinit, and send again.',
            facts: { credential: name, service },
            cause,
          });
        });
        return [{ name: 'Authorization', prefix: 'Negotiate ', value: new Secret(token, 'Kerberos ticket') }];
      },
      answered: () => false,
    },
  };
}

async function ticketFor(module: KerberosModule, service: string): Promise<string> {
  const mechanism = module.GSS_MECH_OID_SPNEGO;
  const client = await module.initializeClient(service, mechanism === undefined ? {} : { mechOID: mechanism });
  const token = await client.step('');
  if (token === null || !/^[A-Za-z\d+/]+={0,2}$/.test(token)) throw new Error('no token');
  return token;
}
