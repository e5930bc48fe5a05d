/**
 * Problem details (RFC 9457) read off the beginning of a body, for the words above it. Members of another type than the
 * RFC gives them count as absent (§3.1); a problem that says nothing is none.
 */
import type { MediaType } from './media-type.ts';

export interface ProblemDetails {
  readonly title: string;
  readonly detail?: string;
}

/** A longer one is read in its tree. */
export const problemLimit = 64 * 1024;

export function isProblem(type: MediaType): boolean {
  return type.essence === 'application/problem+json';
}

export function toProblemDetails(body: string): ProblemDetails | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const member = (name: string): string | undefined => {
    const found = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return typeof found === 'string' && found.trim() !== '' ? found : undefined;
  };
  const type = member('type');
  const title = member('title') ?? (type === 'about:blank' ? undefined : type);
  const detail = member('detail');
  if (title === undefined) return detail === undefined ? undefined : { title: detail };
  return { title, ...(detail === undefined || detail === title ? {} : { detail }) };
}
