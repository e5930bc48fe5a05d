/**
 * Answers what editor features ask, from the engine: variables without asking anyone, credentials without their secrets.
 * Where the folder is not trusted only the file itself is looked at: no environment file, no vault (house.md §6 rule 5).
 */
import { findLiteralSecrets } from '../credentials/literal-secrets.ts';
import type { FeatureContext, RequestFact } from '../language/features/feature-context.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import type { FileReader } from '../ports.ts';
import { describeReference } from '../variables/describe-reference.ts';
import { dynamicVariables } from '../variables/dynamic/registry.ts';
import { loadImports } from '../variables/imports/imported-files.ts';
import { createResolver } from '../variables/resolver.ts';
import { findCaptured } from '../variables/sources/request-variables.ts';
import { variableSources } from '../variables/sources/registry.ts';
import type { VariableContext } from '../variables/types.ts';
import { closestNames } from '../variables/words.ts';
import type { CredentialFacts } from './credential-facts.ts';
import type { RequestDescription } from './describe.ts';
import { parseDuration } from './duration.ts';
import type { EngineDeps } from './engine-deps.ts';

/** Of a kept body that completion looks into, in characters. */
const largestBody = 2_000_000;

const noFiles: FileReader = {
  readText: () => Promise.resolve(''),
  readBytes: () => Promise.resolve(new Uint8Array()),
  exists: () => Promise.resolve(false),
  size: () => Promise.resolve(undefined),
};

/** What a surface knows and this does not: the document, the choices of the person, and where to ask. */
export interface FeatureHost {
  readonly file: RequestFile;
  readonly path: string | undefined;
  readonly root: string | undefined;
  /** False: look at the file alone. */
  readonly complete: boolean;
  readonly environments: readonly string[];
  readonly deps: Pick<EngineDeps, 'files' | 'clock' | 'random' | 'env' | 'captures' | 'scripts' | 'settings'>;
  readonly credentials: Pick<CredentialFacts, 'summaries' | 'of'>;
  describe(request: RequestNode): Promise<RequestDescription>;
  operations: FeatureContext['operations'];
  /** A person said of this text that it is no secret. */
  isDismissed(text: string): boolean;
}

/** For one question or one pass over one version of a document. */
export function createFeatureContext(host: FeatureHost): FeatureContext {
  const { file, path, root, complete, deps, credentials } = host;
  const snapshot = new Map<string, Promise<unknown>>();
  const variables = (request: number | undefined): VariableContext => ({
    ...variablesOf(host),
    file,
    request,
    overrides: complete ? deps.scripts.kept(root, path) : new Map(),
    snapshot,
  });
  return {
    complete,
    dynamics: dynamicVariables,
    variables: (request) => createResolver(variables(request), variableSources).list(),
    async knownNames() {
      const names = new Set<string>();
      for (const source of variableSources) {
        for (const { name } of await source.list(variables(undefined))) names.add(name);
      }
      return names;
    },
    async describe(expression, request) {
      const found = await describeReference(expression, variables(request));
      const { problem, ...known } = found;
      if (!problem) return known;
      const { close, environment } = problem.facts as { close?: readonly string[]; environment?: string };
      return {
        ...known,
        problem: {
          code: problem.code,
          message: problem.message,
          next: problem.next,
          ...(close === undefined ? {} : { close }),
          ...(environment === undefined ? {} : { environment }),
        },
      };
    },
    operations: async () => (complete ? host.operations() : []),
    async messageBody(name, message) {
      if (!complete) return undefined;
      const captured = await findCaptured(name, variables(undefined));
      const text = await captured?.[message].body();
      if (text === undefined || text.length > largestBody) return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
    },
    async imports() {
      const { files, problems } = await loadImports(variables(undefined));
      return {
        requests: files.flatMap((imported) =>
          imported.file.requests.map(({ name, title, method, url, line, requestLine }) => ({
            name,
            title,
            detail: `${method} ${url.text}`,
            origin: { label: imported.path, file: imported.path, line, span: requestLine },
          })),
        ),
        problems: problems.flatMap(({ code, message, place }) =>
          place?.file === path && place?.start !== undefined && place.end !== undefined
            ? [{ code, message, span: { start: place.start, end: place.end } }]
            : [],
        ),
      };
    },
    credentials: async () => (complete ? credentials.summaries() : []),
    credential: async (name) => (complete ? credentials.of(name) : undefined),
    async request(index): Promise<RequestFact | undefined> {
      const request = complete ? file.requests[index] : undefined;
      if (!request) return undefined;
      const { credential, credentialName, origin, refused } = await host.describe(request);
      return {
        ...(credentialName === undefined ? {} : { credential: credentialName }),
        ...(credential === undefined ? {} : { own: credential.owner === 'user' }),
        ...(origin === undefined ? {} : { origin }),
        ...(refused && { refused: { code: refused.code, message: refused.message, next: refused.next } }),
      };
    },
    literals: (header, value) =>
      findLiteralSecrets(header, value).filter(({ start, end }) => !host.isDismissed(value.slice(start, end))),
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

function variablesOf(host: FeatureHost): Omit<VariableContext, 'file' | 'request' | 'overrides'> {
  const { path, root, deps } = host;
  const { clock, random } = deps;
  if (!host.complete) {
    const nothing = { environments: [], settings: {}, captured: new Map(), env: {}, files: noFiles };
    return { path, root, ...nothing, clock, random };
  }
  return {
    path,
    root,
    environments: host.environments,
    settings: deps.settings(root).variables,
    captured: deps.captures.forFile(path),
    capturedIn: (other) => deps.captures.forFile(other),
    env: deps.env,
    files: deps.files,
    clock,
    random,
  };
}
