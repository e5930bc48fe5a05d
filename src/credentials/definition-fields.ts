/**
 * Reads the fields of one definition by the metadata of its scheme: types, values, addresses, origins, secrets that do
 * not belong here, and parameters that cannot be set. A field with a problem is left out. Pure. Source: contracts.md §3.
 */
import type { Node } from 'jsonc-parser';
import { addressProblem } from './address.ts';
import { commonFields } from './common-fields.ts';
import type { Report } from './definition-problem.ts';
import { membersOf, spanOf, toValue, type Member, type Span } from './json-nodes.ts';
import { isLoopback, parseOrigin } from './origin.ts';
import { protectedParameters } from './protected-parameters.ts';
import { readQuirkRules, type QuirkRules } from './quirk-rules.ts';
import { holdsUserinfo, isLiteralText, isSecretKey } from './secret-like.ts';
import { toShownText } from './shown-text.ts';
import type { FieldInfo, Scheme } from './types.ts';

const slotOfKey: Readonly<Record<string, string>> = {
  private_key: 'private_key',
  privateKey: 'private_key',
  passphrase: 'passphrase',
  session_token: 'session_token',
  decryption_key: 'decryption_key',
  decryption_passphrase: 'decryption_passphrase',
  assertion: 'assertion',
};
const typeWords: Readonly<Record<FieldInfo['type'], string>> = {
  string: 'text',
  number: 'a whole number',
  boolean: 'true or false',
  'string[]': 'a list of texts',
  object: 'an object',
};

/** The fields that hold, keyed by name, without `scheme`. Problems go to `report`. */
export function readDefinitionFields(
  name: string,
  node: Node,
  keySpan: Span,
  scheme: Scheme | undefined,
  report: Report,
): Record<string, unknown> {
  const known = new Map([...commonFields, ...(scheme?.fields ?? [])].map((field) => [field.name, field]));
  const fields: Record<string, unknown> = {};
  for (const member of membersOf(node)) {
    if (member.key === 'scheme') continue;
    const field = known.get(member.key);
    if (field) {
      const value = readField(name, field, member, scheme?.id ?? '', report);
      if (value !== undefined) fields[field.name] = value;
    } else if (!reportSecret(name, member, scheme?.id ?? '', report)) {
      if (scheme) reportUnknown(name, member, [...known.keys()], report);
      else if (member.key !== '__proto__') fields[member.key] = withoutSecrets(name, member, report);
    }
  }
  for (const field of known.values()) {
    const present = membersOf(node).some((member) => member.key === field.name);
    if (field.required && !present) report('CS-DEF-FIELD', `${name} has no “${field.name}”.`, keySpan, { name });
  }
  return fields;
}

function readField(name: string, field: FieldInfo, member: Member, scheme: string, report: Report): unknown {
  const { node } = member;
  const value = toValue(node);
  const wrong = (words: string): undefined => {
    report('CS-DEF-FIELD', `“${field.name}” of ${name} must be ${words}.`, spanOf(node), { name });
    return undefined;
  };
  if (field.name === 'origins') return readOrigins(name, node, report);
  if (field.name === 'quirk_rules') return readRules(name, node, report);
  if (field.type === 'object') return readObject(name, field, node, scheme, report) ?? wrong(typeWords.object);
  if (field.type === 'string[]' && typeof value === 'string') return [value];
  if (!hasType(value, field.type)) return wrong(typeWords[field.type]);
  if (typeof value === 'string' && field.values && !field.values.includes(value) && !value.includes('{{')) {
    return wrong(`one of ${field.values.filter((each) => !each.startsWith('urn:')).join(', ')}`);
  }
  if (typeof value === 'string' && field.format === 'url') return readAddress(name, field, value, node, report);
  return value;
}

function hasType(value: unknown, type: FieldInfo['type']): boolean {
  if (type === 'string[]') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (type === 'number') return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return typeof value === type;
}

function readOrigins(name: string, node: Node, report: Report): readonly string[] {
  const items = node.type === 'string' ? [node] : node.type === 'array' ? (node.children ?? []) : undefined;
  if (!items) report('CS-DEF-FIELD', `“origins” of ${name} must be a list of texts.`, spanOf(node), { name });
  const origins: string[] = [];
  for (const item of items ?? []) {
    const text: unknown = item.value;
    if (typeof text !== 'string') {
      report('CS-DEF-FIELD', `“origins” of ${name} must be a list of texts.`, spanOf(item), { name });
    } else if (text.includes('{{')) {
      origins.push(text);
    } else {
      const parsed = parseOrigin(text);
      if (parsed.ok) origins.push(parsed.origin.text);
      else report('CS-DEF-ORIGIN', `“${toShownText(text, 80)}” of ${name} ${parsed.why}.`, spanOf(item), { name });
      if (parsed.ok && parsed.origin.scheme === 'http' && !isLoopback(parsed.origin.host)) {
        const message = `${name} may go over plain http, where others can read it.`;
        report('CS-DEF-CLEARTEXT', message, spanOf(item), { name, severity: 'warning' });
      }
    }
  }
  return [...new Set(origins)];
}

function readAddress(name: string, field: FieldInfo, text: string, node: Node, report: Report): string | undefined {
  const problem = addressProblem(text);
  if (problem === undefined) return text;
  const code = holdsUserinfo(text) ? 'CS-DEF-SECRET' : 'CS-DEF-FIELD';
  report(code, `“${field.name}” of ${name} ${problem}.`, spanOf(node), { name });
  return undefined;
}

function readObject(name: string, field: FieldInfo, node: Node, scheme: string, report: Report): unknown {
  if (field.name === 'authorization_details')
    return node.type === 'array' || node.type === 'object' ? toValue(node) : undefined;
  if (node.type !== 'object') return undefined;
  const refused = protectedParameters.get(field.name);
  const kept: Record<string, unknown> = {};
  for (const member of membersOf(node)) {
    const { key } = member;
    if (refused?.has(key.toLowerCase())) {
      const secret = reportSecret(name, member, scheme, report);
      if (secret) continue;
      report(
        'CS-DEF-PARAMETER',
        `${key} is set by Countersign itself and cannot stand in ${field.name}.`,
        member.keySpan,
        { name },
      );
    } else if (!reportSecret(name, member, scheme, report) && key !== '__proto__') {
      const value = toValue(member.node);
      if (field.json) kept[key] = value;
      else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        kept[key] = String(value);
      else report('CS-DEF-FIELD', `“${toShownText(key, 40)}” of ${name} must be text.`, spanOf(member.node), { name });
    }
  }
  return kept;
}

/** Rules that hold are kept; one that does not is left out, as any field. */
function readRules(name: string, node: Node, report: Report): QuirkRules | undefined {
  const { rules, problems } = readQuirkRules(toValue(node));
  for (const problem of problems) report('CS-DEF-FIELD', `${name}: ${problem}.`, spanOf(node), { name });
  return Object.keys(rules).length === 0 ? undefined : rules;
}

/** True when the member is a literal secret, which is then reported and must not be used. */
function reportSecret(name: string, member: Member, scheme: string, report: Report): boolean {
  const { key, node } = member;
  if (!isSecretKey(key) || !isLiteralText(toValue(node))) return false;
  const slot = key === 'password' && scheme === 'oauth2' ? 'password' : (slotOfKey[key] ?? '');
  const message = `“${toShownText(key, 40)}” of ${name} is a secret; anyone with this file has it.`;
  report('CS-DEF-SECRET', message, spanOf(node), { name, slot });
  return true;
}

function reportUnknown(name: string, member: Member, known: readonly string[], report: Report): void {
  const { key, keySpan } = member;
  if (isSecretKey(key)) {
    const message = `“${key}” of ${name} is not read from this file; its secret belongs in the secret store.`;
    report('CS-DEF-FIELD', message, keySpan, { name, severity: 'warning' });
    return;
  }
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, '');
  const close = known.find((each) => plain(each) === plain(key));
  const hint = close ? ` Close: ${close}.` : '';
  report('CS-DEF-FIELD', `${name} has no field “${toShownText(key, 40)}”.${hint}`, keySpan, {
    name,
    severity: 'warning',
  });
}

/** Fields of a scheme that is not known here: kept, but for secrets at any depth. */
function withoutSecrets(name: string, member: Member, report: Report): unknown {
  const { node } = member;
  if (node.type === 'array')
    return (node.children ?? []).map((item) => withoutSecrets(name, { ...member, node: item }, report));
  if (node.type !== 'object') return toValue(node);
  const kept: Record<string, unknown> = {};
  for (const inner of membersOf(node)) {
    if (inner.key === '__proto__' || reportSecret(name, inner, '', report)) continue;
    kept[inner.key] = withoutSecrets(name, inner, report);
  }
  return kept;
}
