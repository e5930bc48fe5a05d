/**
 * From whatever a protocol step threw to the error a person sees: facts are taken out, the advisers name the cause.
 * Server text reaches neither sentence nor next step; it stays in the trace, inert. Source: RFC 6749 §5.2, auth.md M26.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { Failure } from './advice/advice.ts';
import { advisers } from './advice/registry.ts';
import type { WireExchange } from './capped-fetch.ts';
import { toErrorName, toInertText } from './server-text.ts';
import type { StepId } from './trace-steps.ts';

/** What the caller knows about the step that failed. */
export interface FailureContext {
  readonly credential: string;
  readonly step: StepId;
  readonly host: string;
  readonly grant: string;
  readonly method?: string | undefined;
  readonly secretNeedsEncoding?: boolean;
  readonly redirectUri?: string | undefined;
  readonly scope?: string | undefined;
  readonly lastExchange?: WireExchange | undefined;
  readonly now: number;
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

/** What to do when the provider cannot be reached; the catalogue's advice speaks of the API (design.md E6.3). */
const unreached = {
  'CS-NET-DNS': (host: string) =>
    `${host} is the identity provider: check the issuer in the definition, and your connection.`,
  'CS-NET-REFUSED': (host: string) =>
    `${host} is the identity provider: see that it runs, or change the issuer in the definition.`,
  'CS-NET-TIMEOUT': (host: string) => `${host} is the identity provider: try again, or ask its owner.`,
  'CS-NET-RESET': (host: string) => `${host} is the identity provider: try again, or ask its owner.`,
  'CS-NET-UNREACHABLE': (host: string) =>
    `${host} is the identity provider: check your connection, the VPN and the issuer in the definition.`,
} as const;

function isCannotReach(error: CountersignError): error is CountersignError & { code: keyof typeof unreached } {
  return Object.hasOwn(unreached, error.code);
}

function toUnreachable(
  error: CountersignError & { code: keyof typeof unreached },
  context: FailureContext,
): CountersignError {
  const named = error.facts['host'];
  const host = typeof named === 'string' ? named : context.host;
  return new CountersignError(error.code, error.message, {
    next: unreached[error.code](host),
    ...(error.place === undefined ? {} : { place: error.place }),
    cause: error.cause,
    facts: { ...error.facts, step: context.step },
  });
}

export function toSignInError(error: unknown, context: FailureContext): CountersignError {
  const own = findOwn(error);
  if (own) return isCannotReach(own) ? toUnreachable(own, context) : own;
  const failure = toFailure(error, context);
  for (const adviser of advisers) {
    const advice = adviser(failure);
    if (!advice) continue;
    return new CountersignError(advice.code, advice.message, {
      ...(advice.next === undefined ? {} : { next: advice.next }),
      facts: {
        step: context.step,
        ...(failure.error === undefined ? {} : { error: failure.error }),
        ...(failure.status === undefined ? {} : { status: failure.status }),
        ...(failure.description === '' ? {} : { serverText: failure.description }),
        ...(advice.likely === undefined ? {} : { likely: advice.likely }),
        ...(advice.fix === undefined ? {} : { fix: advice.fix }),
        ...(advice.code === 'CS-AUTH-REDIRECT' ? { redirectUri: context.redirectUri } : {}),
        host: context.host,
      },
    });
  }
  return toPlainError(error, failure);
}

function toPlainError(error: unknown, failure: Failure): CountersignError {
  const { host, step } = failure;
  const facts = { step, host, ...(failure.status === undefined ? {} : { status: failure.status }) };
  const system = findSystemCode(error);
  if (system !== undefined) {
    return new CountersignError('CS-AUTH-UNREACHABLE', `${host} does not answer.`, { facts: { ...facts, system } });
  }
  if (step === 'redirect') {
    const name = failure.error;
    return name === undefined
      ? new CountersignError('CS-AUTH-REFUSED', `The redirect from ${host} is not what RFC 6749 describes.`, { facts })
      : new CountersignError('CS-AUTH-REFUSED', `${host} refused the sign-in: ${name}.`, {
          facts: { ...facts, error: name, ...(failure.description === '' ? {} : { serverText: failure.description }) },
        });
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

function toFailure(error: unknown, context: FailureContext): Failure {
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
    grant: context.grant,
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
    scope: context.scope,
    skewMs: Number.isFinite(date) ? date - context.now : undefined,
    cause: error,
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

function toErrorBody(exchange: WireExchange | undefined): Record<string, unknown> | undefined {
  if (!exchange?.responseText || (exchange.status ?? 0) < 200) return undefined;
  try {
    const value: unknown = JSON.parse(exchange.responseText);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
