/**
 * Answers what editor features ask, from the app: variables without asking anyone, credentials without their secrets.
 * In an untrusted workspace only the document itself is looked at: no environment file, no vault (house.md §6 rule 5).
 */
import { workspace, type TextDocument } from 'vscode';
import { findLiteralSecrets } from '../../credentials/literal-secrets.ts';
import type { FeatureContext, RequestFact } from '../../language/features/feature-context.ts';
import type { FileReader } from '../../ports.ts';
import { parseDuration } from '../../run/duration.ts';
import { describeReference } from '../../variables/describe-reference.ts';
import { dynamicVariables } from '../../variables/dynamic/registry.ts';
import { loadImports } from '../../variables/imports/imported-files.ts';
import { createResolver } from '../../variables/resolver.ts';
import { findCaptured } from '../../variables/sources/request-variables.ts';
import { variableSources } from '../../variables/sources/registry.ts';
import type { VariableContext } from '../../variables/types.ts';
import { closestNames } from '../../variables/words.ts';
import type { App } from '../app.ts';
import { loadOperations } from './api-descriptions.ts';
import { CredentialFacts } from './credential-facts.ts';
import { isDismissed } from './dismissed-secrets.ts';

/** Of a kept body that completion looks into, in characters. */
const largestBody = 2_000_000;

const noFiles: FileReader = {
  readText: () => Promise.resolve(''),
  readBytes: () => Promise.resolve(new Uint8Array()),
  exists: () => Promise.resolve(false),
  size: () => Promise.resolve(undefined),
};

/** For one question or one pass over one version of a document. */
export function createFeatureContext(app: App, document: TextDocument): FeatureContext {
  const complete = workspace.isTrusted;
  const file = app.documents.parse(document);
  const snapshot = new Map<string, Promise<unknown>>();
  const variables = (request: number | undefined): VariableContext => ({
    ...variablesOf(app, document, complete),
    file,
    request,
    overrides: complete ? globalsOf(app, document) : new Map(),
    snapshot,
  });
  const credentials = new CredentialFacts(app, document);
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
    operations: async () => (complete ? loadOperations(app.composed.deps.files) : []),
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
      const { path } = app.placeOf(document.uri);
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
      const { credential, credentialName, origin, refused } = await app.facts.describe(document, request);
      return {
        ...(credentialName === undefined ? {} : { credential: credentialName }),
        ...(credential === undefined ? {} : { own: credential.owner === 'user' }),
        ...(origin === undefined ? {} : { origin }),
        ...(refused && { refused: { code: refused.code, message: refused.message, next: refused.next } }),
      };
    },
    literals: (header, value) =>
      findLiteralSecrets(header, value).filter(
        ({ start, end }) => !isDismissed(app.context.globalState, value.slice(start, end)),
      ),
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

/** What scripts kept with `client.global` in this window. */
function globalsOf(app: App, document: TextDocument): VariableContext['overrides'] {
  const { root, path } = app.placeOf(document.uri);
  return app.composed.deps.scripts.kept(root, path);
}

function variablesOf(
  app: App,
  document: TextDocument,
  complete: boolean,
): Omit<VariableContext, 'file' | 'request' | 'overrides'> {
  const { deps } = app.composed;
  const { clock, random } = deps;
  const place = app.placeOf(document.uri);
  if (!complete) {
    const nothing = { environments: [], settings: {}, captured: new Map(), env: {}, files: noFiles };
    return { ...place, ...nothing, clock, random };
  }
  return {
    ...place,
    environments: app.environments.current,
    settings: deps.settings(place.root).variables,
    captured: deps.captures.forFile(place.path),
    capturedIn: (other) => deps.captures.forFile(other),
    env: deps.env,
    files: deps.files,
    clock,
    random,
  };
}
