/**
 * The words of one request for lens and hover: as whom, to where (design.md B1.2). Answers are kept until something
 * they rest on changed, since a lens is asked for at every scroll.
 */
import { EventEmitter, type TextDocument } from 'vscode';
import type { NamedDefinition } from '../credentials/types.ts';
import type { RequestNode } from '../language/types.ts';
import { describeRequest, type RequestDescription } from '../run/describe.ts';
import type { App } from './app.ts';
import { loadCredentialState } from '../run/credential-state.ts';

export interface FactWords {
  readonly who: string;
  readonly whoTooltip: string;
  readonly where: string;
  readonly whereTooltip: string;
}

export class RequestFacts {
  readonly #app: App;
  readonly #cleared = new EventEmitter<void>();
  /** What the words rest on has changed. */
  readonly onDidClear = this.#cleared.event;
  #cache = new Map<string, Promise<FactWords>>();

  constructor(app: App) {
    this.#app = app;
  }

  /** Forgets everything; called when definitions, sessions, environments or files change. */
  clear(): void {
    this.#cache = new Map();
    this.#cleared.fire();
  }

  of(document: TextDocument, request: RequestNode): Promise<FactWords> {
    const key = `${document.uri.toString()}@${document.version}#${request.index}`;
    let known = this.#cache.get(key);
    if (!known) {
      if (this.#cache.size > 2000) this.#cache = new Map();
      known = this.#words(document, request);
      this.#cache.set(key, known);
    }
    return known;
  }

  async describe(document: TextDocument, request: RequestNode): Promise<RequestDescription> {
    const place = this.#app.placeOf(document.uri);
    await this.#app.workspaceReady;
    return describeRequest(
      {
        file: this.#app.documents.parse(document),
        request,
        path: place.path,
        root: place.root,
        environments: this.#app.environments.current,
      },
      this.#app.composed.deps,
    );
  }

  async #words(document: TextDocument, request: RequestNode): Promise<FactWords> {
    const description = await this.describe(document, request);
    const where = whereOf(description);
    const who = await this.#whoOf(description);
    return { ...who, ...where };
  }

  async #whoOf(description: RequestDescription): Promise<Pick<FactWords, 'who' | 'whoTooltip'>> {
    switch (description.who) {
      case 'none':
        return { who: 'no credential', whoTooltip: 'Nothing says who calls. Choose a credential.' };
      case 'literal':
        return {
          who: 'literal token in this file',
          whoTooltip: 'Anyone with this file has it. Choose a credential instead.',
        };
      case 'unknown-credential':
        return {
          who: `$(warning)\u00a0${description.credentialName ?? ''} is not defined`,
          whoTooltip: 'Add it, or choose another credential.',
        };
      case 'credential':
        return this.#credentialWords(description.credential as NamedDefinition);
    }
  }

  async #credentialWords(named: NamedDefinition): Promise<Pick<FactWords, 'who' | 'whoTooltip'>> {
    const state = await loadCredentialState(named, this.#app.composed);
    const name = named.name;
    const whoTooltip = `${state.sentence} Choose another credential.`;
    switch (state.kind) {
      case 'signed-in':
      case 'expires-soon':
      case 'expired':
        return { who: state.person ? `as ${name} (${state.person})` : `as ${name}`, whoTooltip };
      case 'ready':
        return { who: `as ${name}`, whoTooltip };
      case 'secret-missing':
        return { who: `$(warning)\u00a0${name} needs its ${state.missing ?? 'secret'}`, whoTooltip };
      case 'proposed':
      case 'changed':
        return { who: `as ${name} · approve first`, whoTooltip };
      case 'signing-in':
        return { who: `${name}: waiting for the browser…`, whoTooltip };
      default:
        return { who: `${name}: sign in first`, whoTooltip };
    }
  }
}

function whereOf(description: RequestDescription): Pick<FactWords, 'where' | 'whereTooltip'> {
  if (description.refused) {
    return {
      where: `$(warning)\u00a0${description.refused.message.replace(/\.$/, '')}`,
      whereTooltip: description.refused.next,
    };
  }
  if (description.origin) return { where: description.origin, whereTooltip: 'Where this request goes' };
  const error = description.originError;
  const name = /“(.+?)”/.exec(error?.message ?? '')?.[1];
  return {
    where: error?.code === 'CS-VAR-UNKNOWN' && name ? `{{${name}}} is unknown` : (error?.message ?? 'no address'),
    whereTooltip: error?.next ?? '',
  };
}
