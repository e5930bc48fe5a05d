/** `--format json`: one object a line, in order of sending. Exact form: contracts.md §5. */
import type { TlsException, TlsInfo } from '../../http/types.ts';
import { toErrorReport } from '../../errors/countersign-error.ts';
import { toExceptionsInForce } from '../../run/exceptions-in-force.ts';
import { endOfProcess } from '../../run/trust-decisions.ts';
import type { IdentityFacts, RunResult } from '../../run/types.ts';
import type { OutputContext, OutputFormat } from './format.ts';

const bodyLimit = 256 * 1024 * 1024;

export const json: OutputFormat = {
  id: 'json',
  description: 'one JSON object a line',
  start: (context) => ({
    async result(result) {
      context.write(`${JSON.stringify(await toJson(result, context))}\n`);
    },
    end: () => Promise.resolve(),
  }),
};

async function toJson(result: RunResult, context: OutputContext): Promise<object> {
  const { exchange, request, credential, error } = result;
  const { redact } = context;
  const pairs = (headers: readonly (readonly [string, string])[]): [string, string][] =>
    headers.map(([name, value]) => [name, redact(value)]);
  const notes = [...result.notes.map((note) => note.message), ...toExceptionsInForce(result).map(exceptionNote)];
  return {
    file: context.shownPath(result.path),
    name: result.name,
    line: result.line,
    ...(credential && {
      credential: {
        name: credential.name,
        scheme: credential.scheme,
        ...(credential.identity && { identity: redact(credential.identity.label) }),
      },
    }),
    request: request
      ? {
          method: request.method,
          url: redact(request.url.text),
          httpVersion: request.httpVersion,
          headers: pairs(request.headers.map(({ name, value }) => [name, value.text] as const)),
          bodyBytes: request.bodyBytes,
        }
      : unresolved(result, context),
    ...(exchange && {
      response: {
        status: exchange.response.status,
        statusText: redact(exchange.response.statusText),
        httpVersion: `HTTP/${exchange.response.httpVersion}`,
        headers: pairs(exchange.response.headers),
        bodyBytes: exchange.body.bytes,
        encodedBytes: exchange.body.encodedBytes,
        ...(context.includeBody ? await body(result, context) : {}),
      },
    }),
    hops: (exchange?.hops ?? []).map((hop) => ({
      url: redact(hop.url),
      ...(hop.response && { status: hop.response.status }),
      why: hop.why,
      ...(hop.tls?.exception && { tls: { exception: exception(hop.tls.exception) } }),
    })),
    timings: exchange ? rounded(exchange.timings) : nothingHappened,
    ...(exchange?.tls && { tls: tls(exchange.tls) }),
    ...(result.comparison && { comparison: comparison(result.comparison) }),
    tests: result.tests.map((test) => ({
      name: redact(test.name),
      passed: test.passed,
      ...(test.message === undefined ? {} : { message: redact(test.message) }),
      ...(test.line === undefined ? {} : { line: test.line }),
    })),
    ...(error && {
      error: {
        code: error.code,
        message: redact(error.message),
        next: redact(error.next),
        ...(error.place === undefined ? {} : { place: toErrorReport(error).place }),
      },
    }),
    ...(notes.length > 0 && { notes: notes.map(redact) }),
  };
}

/** Present when a request was sent as several: whom this one was for, and its body beside the first. */
function comparison({ as, expected, asExpected, body }: IdentityFacts): object {
  return {
    as,
    ...(expected === undefined ? {} : { expectedStatus: expected, asExpected }),
    ...(body && {
      bodyComparison:
        body.kind === 'reference'
          ? { equal: true, to: as }
          : body.kind === 'same'
            ? { equal: true, to: body.as }
            : { equal: false, to: body.from, differences: body.differences ?? null },
    }),
  };
}

const nothingHappened = {
  queued: null,
  dns: null,
  connect: null,
  proxy: null,
  tls: null,
  request: null,
  firstByte: null,
  download: null,
  total: null,
};

/** A request that could not be resolved, as the file has it, without the password of its address. */
function unresolved(result: RunResult, context: OutputContext): object | null {
  const node = context.source(result.path)?.requests.find(({ line }) => line === result.line);
  if (!node) return null;
  const url = node.url.text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1');
  return { method: node.method, url: context.redact(url), httpVersion: 'HTTP/1.1', headers: [], bodyBytes: 0 };
}

function rounded(timings: object): object {
  return Object.fromEntries(
    Object.entries(timings).map(([key, value]) => [
      key,
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ]),
  );
}

function tls(info: TlsInfo): object {
  return {
    protocol: info.protocol,
    cipher: info.cipher,
    authorized: info.authorized,
    ...(info.exception && {
      exception: exception(info.exception),
    }),
    chain: info.chain.map(({ subject, issuer, san, validFrom, validTo, fingerprint256 }) => ({
      subject,
      issuer,
      san,
      validFrom,
      validTo,
      fingerprint256,
    })),
  };
}

function exception(made: TlsException): object {
  // Null: it ends with this run.
  return { ...made, expires: made.expires >= endOfProcess ? null : new Date(made.expires).toISOString() };
}

function exceptionNote({ kind, origin }: TlsException): string {
  return kind === 'pin'
    ? `The certificate of ${origin} is trusted by an exception.`
    : `Any certificate of ${origin} is accepted, by an exception.`;
}

/** Text where it is UTF-8, base64 otherwise; a secret the server echoed is dots either way. */
async function body(result: RunResult, context: OutputContext): Promise<object> {
  const bytes = await result.exchange?.body.bytesUpTo(bodyLimit);
  if (!bytes) return {};
  try {
    return { body: context.redact(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    const latin = Buffer.from(bytes).toString('latin1');
    return { body: Buffer.from(context.redact(latin), 'latin1').toString('base64'), bodyEncoding: 'base64' };
  }
}
