/**
 * One editor that is served: its folders, its settings, its documents, and the engine that answers. Nothing is sent,
 * nobody is asked, and no secret is read: not the keyring, not for looking either.
 */
import { dirname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FeatureContext } from '../../language/features/feature-context.ts';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import type { RequestFile } from '../../language/types.ts';
import { loadOperations } from '../../run/api-descriptions.ts';
import { CredentialFacts } from '../../run/credential-facts.ts';
import { createDefinitionResolver } from '../../run/definition-resolver.ts';
import { describeRequest } from '../../run/describe.ts';
import { createFeatureContext } from '../../run/feature-context.ts';
import { loadWorkspaceDefinitions } from '../../run/workspace-definitions.ts';
import type { RenameContext } from '../../variables/rename-across.ts';
import { composeCli } from '../compose-cli.ts';
import { OpenDocuments, type OpenDocument } from './open-documents.ts';
import type { Positions } from './positions.ts';
import { readSettings, type ServerSettings } from './settings.ts';
import { findApiDescriptions, findRequestFiles } from './workspace-files.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

export class Session {
  readonly documents = new OpenDocuments();
  readonly positions: Positions;
  settings: ServerSettings = readSettings(undefined);
  /** Absolute paths of the folders that the editor has open. */
  roots: readonly string[] = [];
  readonly #composed: Composed;

  private constructor(positions: Positions, composed: Composed) {
    this.positions = positions;
    this.#composed = composed;
  }

  static async open(positions: Positions): Promise<Session> {
    return new Session(positions, await composeCli({ caFiles: [], insecure: [], input: false, timeout: 0 }));
  }

  parse(document: OpenDocument): RequestFile {
    return this.documents.parse(document, this.settings, this.rootOf(document.path));
  }

  /** The innermost folder of the editor around a file; a file of none has its own. */
  rootOf(path: string | undefined): string | undefined {
    if (path === undefined) return undefined;
    const around = this.roots.filter((root) => !/^\.\.(?:[/\\]|$)|^[a-z]:/i.test(relative(root, path)));
    return around.sort((a, b) => b.length - a.length)[0] ?? dirname(path);
  }

  /** As the client writes it, where it has the file open. */
  uriOf(path: string): string {
    return this.documents.atPath(path)?.text.uri ?? pathToFileURL(path).href;
  }

  contextOf(document: OpenDocument): FeatureContext {
    const { deps } = this.#composed;
    const file = this.parse(document);
    const { path } = document;
    const root = this.rootOf(path);
    const { environments } = this.settings;
    const ready = root === undefined ? Promise.resolve() : this.#loadDefinitions(root);
    const resolveText = createDefinitionResolver(
      {
        file,
        path,
        root,
        request: undefined,
        environments,
        overrides: new Map(),
        settings: {},
        captured: new Map(),
        env: deps.env,
        files: deps.files,
        clock: deps.clock,
        random: deps.random,
      },
      new Map(),
    );
    return createFeatureContext({
      file,
      path,
      root,
      complete: true,
      environments,
      deps,
      credentials: new CredentialFacts({ root, composed: this.#composed, ready, resolveText, looksAtSecrets: false }),
      describe: async (request) => {
        await ready;
        return describeRequest({ file, request, path, root, environments }, deps);
      },
      operations: async () => loadOperations(deps.files, await findApiDescriptions(root === undefined ? [] : [root])),
      isDismissed: () => false,
    });
  }

  /** A request file as it is open, or as it is on the disk. */
  async fileAt(path: string): Promise<RequestFile> {
    const open = this.documents.atPath(path);
    return open ? this.parse(open) : parseRequestFile(await this.textAt(path));
  }

  async textAt(path: string): Promise<string> {
    return this.documents.atPath(path)?.text.getText() ?? this.#composed.deps.files.readText(path);
  }

  async renameContextOf(path: string): Promise<RenameContext> {
    const { files } = this.#composed.deps;
    return { file: await this.fileAt(path), path, root: this.rootOf(path), files, settings: {} };
  }

  async close(): Promise<void> {
    await this.#composed.dispose();
  }

  /** An unreadable file proposes no credential; the diagnostics of that file are another surface’s. */
  async #loadDefinitions(root: string): Promise<void> {
    const { vault, deps } = this.#composed;
    await loadWorkspaceDefinitions(vault, deps.files, root, this.settings.environments).catch(() => undefined);
  }
}

/** The other request files of the editor’s folders; one that cannot be read is none. */
export async function otherContexts(session: Session, path: string): Promise<readonly RenameContext[]> {
  const found = await findRequestFiles(session.roots);
  const others = await Promise.all(
    found.filter((other) => other !== path).map((other) => session.renameContextOf(other).catch(() => undefined)),
  );
  return others.filter((other) => other !== undefined);
}
