/** Directives that change how a request travels. */
import type { Directive } from './directive.ts';

export const sendingDirectives = [
  {
    name: 'no-redirect',
    dialects: ['rest-client', 'httpyac', 'jetbrains', 'kulala'],
    argument: 'none',
    doc: 'Shows a redirect instead of following it.',
    effect: 'no-redirect',
  },
  {
    name: 'no-cookie-jar',
    dialects: ['rest-client', 'httpyac', 'jetbrains', 'kulala'],
    argument: 'none',
    doc: 'Neither sends nor keeps cookies.',
    effect: 'no-cookie-jar',
  },
  {
    name: 'attach-cookie-jar',
    dialects: ['kulala'],
    argument: 'none',
    doc: 'Sends the kept cookies, which happens here by default.',
    effect: 'ignored',
  },
  {
    name: 'no-log',
    dialects: ['httpyac', 'jetbrains', 'kulala'],
    argument: 'none',
    doc: 'Keeps the request out of the history.',
    effect: 'no-log',
  },
  {
    name: 'no-auto-encoding',
    dialects: ['jetbrains', 'kulala'],
    argument: 'none',
    doc: 'Sends the URL and form bodies as they are written.',
    effect: 'no-auto-encoding',
  },
  {
    name: 'timeout',
    dialects: ['httpyac', 'jetbrains', 'kulala'],
    argument: 'duration',
    doc: 'Gives the response this long; a bare number below 1000 is seconds, from 1000 on milliseconds.',
    effect: 'timeout',
  },
  {
    name: 'connection-timeout',
    dialects: ['jetbrains'],
    argument: 'duration',
    doc: 'Gives the connection this long to be made.',
    effect: 'connection-timeout',
  },
  {
    name: 'post-redirect-get',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Follows the redirect of a POST with GET.',
    effect: 'post-redirect-get',
  },
  {
    name: 'accept',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Accepts a chunked response; every response may be one here.',
    effect: 'ignored',
  },
  {
    name: 'inject-variables',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Fills in variables in included files.',
    effect: 'inject-variables',
  },
  {
    name: 'use-os-credentials',
    dialects: ['jetbrains'],
    argument: 'none',
    doc: 'Uses the account of the operating system, which is not offered here.',
    effect: 'not-offered',
  },
] as const satisfies readonly Directive[];
