/**
 * What is wrong in a request file, where it stands: what the parser found, literal secrets, names nobody knows, and
 * credentials that may not go where a request goes. The last two ask the context, which asks no person and no network.
 * One pass yields between chunks and stops at a limit, so that a file of ten thousand requests stays quick.
 */
import type { LanguageDiagnostic, RequestFile, RequestNode, Span, Template } from '../types.ts';
import { credentialUses } from './definition.ts';
import type { FeatureContext, LiteralFact, ProblemFact, ReferenceFact } from './feature-context.ts';
import { unknownRequests } from './unknown-requests.ts';
import { headOf, referencesOf, referencesOfVariables, toSource, type PlacedReference } from './references-in-file.ts';

/** What a quick fix needs beside the diagnostic. */
export type DiagnosticFacts =
  | {
      readonly kind: 'unknown-variable';
      readonly name: string;
      readonly close: readonly string[];
      readonly environment?: string;
      readonly nameSpan: Span;
    }
  | { readonly kind: 'unknown-request'; readonly close: readonly string[]; readonly nameSpan: Span }
  | { readonly kind: 'unknown-credential'; readonly name: string; readonly close: readonly string[] }
  | {
      readonly kind: 'binding';
      readonly credential: string;
      readonly origin: string;
      readonly own: boolean;
      readonly request: number;
      readonly directive?: Span;
    }
  | {
      readonly kind: 'secret';
      readonly secret: LiteralFact['kind'];
      readonly username?: string;
      readonly header: string;
      readonly where: 'header' | 'query' | 'variable';
      readonly request?: number;
      readonly line: Span;
    }
  | { readonly kind: 'definition-secret'; readonly credential: string; readonly slot: string }
  | {
      readonly kind: 'definition-fix';
      readonly title: string;
      readonly edits: readonly { readonly span: Span; readonly text: string }[];
    };

export interface FeatureDiagnostic extends LanguageDiagnostic {
  readonly facts?: DiagnosticFacts;
}

export interface DiagnosticOptions {
  /** Where the person is: requests from here on are looked at first. */
  readonly from?: number;
  /** Questions put to the context in one pass. */
  readonly limit?: number;
  /** Lets others run; called between chunks. */
  readonly pause?: () => Promise<void>;
  readonly isCancelled?: () => boolean;
}

const defaultLimit = 300;
const chunk = 200;

/** The parser’s and literal secrets: from the text alone, with no question to anyone. */
export async function plainDiagnostics(
  file: RequestFile,
  context: Pick<FeatureContext, 'literals'>,
  { pause = () => Promise.resolve() }: Pick<DiagnosticOptions, 'pause'> = {},
): Promise<readonly FeatureDiagnostic[]> {
  const found: FeatureDiagnostic[] = [...file.diagnostics];
  for (const variable of file.variables) {
    const { name, value, span } = variable;
    for (const literal of context.literals(name, value.text)) {
      found.push(secretDiagnostic(literal, { header: name, where: 'variable', line: span }, value, 0));
    }
  }
  for (const [index, request] of file.requests.entries()) {
    if (index % chunk === chunk - 1) await pause();
    for (const literal of literalsOf(request, context)) found.push(literal);
  }
  return found;
}

/** Literal secrets of one request: in its headers, then in its query. */
export function literalsOf(
  request: RequestNode,
  context: Pick<FeatureContext, 'literals'>,
): readonly FeatureDiagnostic[] {
  const found: FeatureDiagnostic[] = [];
  for (const header of request.headers) {
    const line = { start: header.name.span.start, end: Math.max(header.span.end, header.value.span.end) };
    const about = { header: header.name.text.trim(), where: 'header', request: request.index, line } as const;
    for (const literal of context.literals(header.name.text, header.value.text)) {
      found.push(secretDiagnostic(literal, about, header.value, 0));
    }
  }
  return found.concat(literalsInQuery(request, context));
}

type SecretPlace = Pick<Extract<DiagnosticFacts, { kind: 'secret' }>, 'header' | 'where' | 'request' | 'line'>;

function secretDiagnostic(literal: LiteralFact, about: SecretPlace, value: Template, shift: number): FeatureDiagnostic {
  return {
    code: 'CS-DEF-SECRET',
    severity: 'warning',
    message: literal.message,
    span: toSource(value, literal.start + shift, literal.end + shift),
    facts: {
      kind: 'secret',
      secret: literal.kind,
      ...about,
      ...(literal.username === undefined ? {} : { username: literal.username }),
    },
  };
}

/** Parameters of the query, judged by their names as headers are. */
function literalsInQuery(request: RequestNode, context: Pick<FeatureContext, 'literals'>): FeatureDiagnostic[] {
  const { text } = request.url;
  const question = text.indexOf('?');
  if (question < 0) return [];
  const found: FeatureDiagnostic[] = [];
  for (const match of text.slice(question).matchAll(/[?&]([\w.-]+)=([^&#\s]{8,})/g)) {
    const [whole, name = '', value = ''] = match;
    const at = question + match.index + whole.length - value.length;
    const line = toSource(request.url, at, at + value.length);
    const about = { header: name, where: 'query', request: request.index, line } as const;
    for (const literal of context.literals(name.replaceAll('_', '-'), value)) {
      found.push(secretDiagnostic(literal, about, request.url, at));
    }
  }
  return found;
}

/** Unknown names and refused origins. Nothing when the context sees the file alone. */
export async function resolvedDiagnostics(
  file: RequestFile,
  context: FeatureContext,
  options: DiagnosticOptions = {},
): Promise<readonly FeatureDiagnostic[]> {
  if (!context.complete) return [];
  const { pause = () => Promise.resolve(), isCancelled = () => false, limit = defaultLimit, from = 0 } = options;
  const found: FeatureDiagnostic[] = [];
  let questions = 0;
  const start = Math.max(
    0,
    file.requests.findIndex((request) => request.span.end > from),
  );
  const inOrder = [...file.requests.slice(start), ...file.requests.slice(0, start)];

  const known = await context.knownNames();
  const described = new Map<string, ReferenceFact>();
  const lookAt = async (reference: PlacedReference): Promise<void> => {
    if (isKnown(reference, known)) return;
    let fact = described.get(reference.expression);
    if (!fact) {
      if (questions++ >= limit) return;
      fact = await context.describe(reference.expression, reference.request);
      // A prompt answers in its own request only, so only answers that hold everywhere are kept.
      if (!fact.origin && !fact.problem) return;
      if (reference.request === undefined || !mayDiffer(file, reference.request))
        described.set(reference.expression, fact);
    }
    if (fact.problem && told.has(fact.problem.code)) found.push(referenceDiagnostic(reference, fact.problem));
  };
  for (const reference of referencesOfVariables(file)) await lookAt(reference);
  for (const [index, request] of inOrder.entries()) {
    if (index % chunk === chunk - 1) await pause();
    if (isCancelled()) return found;
    for (const reference of referencesOf(request)) await lookAt(reference);
  }

  found.push(...(await unknownRequests(file, context)), ...(await unknownCredentials(file, context)));
  const names = new Set((await context.credentials()).map(({ name }) => name));
  for (const request of inOrder.filter((one) => usesCredential(one, names))) {
    if (questions++ >= limit * 2) break;
    if (questions % 50 === 0) await pause();
    if (isCancelled()) return found;
    const refused = await bindingDiagnostic(request, context);
    if (refused) found.push(refused);
  }
  return found;
}

/** Problems that are the file’s, not the moment’s: a response that is not there yet is none. */
const told: ReadonlySet<string> = new Set([
  'CS-VAR-UNKNOWN',
  'CS-VAR-CYCLE',
  'CS-VAR-SCRIPT',
  'CS-VAR-UNSUPPORTED',
  'CS-VAR-ARGUMENT',
]);

function isKnown({ expression, kind }: PlacedReference, known: ReadonlySet<string>): boolean {
  if (kind === 'empty' || kind === 'literal') return true;
  if (known.has(expression)) return true;
  return (kind === 'path' || kind === 'request') && known.has(headOf(expression));
}

function mayDiffer(file: RequestFile, request: number): boolean {
  return file.requests[request]?.directives.some(({ name }) => /^(?:prompt|secret)$/i.test(name)) === true;
}

function referenceDiagnostic(reference: PlacedReference, problem: ProblemFact): FeatureDiagnostic {
  const unknown = problem.code === 'CS-VAR-UNKNOWN';
  const close = problem.close ?? [];
  const name = headOf(reference.expression);
  const { start } = reference.expressionSpan;
  return {
    code: problem.code,
    severity: unknown ? 'error' : 'warning',
    message: close.length > 0 ? `${problem.message} Close: ${close.join(', ')}.` : problem.message,
    span: reference.span,
    ...(unknown && {
      facts: {
        kind: 'unknown-variable',
        name,
        close,
        nameSpan: { start, end: start + name.length },
        ...(problem.environment === undefined ? {} : { environment: problem.environment }),
      },
    }),
  };
}

async function unknownCredentials(file: RequestFile, context: FeatureContext): Promise<readonly FeatureDiagnostic[]> {
  const names = (await context.credentials()).map(({ name }) => name);
  const known = new Set(names);
  return credentialUses(file)
    .filter(({ name }) => !known.has(name))
    .slice(0, 1000)
    .map(({ name, span }) => {
      const close = context.closest(name, names);
      const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
      return {
        code: 'CS-DEF-UNKNOWN',
        severity: 'error',
        message: `No credential is called “${shown}”.${close.length > 0 ? ` Close: ${close.join(', ')}.` : ''}`,
        span,
        facts: { kind: 'unknown-credential', name, close },
      };
    });
}

function authDirective(request: RequestNode): RequestNode['directives'][number] | undefined {
  return request.directives.find(({ name }) => /^(?:auth|no-?auth)$/i.test(name));
}

/** Worth a question: it names a credential that exists. A default one is used only where it may go. */
function usesCredential(request: RequestNode, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const directive = authDirective(request);
  return directive !== undefined && names.has(directive.value.trim());
}

async function bindingDiagnostic(
  request: RequestNode,
  context: FeatureContext,
): Promise<FeatureDiagnostic | undefined> {
  const fact = await context.request(request.index);
  if (!fact?.refused || fact.credential === undefined) return undefined;
  const directive = authDirective(request);
  return {
    code: fact.refused.code,
    severity: 'warning',
    message: fact.refused.message,
    span: request.url.span,
    facts: {
      kind: 'binding',
      credential: fact.credential,
      origin: fact.origin ?? '',
      own: fact.own === true,
      request: request.index,
      ...(directive ? { directive: directive.valueSpan } : {}),
    },
  };
}
