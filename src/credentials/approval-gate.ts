/**
 * Decides whether a credential may be used: approval first known or asked for, then the origins it is bound to. It keeps
 * nothing itself (approval-log.ts) and reads no secret. Source: contracts.md §4, house.md §6.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { ApprovalRequest, Prompts } from '../ports.ts';
import type { ApprovalLog, ApprovalState } from './approval-log.ts';
import { toApprovalRequest } from './approval-request.ts';
import { checkBindingWith } from './binding.ts';
import { originOf, type PublicSuffixCheck } from './origin.ts';
import { scopeOf } from './secret-keys.ts';
import type { NamedDefinition } from './types.ts';

export class ApprovalGate {
  readonly #log: ApprovalLog;
  readonly #redact: (text: string) => string;
  readonly #onApproved: (name: string) => void;
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #trusted = new Map<string, string | undefined>();
  /**
   * Definitions without stated origins that the person let act without an address: to sign in, to take a secret. They may
   * go to no API by it, and it ends with the process.
   */
  readonly #withoutAddress = new Set<string>();

  /** @param redact takes known secrets out of what the person is shown */
  constructor(log: ApprovalLog, onApproved: (name: string) => void, redact: (text: string) => string) {
    this.#redact = redact;
    this.#log = log;
    this.#onApproved = onApproved;
  }

  /** Where the file states none: those approved, and no other, never “any”. */
  originsOf(named: NamedDefinition): readonly string[] {
    if (named.originsFromUse !== true) return named.definition.origins;
    return this.#log.approval(named)?.origins ?? [];
  }

  /**
   * Where a file states no origins and none is approved yet, the approval decides: it is asked for with this address, by
   * `ensure`, and its line names the origin. Where nobody will be asked, the answer is no.
   */
  binding(named: NamedDefinition, url: URL, isPublicSuffix?: PublicSuffixCheck): CountersignError | undefined {
    if (named.originsFromUse === true && this.originsOf(named).length === 0 && originOf(url)) {
      return this.#trusted.has(named.name) ? noOriginError(named) : undefined;
    }
    const result = checkBindingWith(named.name, this.originsOf(named), url, isPublicSuffix);
    return result.ok ? undefined : result.error;
  }

  async state(named: NamedDefinition): Promise<ApprovalState> {
    await this.#log.load();
    if (this.#isTrusted(named)) return 'approved';
    return this.#trusted.get(named.name) === undefined ? this.#log.state(named) : 'changed';
  }

  trustForProcess(name: string, pin?: string): void {
    this.#trusted.set(name, pin?.toLowerCase());
  }

  #isTrusted(named: NamedDefinition): boolean {
    if (!this.#trusted.has(named.name)) return false;
    const pin = this.#trusted.get(named.name);
    return pin === undefined || pin === named.hash || pin === named.templateHash;
  }

  /** Without an address, a definition that states no origins is let act in this process and bound to nothing. */
  async approve(named: NamedDefinition, url?: URL): Promise<void> {
    await this.#log.load();
    if (named.originsFromUse !== true) await this.#log.approve(named);
    else {
      const origin = url ? originOf(url)?.text : undefined;
      if (origin === undefined) this.#withoutAddress.add(idOf(named));
      else await this.#log.approve(named, origin);
    }
    this.#onApproved(named.name);
  }

  #originsWith(named: NamedDefinition, url: URL | undefined): readonly string[] {
    const origin = url ? originOf(url)?.text : undefined;
    return [...new Set([...this.originsOf(named), ...(origin === undefined ? [] : [origin])])];
  }

  async request(named: NamedDefinition, url?: URL): Promise<ApprovalRequest> {
    await this.#log.load();
    const definition =
      named.originsFromUse === true
        ? { ...named.definition, origins: this.#originsWith(named, url) }
        : named.definition;
    const last = this.#log.latest(named);
    const previous = last && { ...last.definition, origins: last.origins ?? last.definition.origins };
    return toApprovalRequest({ ...named, definition }, previous, this.#redact);
  }

  /** Passes when the definition is approved, for this address; else asks once, however many requests wait. */
  async ensure(named: NamedDefinition, url: URL | undefined, prompts?: Prompts, signal?: AbortSignal): Promise<void> {
    if (await this.#isPassed(named, url)) return;
    const pinned = this.#trusted.has(named.name);
    if (!pinned && prompts?.interactive === true && (await this.#askOnce(named, url, prompts, signal))) {
      if (await this.#isPassed(named, url)) return;
    }
    throw this.#refusal(named, pinned);
  }

  /** @throws CountersignError CS-BIND-ORIGIN, or CS-BIND-APPROVAL where trust in this process names no origin */
  async #isPassed(named: NamedDefinition, url: URL | undefined): Promise<boolean> {
    const approved = (await this.state(named)) === 'approved';
    if (named.originsFromUse !== true) return approved;
    if (url === undefined) return approved || this.#withoutAddress.has(idOf(named));
    if (!approved) return false;
    const refused = this.binding(named, url);
    if (refused) throw refused;
    return true;
  }

  #askOnce(named: NamedDefinition, url: URL | undefined, prompts: Prompts, signal?: AbortSignal): Promise<boolean> {
    const origin = named.originsFromUse === true ? (url?.origin ?? '') : '';
    const id = JSON.stringify([idOf(named), origin]);
    const known = this.#asking.get(id);
    if (known) return known;
    const asking = this.#ask(named, url, prompts, signal).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #ask(named: NamedDefinition, url: URL | undefined, prompts: Prompts, signal?: AbortSignal): Promise<boolean> {
    const approved = await prompts.approve(await this.request(named, url), signal);
    if (approved) await this.approve(named, url);
    return approved;
  }

  #refusal(named: NamedDefinition, pinned: boolean): CountersignError {
    const changed = pinned || this.#log.state(named) === 'changed';
    const file = named.file?.split(/[\\/]/).at(-1) ?? 'its definition';
    const message = pinned
      ? `${named.name} is not the definition that was pinned.`
      : changed
        ? `${named.name} changed in ${file} since you approved it.`
        : `${named.name} is proposed by ${file} and not approved on this machine.`;
    const next = changed
      ? 'See what changed, then approve it or not.'
      : 'See what it would do, then approve it or not.';
    return new CountersignError('CS-BIND-APPROVAL', message, {
      next: pinned ? 'Look at the new definition, then pin its hash.' : next,
      facts: { credential: named.name, hash: named.hash, changed },
    });
  }
}

/** Of one definition exactly as it stands. */
function idOf(named: NamedDefinition): string {
  return JSON.stringify([scopeOf(named), named.name, named.hash, named.templateHash ?? '']);
}

function noOriginError(named: NamedDefinition): CountersignError {
  return new CountersignError(
    'CS-BIND-APPROVAL',
    `${named.name} has a secret here, but no origin is approved for it.`,
    {
      next: `Define ${named.name} with its origins in countersign.json.`,
      facts: { credential: named.name, hash: named.hash, changed: false },
    },
  );
}
