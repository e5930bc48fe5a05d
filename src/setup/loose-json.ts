/**
 * JSON as people copy it out of a file: comments, trailing commas, or a member without the braces around it. Bounded in
 * size by the caller and in depth here. Pure.
 */
import { parse, type ParseError } from 'jsonc-parser';

export type LooseObject = Readonly<Record<string, unknown>>;

/** Undefined for everything that is no object. */
export function parseLooseObject(text: string): LooseObject | undefined {
  if (!/^(?:\/[/*]|\{|"[^"\n]{0,200}"\s*:)/.test(text)) return undefined;
  return read(text) ?? read(`{${text.replace(/,\s*$/, '')}}`);
}

function read(text: string): LooseObject | undefined {
  if (tooDeep(text)) return undefined;
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 && isObject(value) ? value : undefined;
}

export function isObject(value: unknown): value is LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parser recurses; a text of brackets alone would end its stack. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth > 100) return true;
  }
  return false;
}

/** Texts of the members of an object, with the variables among them filled in from the members beside them. */
export function fillFrom(surrounding: LooseObject, value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
      const found = Object.hasOwn(surrounding, name) ? surrounding[name] : undefined;
      return typeof found === 'string' && found.length < 10_000 && !found.includes('{{') ? found : whole;
    });
  }
  if (Array.isArray(value)) return value.map((one) => fillFrom(surrounding, one));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, member]) => [key, fillFrom(surrounding, member)]),
  );
}
