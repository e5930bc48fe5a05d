/**
 * The wizard as data: which questions a scheme asks, whether an answer stands, and the definition the answers make. It
 * draws nothing and saves nothing. Source: ux.md D1, design.md D1.
 */
import { addressProblem } from './address.ts';
import { commonFields, toRegisteredGrant } from './common-fields.ts';
import { credentialName } from './definitions.ts';
import { parseOrigin } from './origin.ts';
import { protectedParameters } from './protected-parameters.ts';
import { isSecretKey } from './secret-like.ts';
import { schemeOf } from './schemes/registry.ts';
import { toShownText } from './shown-text.ts';
import type { Definition, FieldInfo, SecretSlot } from './types.ts';

export type Answers = Readonly<Record<string, unknown>>;

/** The fields to ask for, required ones first; common ones last. Empty for a scheme that is not known. */
export function fieldsOf(schemeId: string): readonly FieldInfo[] {
  const scheme = schemeOf({ scheme: schemeId });
  if (!scheme) return [];
  const required = scheme.fields.filter((field) => field.required);
  return [...required, ...scheme.fields.filter((field) => !field.required), ...commonFields];
}

/** What is wrong with a name, as a sentence; undefined when it may be used. */
export function checkName(name: string, taken: readonly string[]): string | undefined {
  if (!credentialName.test(name)) return 'A credential name holds letters, digits, _ and - only, at most 64.';
  return taken.includes(name) ? `A credential called ${name} exists already.` : undefined;
}

/** What is wrong with one answer, as a sentence; undefined when it stands. Absent answers stand unless required. */
export function checkAnswer(schemeId: string, fieldName: string, answer: unknown): string | undefined {
  const field = fieldsOf(schemeId).find(({ name }) => name === fieldName);
  if (!field) return `“${toShownText(fieldName, 40)}” is not a field of this scheme.`;
  if (isAbsent(answer)) return field.required ? `${field.label} is needed.` : undefined;
  return checkPresent(field, answer);
}

function checkPresent(field: FieldInfo, answer: unknown): string | undefined {
  if (field.name === 'origins') return checkOrigins(answer);
  if (field.type === 'number') {
    return typeof answer === 'number' && Number.isSafeInteger(answer) && answer >= 0
      ? undefined
      : `${field.label} must be a whole number.`;
  }
  if (field.type === 'boolean')
    return typeof answer === 'boolean' ? undefined : `${field.label} must be true or false.`;
  if (field.type === 'string[]') {
    const texts = Array.isArray(answer) ? answer : [answer];
    return texts.every((text) => typeof text === 'string') ? undefined : `${field.label} must be a list of texts.`;
  }
  if (field.type === 'object') return checkObject(field, answer);
  if (typeof answer !== 'string') return `${field.label} must be text.`;
  if (field.values && !field.values.includes(answer) && !answer.includes('{{'))
    return `${field.label} must be one of those on offer.`;
  const problem = field.format === 'url' ? addressProblem(answer) : undefined;
  return problem === undefined ? undefined : `${field.label} ${problem}.`;
}

function checkOrigins(answer: unknown): string | undefined {
  const texts: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  for (const text of texts) {
    if (typeof text !== 'string') return 'Origins must be a list of texts.';
    if (text.includes('{{')) continue;
    const parsed = parseOrigin(text);
    if (!parsed.ok) return `“${toShownText(text, 80)}” ${parsed.why}.`;
  }
  return undefined;
}

function checkObject(field: FieldInfo, answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return `${field.label} must be an object.`;
  const refused = protectedParameters.get(field.name);
  for (const key of Object.keys(answer)) {
    if (refused?.has(key.toLowerCase()) || (refused && isSecretKey(key)))
      return `${toShownText(key, 40)} cannot stand here.`;
  }
  return undefined;
}

function isAbsent(answer: unknown): boolean {
  return answer === undefined || answer === '' || (Array.isArray(answer) && answer.length === 0);
}

export type NewDefinition =
  | { readonly ok: true; readonly definition: Definition; readonly slots: readonly SecretSlot[] }
  | { readonly ok: false; readonly problems: readonly { readonly field?: string; readonly message: string }[] };

/** The definition the answers make, with the secret slots to ask for last; or what is still wrong. */
export function newDefinition(schemeId: string, answers: Answers): NewDefinition {
  const scheme = schemeOf({ scheme: schemeId });
  if (!scheme)
    return { ok: false, problems: [{ message: `The scheme ${toShownText(schemeId, 40)} is not known here.` }] };
  const problems: { field?: string; message: string }[] = [];
  const fields: Record<string, unknown> = { scheme: schemeId };
  for (const field of fieldsOf(schemeId)) {
    const answer = Object.hasOwn(answers, field.name) ? answers[field.name] : undefined;
    const message = checkAnswer(schemeId, field.name, answer);
    if (message !== undefined) problems.push({ field: field.name, message });
    else if (!isAbsent(answer)) fields[field.name] = toField(field, answer);
  }
  const definition = fields as unknown as Definition;
  if (problems.length === 0) problems.push(...scheme.check(definition));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, definition, slots: scheme.slots(definition) };
}

function toField(field: FieldInfo, answer: unknown): unknown {
  if (field.name === 'grant') return toRegisteredGrant(answer as string);
  if (field.type !== 'string[]') return answer;
  const texts = (Array.isArray(answer) ? answer : [answer]) as readonly string[];
  if (field.name !== 'origins') return texts;
  return texts.map((text) => {
    const parsed = parseOrigin(text);
    return parsed.ok ? parsed.origin.text : text;
  });
}
