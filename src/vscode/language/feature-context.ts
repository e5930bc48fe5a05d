/** What editor features ask, answered for a document of VS Code. */
import { workspace, type TextDocument } from 'vscode';
import type { FeatureContext } from '../../language/features/feature-context.ts';
import { CredentialFacts } from '../../run/credential-facts.ts';
import { createFeatureContext as createContext } from '../../run/feature-context.ts';
import type { App } from '../app.ts';
import { loadWorkspaceOperations } from './api-descriptions.ts';
import { isDismissed } from './dismissed-secrets.ts';

/** For one question or one pass over one version of a document. */
export function createFeatureContext(app: App, document: TextDocument): FeatureContext {
  const { composed } = app;
  const place = app.placeOf(document.uri);
  return createContext({
    file: app.documents.parse(document),
    ...place,
    complete: workspace.isTrusted,
    environments: app.environments.current,
    deps: composed.deps,
    credentials: new CredentialFacts({
      root: place.root,
      composed,
      ready: app.workspaceReady,
      resolveText: (text) => app.resolveTextOf(document)(text),
      looksAtSecrets: true,
    }),
    describe: (request) => app.facts.describe(document, request),
    operations: () => loadWorkspaceOperations(composed.deps.files),
    isDismissed: (text) => isDismissed(app.context.globalState, text),
  });
}
