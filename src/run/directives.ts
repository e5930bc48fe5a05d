/** What a request's directives say about its sending, as typed options. Source: dialects.md §12. */
import { directiveByName } from '../language/directives/canonical.ts';
import { parseExpectations, type StatusExpectation } from '../language/directives/expect-status.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { DirectiveNode, RequestNode } from '../language/types.ts';
import { parseDuration } from './duration.ts';

export interface RequestOptions {
  readonly followRedirects: boolean | undefined;
  readonly timeoutMs: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly autoEncoding: boolean;
  readonly log: boolean;
  /** `# @note text`: confirm before sending; '' when it has no text. */
  readonly note: string | undefined;
  readonly waitMs: number;
  /** `# @auth NAME`, `none`, or `# @no-auth`. */
  readonly auth: string | undefined;
  /** Directives that ask to weaken TLS: never obeyed, always told. */
  readonly asksInsecure: boolean;
  readonly disabled: boolean;
  /** Directives that would have changed what is sent and are not offered: always told. */
  readonly notOffered: readonly string[];
  /** `# @no-proxy`: connect directly. */
  readonly noProxy: boolean;
  /** `# @no-cookie-jar`: neither sends nor keeps cookies. */
  readonly noCookieJar: boolean;
  /** `# @expect-status admin=200 none=401`, each with the line it stands in. */
  readonly expectedStatus: readonly (StatusExpectation & { readonly line: number })[];
}

/** Directive names compare without case and without hyphens: `no-redirect`, `noRedirect`. */
export function directiveKey(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}

/** @throws CountersignError CS-PARSE-DIRECTIVE for a duration that is none, and an expectation that cannot be read */
export function toRequestOptions(request: RequestNode): RequestOptions {
  const values = new Map<string, string>();
  for (const directive of request.directives) values.set(directiveKey(directive.name), directive.value);
  const duration = (key: string): number | undefined => {
    const value = values.get(key);
    return value === undefined || value.trim() === '' ? undefined : parseDuration(value);
  };
  return {
    followRedirects: values.has('noredirect') ? false : undefined,
    timeoutMs: duration('timeout'),
    connectTimeoutMs: duration('connectiontimeout'),
    autoEncoding: !values.has('noautoencoding'),
    log: !values.has('nolog'),
    note: values.get('note'),
    waitMs: milliseconds(values.get('sleep') ?? values.get('delay')),
    auth: values.has('noauth') ? 'none' : nonEmpty(values.get('auth')?.trim()),
    asksInsecure: values.has('norejectunauthorized') || values.has('curlinsecure'),
    noProxy: values.has('noproxy'),
    noCookieJar: values.has('nocookiejar'),
    disabled: isDisabled(request),
    expectedStatus: expectationsOf(request),
    notOffered: request.directives
      .map(({ name }) => name)
      .filter((name) => directiveByName(name)?.effect === 'not-offered'),
  };
}

/** `# @disabled` leaves a request out of a run of its whole file; `# @disabled false` does not. */
export function isDisabled(request: RequestNode): boolean {
  return request.directives.some(
    (each) => directiveKey(each.name) === 'disabled' && !/^false$/i.test(each.value.trim()),
  );
}

function expectationsOf(request: RequestNode): RequestOptions['expectedStatus'] {
  return request.directives.filter(({ name }) => directiveKey(name) === 'expectstatus').flatMap(readExpectations);
}

function readExpectations({ value, valueSpan, line }: DirectiveNode): RequestOptions['expectedStatus'] {
  const { expected, unread } = parseExpectations(value);
  const [wrong] = unread;
  if (wrong === undefined && expected.length > 0) return expected.map((each) => ({ ...each, line }));
  const what = wrong === undefined ? '# @expect-status names nobody.' : `“${wrong.slice(0, 40)}” is no expectation.`;
  throw new CountersignError('CS-PARSE-DIRECTIVE', what, {
    next: 'Write who and what they get: admin=200 user=403 none=401.',
    place: { ...valueSpan, line },
  });
}

function milliseconds(value: string | undefined): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
