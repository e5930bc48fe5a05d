/**
 * From whatever a protocol step threw to the error a person sees: facts are taken out, the table of causes names what is behind it.
 * Server text reaches neither sentence nor next step; it stays in the trace, inert. Source: RFC 6749 §5.2, auth.md M26.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { OAuth2Definition } from '../credentials/types.ts';
import { fill, type Cause, type Failure } from './causes/cause.ts';
import { findCause } from './causes/registry.ts';
import type { WireExchange } from './capped-fetch.ts';
import { toErrorName, toInertText } from './server-text.ts';
import type { StepId } from './trace-steps.ts';

/** What the caller knows about the step that failed. */
export interface FailureContext {
  readonly credential: string;
  readonly step: StepId;
  readonly host: string;
  readonly definition: OAuth2Definition;
  readonly method?: string | undefined;
  readonly secretNeedsEncoding?: boolean;
  readonly redirectUri?: string | undefined;
  readonly lastExchange?: WireExchange | undefined;
  readonly now: number;
  readonly browserOpened?: boolean;
  readonly strayRedirects?: number;
}

interface LibraryError extends Error {
  code?: unknown;
  error?: unknown;
  error_description?: unknown;
  status?: unknown;
}

/** An error of ours anywhere in the chain wins: the network and the person's cancel speak for themselves. */
function findOwn(error: unknown): CountersignError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (isCountersignError(at)) return at;
  return undefined;
}

/** An error that has its cause already, or is the person's own doing, stays as it is. */
export function toSignInError(error: unknown, context: FailureContext): CountersignError {
  const own = findOwn(error);
  if (own && (own.facts['causeId'] !== undefined || isPersonsDoing(own))) return own;
  const failure = toFailure(error, own, context);
  const cause = findCause(failure);
  if (own) return cause ? withCause(own, cause, failure) : own;
  return cause ? toCausedError(cause, failure) : toPlainError(error, failure);
}

function isPersonsDoing({ code }: CountersignError): boolean {
  return code === 'CS-AUTH-CANCELLED' || code === 'CS-NET-CANCELLED';
}

function toCausedError(cause: Cause, failure: Failure): CountersignError {
  return new CountersignError(cause.code, fill(cause.message, failure), {
    ...(cause.next === undefined ? {} : { next: fill(cause.next, failure) }),
    facts: {
      step: failure.step,
      ...(failure.error === undefined ? {} : { error: failure.error }),
      ...(failure.status === undefined ? {} : { status: failure.status }),
      ...(failure.description === '' ? {} : { serverText: failure.description }),
      causeId: cause.id,
      likely: fill(cause.likely, failure),
      ...(cause.fix === undefined ? {} : { fix: cause.fix }),
      ...(cause.code === 'CS-AUTH-REDIRECT' ? { redirectUri: failure.redirectUri } : {}),
      host: failure.host,
    },
  });
}

/** The same error with what is behind it; its code, its sentence and what it knows already stay. */
function withCause(own: CountersignError, cause: Cause, failure: Failure): CountersignError {
  const named = own.facts['host'];
  const about = typeof named === 'string' ? { ...failure, host: named } : failure;
  return new CountersignError(own.code, own.message, {
    next: cause.next === undefined ? own.next : fill(cause.next, about),
    ...(own.place === undefined ? {} : { place: own.place }),
    cause: own.cause,
    facts: { likely: fill(cause.likely, about), ...own.facts, step: failure.step, causeId: cause.id },
  });
}

function toPlainError(error: unknown, failure: Failure): CountersignError {
  const { host, step } = failure;
  const facts = { step, host, ...(failure.status === undefined ? {} : { status: failure.status }) };
  const system = findSystemCode(error);
  if (system !== undefined) {
    return new CountersignError('CS-AUTH-UNREACHABLE', `${host} does not answer.`, { facts: { ...facts, system } });
  }
  return new CountersignError('CS-AUTH-TOKEN', `The answer of ${host} holds no usable token.`, { facts });
}

function findSystemCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, syscall } = at as { code?: unknown; syscall?: unknown };
    if (typeof code !== 'string') continue;
    if (
      syscall !== undefined ||
      /^(E[A-Z]{3,}|EAI_|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|UND_ERR|HPE_)/.test(code)
    )
      return code;
  }
  return undefined;
}

function toFailure(error: unknown, own: CountersignError | undefined, context: FailureContext): Failure {
  const parts: LibraryError[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) parts.push(at);
  const first = parts[0];
  const named = parts.find((part) => part.error !== undefined);
  const body = toErrorBody(context.lastExchange);
  const date = Date.parse(findHeader(context.lastExchange, 'date') ?? '');
  return {
    credential: context.credential,
    step: context.step,
    host: context.host,
    definition: context.definition,
    error: toErrorName(named?.error ?? body?.['error']),
    description: toInertText(named?.error_description ?? body?.['error_description']),
    status:
      typeof named?.status === 'number'
        ? named.status
        : context.step === 'redirect'
          ? undefined
          : context.lastExchange?.status,
    contentType: findHeader(context.lastExchange, 'content-type'),
    libraryCode: parts
      .map((part) => part.code)
      .find((code) => typeof code === 'string' && code.startsWith('OAUTH_')) as string | undefined,
    libraryMessage: parts.map((part) => part.message).join('; '),
    claim: findClaim(first),
    method: context.method,
    secretNeedsEncoding: context.secretNeedsEncoding ?? false,
    redirectUri: context.redirectUri,
    skewMs: Number.isFinite(date) ? date - context.now : undefined,
    own,
    browserOpened: context.browserOpened ?? true,
    strayRedirects: context.strayRedirects ?? 0,
    empty: (context.lastExchange?.responseText ?? '') === '',
    movedTo: toMovedTo(context.lastExchange),
    fromProxy: isFromProxy(context.lastExchange),
  };
}

/** The library hangs the claim's name on the innermost cause, which is no error itself. */
function findClaim(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at !== null && typeof at === 'object' && depth < 5; depth += 1) {
    const { claim, cause } = at as { claim?: unknown; cause?: unknown };
    if (typeof claim === 'string') return toErrorName(claim);
    at = cause;
  }
  return undefined;
}

function findHeader(exchange: WireExchange | undefined, name: string): string | undefined {
  return exchange?.responseHeaders?.find(([one]) => one.toLowerCase() === name)?.[1];
}

/** Where a redirect that was not followed leads: its host, and nothing else of it. */
function toMovedTo(exchange: WireExchange | undefined): string | undefined {
  const { status = 0, url = '' } = exchange ?? {};
  const location = status >= 300 && status < 400 ? findHeader(exchange, 'location') : undefined;
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url).host : undefined;
}

function isFromProxy(exchange: WireExchange | undefined): boolean {
  const server = findHeader(exchange, 'server') ?? '';
  return (
    /squid|zscaler|blue ?coat|forcepoint|fortinet|mcafee|websense|tinyproxy|privoxy/i.test(server) ||
    ['via', 'x-squid-error', 'proxy-status', 'proxy-authenticate', 'proxy-connection'].some(
      (name) => findHeader(exchange, name) !== undefined,
    )
  );
}

function toErrorBody(exchange: WireExchange | undefined): Record<string, unknown> | undefined {
  if (!exchange?.responseText || (exchange.status ?? 0) < 200) return undefined;
  try {
    const value: unknown = JSON.parse(exchange.responseText);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
