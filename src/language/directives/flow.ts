/** Directives on the order in which requests run, and how often. */
import type { Directive } from './directive.ts';

export const flowDirectives = [
  {
    name: 'ref',
    dialects: ['httpyac'],
    argument: 'name',
    repeats: true,
    doc: 'Runs the named request first unless it has an answer already.',
    effect: 'ref',
  },
  {
    name: 'force-ref',
    dialects: ['httpyac'],
    argument: 'name',
    repeats: true,
    doc: 'Runs the named request first, every time.',
    effect: 'force-ref',
  },
  {
    name: 'import',
    dialects: ['httpyac'],
    argument: 'path',
    repeats: true,
    doc: 'Uses the names and variables of another file.',
    effect: 'import',
  },
  {
    name: 'disabled',
    dialects: ['httpyac'],
    argument: 'expression',
    doc: 'Skips the request when the whole file is run.',
    effect: 'disabled',
  },
  {
    name: 'loop',
    dialects: ['httpyac'],
    argument: 'expression',
    doc: 'Repeats the request, which is not offered here.',
    effect: 'not-offered',
  },
  {
    name: 'sleep',
    aliases: ['delay'],
    dialects: ['httpyac', 'kulala'],
    argument: 'milliseconds',
    doc: 'Waits this many milliseconds before the request is sent.',
    effect: 'sleep',
  },
  {
    name: 'ratelimit',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Limits how often requests are sent, which is not offered here.',
    effect: 'not-offered',
  },
  {
    name: 'response-ref',
    dialects: ['httpyac'],
    argument: 'text',
    doc: 'Points at a kept response.',
    effect: 'ignored',
  },
  {
    name: 'force-region-delimiter',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Only ### ends a request in this file.',
    effect: 'separator-only',
  },
] as const satisfies readonly Directive[];
