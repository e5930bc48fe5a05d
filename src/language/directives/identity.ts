/** Directives that name and describe a request, and the credential it is sent with. */
import type { Directive } from './directive.ts';

export const identityDirectives = [
  {
    name: 'name',
    dialects: ['rest-client', 'httpyac', 'jetbrains', 'visual-studio', 'kulala'],
    argument: 'name',
    doc: 'Names the request, so that other requests can use its response.',
    effect: 'name',
  },
  { name: 'title', dialects: ['httpyac'], argument: 'text', doc: 'Shows this text for the request.', effect: 'title' },
  {
    name: 'description',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Describes the request.',
    effect: 'description',
  },
  {
    name: 'tag',
    dialects: ['httpyac'],
    argument: 'text',
    repeats: true,
    doc: 'Groups requests for filtering.',
    effect: 'tag',
  },
  {
    name: 'auth',
    dialects: ['union'],
    argument: 'credential',
    doc: 'Sends the request with this credential, or with “none”.',
    effect: 'auth',
  },
  {
    name: 'no-auth',
    dialects: ['union'],
    argument: 'none',
    doc: 'Sends the request without a credential.',
    effect: 'auth-none',
  },
] as const satisfies readonly Directive[];
