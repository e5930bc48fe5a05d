/** Directives on how a response is shown. */
import type { Directive } from './directive.ts';

export const viewingDirectives = [
  {
    name: 'jwt',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Decodes the JWT in a field of the response.',
    effect: 'jwt',
  },
  {
    name: 'save',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Saves the response instead of showing it.',
    effect: 'save',
  },
  {
    name: 'open-with',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Opens the response in this editor.',
    effect: 'open-with',
  },
  {
    name: 'extension',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Saves the response with this file extension.',
    effect: 'extension',
  },
  {
    name: 'language',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Shows the response in this language.',
    effect: 'language',
  },
  {
    name: 'no-response-view',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Does not show the response.',
    effect: 'no-response-view',
  },
  { name: 'debug', dialects: ['httpyac'], argument: 'none', doc: 'Logs more of this request.', effect: 'ignored' },
  { name: 'verbose', dialects: ['httpyac'], argument: 'none', doc: 'Logs more of this request.', effect: 'ignored' },
  {
    name: 'jq',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Filters the shown JSON, which is not offered here.',
    effect: 'ignored',
  },
] as const satisfies readonly Directive[];
