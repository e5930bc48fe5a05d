/**
 * From the outcome of a run to what the panel shows. Every text that came from outside passes the redactor here; the
 * body stays where it is. It takes no decision about sending. Source: ux.md E, design.md E.
 */
import { basename } from 'node:path';
import { toErrorReport, type CountersignError } from '../../errors/countersign-error.ts';
import type { Hop, TlsInfo } from '../../http/types.ts';
import type {
  BodyModel,
  ErrorModel,
  HopModel,
  Outcome,
  ProblemModel,
  ResponseModel,
  SentModel,
  Shown,
  TraceModel,
  WhoModel,
} from '../../response/model.ts';
import {
  countHidden,
  maskedData,
  maskedText,
  plainText,
  shownStart,
  shownText,
  toShown,
  type FindSecrets,
} from '../../response/shown-text.ts';
import type { ProblemDetails } from '../../response/problem-details.ts';
import { toExceptionsInForce } from '../../run/exceptions-in-force.ts';
import type { RunResult, SentRequest } from '../../run/types.ts';
import { bareCause } from '../../words/outcomes.ts';
import { toBroken } from './to-broken-edge.ts';
import { toCookieRows } from './to-cookie-rows.ts';
import { toRefusedCertificate } from './refused-certificate.ts';
import { toSetUp, toStepUp } from './to-step-up.ts';
import { toExceptionModel, toFailedSecurityModel, toSecurityModel } from './to-security-model.ts';

const shownBodyLimit = 64 * 1024;

export interface RunFacts {
  readonly runId: string;
  readonly title: string;
  readonly method: string;
  readonly target: Shown;
  readonly url: URL | undefined;
  readonly durationMs: number;
  readonly now: number;
}

export function toResponseModel(
  result: RunResult,
  body: BodyModel,
  run: RunFacts,
  find: FindSecrets,
  problem?: ProblemDetails,
): ResponseModel {
  const { exchange, error } = result;
  const hops = exchange?.hops ?? [];
  const headers = (exchange?.response.headers ?? []).map(([name, value]) => ({
    name: shownText(name, find),
    value: shownText(value, find),
  }));
  const url = urlOf(hops.at(-1)?.url) ?? run.url;
  const tls = exchange?.tls ?? hops.at(-1)?.tls;
  const security = toSecurity(tls, result, url, run.now);
  const exceptions = toExceptionsInForce(result).map(toExceptionModel);
  const who = toWho(result);
  const stepUp = exchange && who ? toStepUp(exchange.response, who.name, find) : undefined;
  const setUp = exchange && !result.credential ? toSetUp(exchange.response, url?.origin, find) : undefined;
  const broken =
    error && !exchange && result.trace?.outcome !== 'failed' ? toBroken(error, url, hops.at(-1)?.proxy) : undefined;
  const model: ResponseModel = {
    runId: run.runId,
    title: run.title,
    name: result.name,
    method: run.method,
    target: run.target,
    startedAt: result.startedAt,
    ...(result.environment === undefined ? {} : { environment: result.environment }),
    ...(result.path === undefined ? {} : { file: basename(result.path), path: result.path }),
    line: result.line,
    ...(who ? { who } : { noCredential: result.credential?.chosenBy === 'literal' ? 'literal' : 'none' }),
    hosts: toHosts(hops, run.url),
    outcome: toOutcome(result, find),
    durationMs: exchange?.hops.reduce((sum, hop) => sum + hop.timings.total, 0) ?? run.durationMs,
    httpVersion: exchange ? `HTTP/${exchange.response.httpVersion.replace(/^HTTP\//i, '')}` : '',
    headers,
    cookies: toCookieRows(exchange?.response.headers ?? [], url?.protocol === 'https:', find),
    hops: hops.map((hop, i) => toHop(hop, i, result, find)),
    ...(security ? { security } : {}),
    ...(exceptions.length > 0 ? { exceptions } : {}),
    ...(result.trace ? { trace: toTrace(result.trace, find) } : {}),
    ...(result.request ? { request: toSent(result.request, find) } : {}),
    tests: result.tests.map((test) => ({
      name: shownText(test.name, find),
      passed: test.passed,
      ...(test.message === undefined ? {} : { message: shownText(test.message, find) }),
      ...(test.line === undefined ? {} : { line: test.line }),
    })),
    ...(error ? { error: toError(error, find) } : {}),
    ...(broken ? { broken } : {}),
    notes: result.notes.map((note) => maskedText(note.message, find)),
    ...(stepUp ? { stepUp } : {}),
    ...(setUp ? { setUp } : {}),
    ...(problem ? { problem: toProblem(problem, find) } : {}),
    body,
    hiddenCount: countHidden(...headers.flatMap((header) => [header.name, header.value])),
  };
  return maskedData(model, find);
}

function toProblem({ title, detail }: ProblemDetails, find: FindSecrets): ProblemModel {
  const words = { title: shownStart(title, find, 300) };
  return detail === undefined ? words : { ...words, detail: shownStart(detail, find, 1000) };
}

/** Path and query of a tracked URL, secrets as chips. */
export function toTarget(url: SentRequest['url'], find: FindSecrets): Shown {
  const from = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url.text)?.[0].length ?? 0;
  const secrets = url.secrets
    .filter((span) => span.end > from)
    .map((span) => ({ ...span, start: Math.max(0, span.start - from), end: span.end - from }));
  const text = url.text.slice(from);
  const shown = toShown({ text, secrets }, find);
  return text.startsWith('/') ? shown : ['/', ...shown];
}

function toOutcome(result: RunResult, find: FindSecrets): Outcome {
  const { exchange, error } = result;
  const cancelled = error?.code === 'CS-NET-CANCELLED';
  if (exchange) {
    const { status } = exchange.response;
    const statusText = plainText(shownStart(exchange.response.statusText, find, 80));
    if (cancelled) return { kind: 'cancelled', status, statusText };
    const families: Readonly<Record<number, 'info' | 'ok' | 'redirect' | 'client'>> = {
      1: 'info',
      2: 'ok',
      3: 'redirect',
      4: 'client',
    };
    const family = families[Math.floor(status / 100)] ?? 'server';
    return {
      kind: 'response',
      status,
      statusText,
      family,
      broken: exchange.bodyError !== undefined,
    };
  }
  if (cancelled) return { kind: 'cancelled' };
  return { kind: 'not-sent', reason: reasonOf(error, result.trace), secretSent: result.secretSent };
}

function reasonOf(
  error: CountersignError | undefined,
  trace: RunResult['trace'],
): Extract<Outcome, { kind: 'not-sent' }>['reason'] {
  const code = error?.code ?? '';
  if (code === 'CS-AUTH-SECRET-MISSING') return 'secret';
  // It broke off on the way to the identity provider, not to the API.
  if (code.startsWith('CS-NET-') && trace?.outcome === 'failed') return 'sign-in';
  if (code.startsWith('CS-TLS-')) return 'tls';
  if (code.startsWith('CS-AUTH-')) return 'sign-in';
  if (code.startsWith('CS-NET-') || code === 'CS-HTTP-RESPONSE') return 'transport';
  return code.startsWith('CS-BIND-') ? 'binding' : 'other';
}

function toWho(result: RunResult): WhoModel | undefined {
  const used = result.credential;
  if (!used || used.chosenBy === 'literal') return undefined;
  const service = used.scheme === 'apiKey' || result.trace?.grant === 'client_credentials';
  const last = result.attached.at(-1);
  return {
    name: used.name,
    scheme: used.scheme,
    ...(used.identity === undefined ? {} : { identity: used.identity.label }),
    person: !service,
    chosenBy: used.chosenBy,
    onLastHop: last?.attached ?? true,
  };
}

function toHosts(hops: readonly Hop[], url: URL | undefined): ResponseModel['hosts'] {
  const urls =
    hops.length === 0 ? (url ? [url] : []) : hops.map((hop) => urlOf(hop.url)).filter((one) => one !== undefined);
  return urls
    .map((one) => ({ host: one.host, secure: one.protocol === 'https:' }))
    .filter((one, i, all) => one.host !== all[i - 1]?.host);
}

function toHop(hop: Hop, position: number, result: RunResult, find: FindSecrets): HopModel {
  const url = urlOf(hop.url);
  const attached = result.attached.find((entry) => entry.hop === position);
  return {
    method: hop.method,
    host: url?.host ?? '',
    target: shownText(url ? `${url.pathname}${url.search}` : '', find),
    ...(hop.response === undefined ? {} : { status: hop.response.status }),
    why: hop.why,
    reused: hop.reusedConnection,
    ...(hop.proxy === undefined ? {} : { proxy: hop.proxy }),
    ...(hop.remoteAddress === undefined ? {} : { address: hop.remoteAddress }),
    secure: url?.protocol === 'https:',
    ...(hop.tls?.exception === undefined ? {} : { exception: toExceptionModel(hop.tls.exception) }),
    times: { ...hop.timings },
    ...(attached && result.credential ? { attached: attached.attached } : {}),
    ...(attached?.reason === undefined ? {} : { reason: maskedText(attached.reason, find) }),
  };
}

function toSecurity(
  tls: TlsInfo | undefined,
  result: RunResult,
  url: URL | undefined,
  now: number,
): ResponseModel['security'] {
  if (tls) return url && toSecurityModel(tls, { url, now });
  const refused = toRefusedCertificate(result);
  return refused && result.error ? toFailedSecurityModel(result.error, refused, now) : undefined;
}

function toTrace(trace: NonNullable<RunResult['trace']>, find: FindSecrets): TraceModel {
  return {
    credential: trace.credential,
    grant: trace.grant,
    startedAt: trace.startedAt,
    outcome: trace.outcome,
    steps: trace.steps.map((step) => ({
      title: step.title,
      durationMs: step.durationMs,
      outcome: step.outcome,
      ...(step.rule === undefined ? {} : { rule: { text: step.rule.text, url: step.rule.url } }),
      ...(step.request === undefined ? {} : { request: shownText(step.request, find) }),
      ...(step.response === undefined ? {} : { response: shownText(step.response, find) }),
      ...(step.connection === undefined ? {} : { connection: shownText(step.connection, find) }),
      ...(step.earlier === undefined
        ? {}
        : {
            earlier: step.earlier.map(({ request, response }) => ({
              request: shownText(request, find),
              ...(response === undefined ? {} : { response: shownText(response, find) }),
            })),
          }),
      ...(step.detail === undefined ? {} : { detail: shownText(step.detail, find) }),
    })),
    ...(trace.cause === undefined ? {} : { cause: maskedText(bareCause(trace.cause), find) }),
    ...(trace.next === undefined ? {} : { next: maskedText(trace.next, find) }),
    ...(trace.code === undefined ? {} : { code: trace.code }),
  };
}

function toSent(request: SentRequest, find: FindSecrets): SentModel {
  return {
    method: request.method,
    target: toTarget(request.url, find),
    httpVersion: request.httpVersion,
    headers: request.headers.map(({ name, value }) => ({ name: shownText(name, find), value: toShown(value, find) })),
    bodyBytes: request.bodyBytes,
    ...(request.body === undefined ? {} : { body: toShown(request.body, find) }),
    bodyCut: request.body !== undefined && request.bodyBytes > shownBodyLimit,
    strippedLines: request.strippedLines,
  };
}

function toError(error: CountersignError, find: FindSecrets): ErrorModel {
  const report = toErrorReport(error);
  const fix = error.facts['fix'] as { readonly title?: unknown } | undefined;
  const action = typeof fix?.title === 'string' ? fix.title : report.action;
  const likely = error.facts['likely'];
  const serverText = error.facts['serverText'];
  return {
    code: report.code,
    message: maskedText(report.message, find),
    next: maskedText(report.next, find),
    ...(action === undefined ? {} : { action }),
    sure: fix !== undefined,
    ...(report.place?.file === undefined ? {} : { file: basename(report.place.file) }),
    ...(report.place?.line === undefined ? {} : { line: report.place.line }),
    ...(typeof likely === 'string' ? { likely: maskedText(bareCause(likely), find) } : {}),
    ...(typeof serverText === 'string' ? { detail: shownStart(serverText, find, 500) } : {}),
  };
}

function urlOf(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

/** For the editor tab: `listOrders · 200`. */
export function toTitle(model: ResponseModel): string {
  const { outcome } = model;
  const word =
    outcome.kind === 'response' ? String(outcome.status) : outcome.kind === 'cancelled' ? 'cancelled' : 'not sent';
  return `${model.title} · ${word}`;
}
