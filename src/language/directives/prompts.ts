/** Directives that ask the person before a request is sent. */
import type { Directive } from './directive.ts';

export const promptDirectives = [
  {
    name: 'note',
    dialects: ['rest-client', 'httpyac'],
    argument: 'optional-text',
    doc: 'Asks for confirmation before the request is sent.',
    effect: 'confirm',
  },
  {
    name: 'prompt',
    dialects: ['rest-client', 'kulala'],
    argument: 'text',
    repeats: true,
    doc: 'Asks for the value of a variable on every send.',
    effect: 'prompt',
  },
  {
    name: 'secret',
    dialects: ['kulala'],
    argument: 'text',
    repeats: true,
    doc: 'Asks for the value of a variable and hides what is typed.',
    effect: 'prompt-secret',
  },
] as const satisfies readonly Directive[];
