/**
 * Scripts of a workspace or of one run of the CLI: what they kept, and the sandbox they run in. Everything else is loaded
 * when a request with a script is sent, so that a file without one pays nothing.
 */
import type { RequestFile, RequestNode } from '../language/types.ts';
import type { Sandbox } from '../scripting/sandbox.ts';
import type { Tracked } from '../variables/tracked.ts';
import type { EngineDeps } from './engine-deps.ts';
import { scriptsFor } from './script-order.ts';
import type { ScriptSession } from './script-session.ts';
import { ScriptVariables } from './script-variables.ts';
import type { RunObserver, SendInput } from './types.ts';

export class Scripts {
  readonly #globals = new Map<string, ScriptVariables>();
  readonly #files = new Map<string, ScriptVariables>();
  #sandbox: Promise<Sandbox> | undefined;
  #openShared: (() => Promise<Sandbox>) | undefined;

  /** `client.global` of one workspace folder. */
  globalsOf(root: string | undefined): ScriptVariables {
    let globals = this.#globals.get(root ?? '');
    if (!globals) this.#globals.set(root ?? '', (globals = new ScriptVariables()));
    return globals;
  }

  /** What httpYac's scripts of one file export to its later requests. */
  exportsOf(path: string | undefined): ScriptVariables {
    let kept = this.#files.get(path ?? '');
    if (!kept) this.#files.set(path ?? '', (kept = new ScriptVariables()));
    return kept;
  }

  /** What is kept so far, and the same sandbox; what scripts keep in one from here on is not in the other. */
  fork(): Scripts {
    const fork = new Scripts();
    for (const [root, kept] of this.#globals) fork.#globals.set(root, kept.fork());
    for (const [path, kept] of this.#files) fork.#files.set(path, kept.fork());
    fork.#openShared = () => this.#open();
    return fork;
  }

  /** Variables that scripts of a folder and of a file have set so far. */
  kept(root: string | undefined, path: string | undefined): Map<string, Tracked> {
    return new Map([...this.globalsOf(root).tracked(), ...this.exportsOf(path).tracked()]);
  }

  /** What the resolver is given: what scripts kept, under what the person gave for this run. */
  overrides(
    input: Pick<SendInput, 'root' | 'path' | 'overrides'>,
    session: ScriptSession | undefined,
  ): Map<string, Tracked> {
    const own = session?.variables.tracked() ?? new Map<string, Tracked>();
    return new Map([...this.kept(input.root, input.path), ...own, ...(input.overrides ?? [])]);
  }

  /** The scripts of one request; undefined when it has none. */
  async session(
    deps: EngineDeps,
    file: RequestFile,
    node: RequestNode,
    input: SendInput,
    observer: RunObserver,
  ): Promise<ScriptSession | undefined> {
    if (scriptsFor(file, node).length === 0) return undefined;
    const { ScriptSession } = await import('./script-session.ts');
    return new ScriptSession({ deps, file, node, input, observer, sandbox: () => this.#open() });
  }

  async dispose(): Promise<void> {
    await (await this.#sandbox)?.dispose();
  }

  #open(): Promise<Sandbox> {
    if (this.#openShared) return this.#openShared();
    this.#sandbox ??= import('../scripting/sandbox.ts').then(({ Sandbox }) => new Sandbox());
    return this.#sandbox;
  }
}
