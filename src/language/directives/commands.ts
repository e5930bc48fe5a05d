/** Directives that run commands or write files on another tool’s behalf. Never obeyed. */
import type { Directive } from './directive.ts';

export const commandDirectives = [
  {
    name: 'stdin-cmd',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Runs a shell command with the response; no file can do that here.',
    effect: 'refused',
  },
  {
    name: 'stdin-cmd-pre',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Runs a shell command before the request; no file can do that here.',
    effect: 'refused',
  },
  {
    name: 'env-stdin-cmd',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Runs a shell command and keeps its output; no file can do that here.',
    effect: 'refused',
  },
  {
    name: 'env-stdin-cmd-pre',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Runs a shell command and keeps its output; no file can do that here.',
    effect: 'refused',
  },
  {
    name: 'env-json-key',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Keeps a field of the response; use {{name.response.body.…}} instead.',
    effect: 'ignored',
  },
  {
    name: 'env-header-key',
    dialects: ['kulala'],
    argument: 'text',
    doc: 'Keeps a header of the response; use {{name.response.headers.…}} instead.',
    effect: 'ignored',
  },
  {
    name: 'curl-data-urlencode',
    dialects: ['kulala'],
    argument: 'none',
    doc: 'Percent-encodes the body, which happens to form bodies here by default.',
    effect: 'ignored',
  },
] as const satisfies readonly Directive[];
