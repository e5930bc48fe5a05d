/** Compares directive names as the dialects do: without letter case, `kebab-case` and `camelCase` alike. */
import type { DirectiveNode } from '../types.ts';
import type { Directive } from './directive.ts';
import { directives } from './registry.ts';

function keyOf(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}

const byKey: ReadonlyMap<string, Directive> = new Map(
  directives.flatMap((directive) =>
    [directive.name, ...(directive.aliases ?? [])].map((name) => [keyOf(name), directive]),
  ),
);

/** What we know of a directive by any spelling of its name. */
export function directiveByName(name: string): Directive | undefined {
  return byKey.get(keyOf(name));
}

/** The name we use: `noRedirect` and `NO-REDIRECT` are `no-redirect`; an unknown name in lower case as it is. */
export function canonicalDirective(name: string): string {
  return directiveByName(name)?.name ?? name.toLowerCase();
}

/** The value of a request's last directive of that name; '' when it has none, undefined without the directive. */
export function directiveValue(
  request: { readonly directives: readonly DirectiveNode[] },
  name: string,
): string | undefined {
  const canonical = canonicalDirective(name);
  return request.directives.findLast((directive) => canonicalDirective(directive.name) === canonical)?.value;
}
