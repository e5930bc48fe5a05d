/** Directives on proxies and TLS. None of them can switch verification off: that takes a person. */
import type { Directive } from './directive.ts';

export const connectionDirectives = [
  {
    name: 'no-reject-unauthorized',
    aliases: ['curl-insecure'],
    dialects: ['httpyac', 'kulala'],
    argument: 'none',
    doc: 'Asks to skip the verification of certificates; a file cannot do that here.',
    effect: 'refused',
  },
  {
    name: 'no-client-cert',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Sends no client certificate.',
    effect: 'no-client-cert',
  },
  {
    name: 'proxy',
    dialects: ['httpyac'],
    argument: 'url',
    doc: 'Names a proxy; the one of the settings is used here.',
    effect: 'ignored',
  },
  { name: 'no-proxy', dialects: ['httpyac'], argument: 'none', doc: 'Connects without the proxy.', effect: 'no-proxy' },
] as const satisfies readonly Directive[];
