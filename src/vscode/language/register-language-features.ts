/**
 * Registers every editor feature of request files, and the diagnostics of files that define credentials and environments.
 * Lenses are registered elsewhere. All of it works in an untrusted workspace from the open document alone.
 */
import { CodeActionKind, languages, type Disposable } from 'vscode';
import { embeddings } from '../../language/embedded/registry.ts';
import { completionTriggers } from '../../language/features/completion.ts';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import type { App } from '../app.ts';
import { RequestCompletion } from './completion-provider.ts';
import { CaptureHierarchy } from './capture-hierarchy.ts';
import { DefinitionDiagnostics } from './definition-diagnostics.ts';
import { registerEditingProviders } from './editing-providers.ts';
import { QuickFixes } from './quick-fixes.ts';
import { RequestRename } from './rename-provider.ts';
import { registerReadingProviders } from './reading-providers.ts';
import { RequestDiagnostics } from './request-diagnostics.ts';
import { RequestInlayHints } from './request-inlay-hints.ts';

const kinds = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
/** Request files, and other texts that may hold requests. */
const holders = ['http', ...embeddings.flatMap(({ languages: ids }) => ids)].map((language) => ({ language }));
const definitionFiles = [{ scheme: 'file', pattern: '**/countersign.json' }];

export function registerLanguageFeatures(app: App): Disposable {
  const diagnostics = new RequestDiagnostics(app);
  const definitions = new DefinitionDiagnostics(app);
  const hints = new RequestInlayHints(app);
  const nothing = parseRequestFile('');
  const registered: Disposable[] = [
    diagnostics,
    definitions,
    hints,
    languages.registerInlayHintsProvider({ language: 'http' }, hints),
    languages.registerCallHierarchyProvider({ language: 'http' }, new CaptureHierarchy(app)),
    languages.registerCompletionItemProvider(holders, new RequestCompletion(app), ...completionTriggers),
    languages.registerCodeActionsProvider(
      holders,
      new QuickFixes(
        (document) => app.documents.parse(document),
        (document) => diagnostics.of(document),
      ),
      kinds,
    ),
    languages.registerCodeActionsProvider(
      definitionFiles,
      new QuickFixes(
        () => nothing,
        (document) => definitions.of(document),
      ),
      kinds,
    ),
    languages.registerRenameProvider({ language: 'http' }, new RequestRename(app)),
    ...registerReadingProviders(app),
    ...registerEditingProviders(app),
  ];
  return { dispose: () => registered.forEach((one) => void one.dispose()) };
}
