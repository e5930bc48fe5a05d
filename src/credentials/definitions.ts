/**
 * Reads `countersign.json`: definitions, and what is wrong with them, with places. Tolerant: a definition with a problem
 * still loads when its scheme can be read, and is judged again at use. A literal secret is reported and never read into
 * the definition. Pure. Source: contracts.md §3.
 */
import type { Node } from 'jsonc-parser';
import { toDefinitionHash } from './canonical.ts';
import { toRegisteredGrant } from './common-fields.ts';
import { readDefinitionFields } from './definition-fields.ts';
import type { DefinitionProblem, Report } from './definition-problem.ts';
import { membersOf, parseJsonNodes, spanOf, type Span } from './json-nodes.ts';
import { schemeOf } from './schemes/registry.ts';
import { toShownText } from './shown-text.ts';
import type { Definition, NamedDefinition } from './types.ts';

export type { DefinitionProblem };

export interface ParsedDefinitions {
  readonly definitions: readonly NamedDefinition[];
  readonly problems: readonly DefinitionProblem[];
}

/** Letters, digits, `_` and `-`: no dot, which divides a name from its secret slot. */
export const credentialName = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/**
 * @param text the file's text, JSON with comments and trailing commas
 * @param source who the definitions belong to, and the file's absolute path
 */
export function parseDefinitions(
  text: string,
  source: { readonly file?: string; readonly owner: 'workspace' | 'user' },
): ParsedDefinitions {
  const problems: DefinitionProblem[] = [];
  const report: Report = (code, message, span, more) =>
    problems.push({ code, message, span, severity: 'error', ...more });
  const { root, errors } = parseJsonNodes(text);
  for (const span of errors.slice(0, 20)) report('CS-DEF-JSON', 'The file is not JSON at this place.', span);
  const found = new Map<string, NamedDefinition>();
  for (const { key, node, keySpan } of credentialsOf(root, report)) {
    const definition = readDefinition(key, node, keySpan, report);
    if (!definition) continue;
    if (found.has(key)) report('CS-DEF-NAME', `${key} is defined twice; the last one counts.`, keySpan, { name: key });
    found.set(key, {
      name: key,
      definition,
      owner: source.owner,
      ...(source.file === undefined ? {} : { file: source.file }),
      hash: toDefinitionHash(definition),
    });
  }
  return { definitions: [...found.values()], problems };
}

function credentialsOf(root: Node | undefined, report: Report): ReturnType<typeof membersOf> {
  if (!root) return [];
  if (root.type !== 'object') {
    report('CS-DEF-FIELD', 'The file holds no object with “credentials”.', spanOf(root));
    return [];
  }
  const members = membersOf(root);
  for (const { key, keySpan } of members) {
    if (key === '$schema' || key === 'credentials') continue;
    report('CS-DEF-FIELD', `“${toShownText(key, 40)}” is not known here.`, keySpan, { severity: 'warning' });
  }
  const credentials = members.filter((member) => member.key === 'credentials').at(-1);
  if (!credentials) return [];
  if (credentials.node.type === 'object') return membersOf(credentials.node);
  report('CS-DEF-FIELD', '“credentials” must be an object of definitions by name.', spanOf(credentials.node));
  return [];
}

function readDefinition(name: string, node: Node, keySpan: Span, report: Report): Definition | undefined {
  if (!credentialName.test(name)) {
    report('CS-DEF-NAME', 'A credential name holds letters, digits, _ and - only, at most 64.', keySpan);
    return undefined;
  }
  if (node.type !== 'object') {
    report('CS-DEF-FIELD', `${name} must be an object.`, spanOf(node), { name });
    return undefined;
  }
  const schemeNode = membersOf(node)
    .filter((member) => member.key === 'scheme')
    .at(-1)?.node;
  if (schemeNode?.type !== 'string' || schemeNode.value === '') {
    report('CS-DEF-FIELD', `${name} has no “scheme”.`, schemeNode ? spanOf(schemeNode) : keySpan, { name });
    return undefined;
  }
  const id = String(schemeNode.value);
  const scheme = schemeOf({ scheme: id });
  if (!scheme) {
    report('CS-DEF-SCHEME', `The scheme ${toShownText(id, 40)} of ${name} is not known here.`, spanOf(schemeNode), {
      name,
    });
  }
  const failures: string[] = [];
  const fields = readDefinitionFields(name, node, keySpan, scheme, (code, message, span, more) => {
    if ((more?.severity ?? 'error') === 'error') failures.push(message);
    report(code, message, span, more);
  });
  const definition = { ...fields, scheme: id, origins: fields['origins'] ?? [] } as unknown as Definition;
  if (!scheme) return definition;
  const grant = fields['grant'];
  const normalised = typeof grant === 'string' ? { ...definition, grant: toRegisteredGrant(grant) } : definition;
  // A field that did not stand would be reported as missing once more.
  for (const problem of failures.length === 0 ? scheme.check(normalised) : []) {
    const place = membersOf(node).find((member) => member.key === problem.field)?.node;
    report('CS-DEF-FIELD', `${name}: ${problem.message}`, place ? spanOf(place) : keySpan, { name });
  }
  return normalised;
}
