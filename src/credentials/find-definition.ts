/**
 * Where a credential stands in the file that defines it: in `countersign.json` under `credentials`, in an environment
 * file of JetBrains’ kind under `Security.Auth` of any environment. Pure. It judges nothing it reads.
 */
import type { Node } from 'jsonc-parser';
import { membersOf, parseJsonNodes, type Span } from './json-nodes.ts';

/** The span of its key; undefined when the file has no such entry, or is no JSON up to there. */
export function findDefinition(text: string, name: string): Span | undefined {
  const { root } = parseJsonNodes(text);
  if (!root) return undefined;
  const groups = [
    memberOf(root, 'credentials'),
    ...membersOf(root).map(({ node }) => memberOf(memberOf(node, 'Security'), 'Auth')),
  ];
  for (const group of groups) {
    const found = group && membersOf(group).find(({ key }) => key === name);
    if (found) return found.keySpan;
  }
  return undefined;
}

function memberOf(node: Node | undefined, key: string): Node | undefined {
  return node && membersOf(node).find((member) => member.key === key)?.node;
}
