/** A feature context over plain data, with the real search for literal secrets, and a text with its cursor at `$0`. */
import { findLiteralSecrets } from '../../src/credentials/literal-secrets.ts';
import type {
  CredentialFact,
  FeatureContext,
  ImportFacts,
  OriginFact,
  RequestFact,
} from '../../src/language/features/feature-context.ts';
import type { OperationFact } from '../../src/language/features/openapi.ts';
import { parseRequestFile } from '../../src/language/parse-request-file.ts';
import type { RequestFile } from '../../src/language/types.ts';
import { parseDuration } from '../../src/run/duration.ts';
import { dynamicVariables } from '../../src/variables/dynamic/registry.ts';
import { closestNames } from '../../src/variables/words.ts';

export interface FakeFacts {
  /** By name: what is shown, and where from. */
  readonly variables?: Readonly<
    Record<string, { display?: string; origin?: OriginFact; overrides?: readonly OriginFact[] }>
  >;
  readonly credentials?: Readonly<Record<string, Partial<CredentialFact>>>;
  readonly requests?: Readonly<Record<number, RequestFact>>;
  /** By `name.response`. */
  readonly bodies?: Readonly<Record<string, unknown>>;
  readonly operations?: readonly OperationFact[];
  readonly imported?: ImportFacts['requests'];
  readonly importProblems?: ImportFacts['problems'];
  readonly environment?: string;
  readonly complete?: boolean;
}

export interface FakeContext extends FeatureContext {
  /** Expressions that were asked about, in order. */
  readonly asked: string[];
}

export function fakeContext(file: RequestFile, facts: FakeFacts = {}): FakeContext {
  const asked: string[] = [];
  const known = new Map(
    file.variables.map(({ name, value, span, line }) => [
      name,
      { display: value.text, origin: { label: 'this file', span, line }, overrides: [] as readonly OriginFact[] },
    ]),
  );
  for (const [
    name,
    { display, origin = { label: 'http-client.env.json', file: '/w/http-client.env.json', line: 3 }, overrides = [] },
  ] of Object.entries(facts.variables ?? {})) {
    known.set(name, { display: display as string, origin: origin as never, overrides });
  }
  const requestNames = file.requests.flatMap(({ name }) => (name === null ? [] : [name]));
  const credential = (name: string): CredentialFact | undefined => {
    const found = facts.credentials?.[name];
    return (
      found && {
        name,
        scheme: 'OAuth 2.0',
        origins: ['https://api.example.com'],
        state: 'not signed in',
        well: false,
        keptIn: 'system secret store',
        definedIn: { label: 'countersign.json', file: '/w/countersign.json', line: 2 },
        signedIn: false,
        canSignIn: true,
        ...found,
      }
    );
  };
  return {
    asked,
    complete: facts.complete ?? true,
    dynamics: dynamicVariables,
    variables: async () => [
      ...[...known].map(([name, { display, origin }]) => ({ name, display, origin })),
      ...requestNames.map((name) => ({ name, display: undefined, origin: { label: `response of ${name}` } })),
    ],
    knownNames: async () => new Set([...known.keys(), ...requestNames]),
    async describe(expression) {
      asked.push(expression);
      const found = known.get(expression) ?? known.get(/^[^.[]+/.exec(expression)?.[0] ?? '');
      if (found) return { ...found, source: found.origin.label };
      if (expression.startsWith('$') && dynamicVariables.some(({ name }) => expression.startsWith(name))) {
        return { display: undefined, origin: { label: 'dynamic variable' }, source: 'dynamic variable', overrides: [] };
      }
      const where = facts.environment === undefined ? '' : ` in environment ${facts.environment}`;
      const close = closestNames(expression, known.keys());
      const problem = {
        code: 'CS-VAR-UNKNOWN',
        message: `No variable is called “${expression}”${where}.`,
        next: 'Check its spelling.',
        close,
        ...(facts.environment === undefined ? {} : { environment: facts.environment }),
      };
      return { display: undefined, origin: undefined, source: undefined, overrides: [], problem };
    },
    messageBody: async (name, message) => facts.bodies?.[`${name}.${message}`],
    operations: async () => facts.operations ?? [],
    imports: async () => ({ requests: facts.imported ?? [], problems: facts.importProblems ?? [] }),
    credentials: async () => Object.keys(facts.credentials ?? {}).flatMap((name) => credential(name) ?? []),
    credential: async (name) => credential(name),
    request: async (index) => facts.requests?.[index],
    literals: findLiteralSecrets,
    closest: closestNames,
    duration(text) {
      try {
        return parseDuration(text);
      } catch {
        return undefined;
      }
    },
  };
}

/** The file without its `$0`, and where that stood. */
export function atCursor(marked: string): { readonly file: RequestFile; readonly offset: number } {
  const offset = marked.indexOf('$0');
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  return { file: parseRequestFile(marked.slice(0, offset) + marked.slice(offset + 2)), offset };
}

/** The text after changes that do not overlap. */
export function applied(
  text: string,
  changes: readonly { span: { start: number; end: number }; text: string }[],
): string {
  return [...changes]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((out, { span, text: put }) => out.slice(0, span.start) + put + out.slice(span.end), text);
}
