/** A text inside another format as a JSON value: JSON as it is written, anything else as a string. */
import { indexJson } from '../json-index/index-json.ts';

export function embeddedText(text: string): string {
  if (/^\s*[[{]/.test(text) && indexJson(new TextEncoder().encode(text)).ok) return text.trim();
  return JSON.stringify(text);
}
