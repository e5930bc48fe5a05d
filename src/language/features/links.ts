/**
 * Paths of other files that a request file names: bodies, scripts, saved answers, imports. Paths with variables in them
 * are left out. They are not resolved here.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile, Span, Template } from '../types.ts';

export interface FileLink {
  readonly span: Span;
  /** As written. */
  readonly path: string;
}

export function fileLinks(file: RequestFile): readonly FileLink[] {
  const links: FileLink[] = [];
  const add = (path: string, span: Span): void => {
    if (path !== '' && !path.includes('{{') && !/^[a-z][a-z\d+.-]+:/i.test(path)) links.push({ path, span });
  };
  const addTemplate = ({ text, span }: Template): void => add(text, span);
  for (const request of file.requests) {
    for (const part of request.body?.parts ?? []) if (part.kind === 'file') addTemplate(part.path);
    for (const script of request.scripts) if (script.syntax === 'file') add(script.text.trim(), script.textSpan);
    for (const redirect of request.redirects) addTemplate(redirect.path);
    for (const directive of request.directives) {
      if (canonicalDirective(directive.name) === 'import') add(directive.value, directive.valueSpan);
    }
  }
  for (const directive of file.globals?.directives ?? []) {
    if (canonicalDirective(directive.name) === 'import') add(directive.value, directive.valueSpan);
  }
  for (const script of file.globals?.scripts ?? []) {
    if (script.syntax === 'file') add(script.text.trim(), script.textSpan);
  }
  for (const { text, span } of file.statements) {
    const found = /^(?:import|run)\s+(\S.*?)\s*$/.exec(text);
    const path = found?.[1] ?? '';
    if (!/\.(?:http|rest)$/i.test(path)) continue;
    const start = span.start + file.text.slice(span.start, span.end).indexOf(path);
    add(path, { start, end: start + path.length });
  }
  return links.sort((a, b) => a.span.start - b.span.start);
}
