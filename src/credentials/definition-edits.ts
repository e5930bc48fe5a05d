/**
 * Places and edits of fields in the text of `countersign.json`: where a field stands, and what to replace so that it
 * has another value. Comments and the form of everything else stay. Pure.
 */
import { modify } from 'jsonc-parser';
import { membersOf, parseJsonNodes, spanOf, type Member, type Span } from './json-nodes.ts';

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** The value of a field, else the name of the credential; undefined when neither is there. */
export function findFieldSpan(text: string, name: string, field: string): Span | undefined {
  const credential = findCredential(text, name);
  if (!credential) return undefined;
  const member = membersOf(credential.node).findLast(({ key }) => key === field);
  return member ? spanOf(member.node) : credential.keySpan;
}

/**
 * What makes the fields of a credential have these values; undefined takes a field out. The edits do not overlap when
 * they are applied from the last to the first. Empty when the credential is not there.
 */
export function toFieldEdits(
  text: string,
  name: string,
  changes: Readonly<Record<string, unknown>>,
): readonly TextEdit[] {
  if (!findCredential(text, name)) return [];
  const formattingOptions = { insertSpaces: !text.includes('\n\t'), tabSize: /\n {4}"/.test(text) ? 4 : 2, eol: '\n' };
  let changed = text;
  for (const [field, value] of Object.entries(changes)) {
    // One after the other: each edit is made for the text that the one before left.
    for (const { offset, length, content } of modify(changed, ['credentials', name, field], value, {
      formattingOptions,
    }).sort((one, other) => other.offset - one.offset)) {
      changed = changed.slice(0, offset) + content + changed.slice(offset + length);
    }
  }
  return changed === text ? [] : [toOneEdit(text, changed)];
}

function findCredential(text: string, name: string): Member | undefined {
  const { root } = parseJsonNodes(text);
  const credentials = root && membersOf(root).findLast(({ key }) => key === 'credentials');
  return credentials && membersOf(credentials.node).findLast(({ key, node }) => key === name && node.type === 'object');
}

/** The smallest one replacement that makes the second text of the first. */
function toOneEdit(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { span: { start, end: before.length - end }, text: after.slice(start, after.length - end) };
}
