/**
 * Discovery while the person looks at the issuer field: 400 ms after the last key, ended by the next one, its outcome in
 * the field (design.md D1.2). It keeps what was found for the questions that follow, and never throws.
 */
import { toCountersignError } from '../../errors/countersign-error.ts';
import type { DiscoveredServer } from '../../oauth/discovery.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import { toDiscoveryReport } from './choices.ts';
import { presetWithoutMetadata } from './known-provider.ts';
import type { InputOptions } from './question-loop.ts';

const pause = 400;
/** How long an answer is waited for after Enter. */
const patience = 6000;

/** What is wrong with an issuer as typed, as a sentence. */
export function checkIssuer(text: string): string | undefined {
  if (text.trim() === '') return 'Paste the address of the identity provider.';
  try {
    parseIssuer(text);
    return undefined;
  } catch (error) {
    return toCountersignError(error).message;
  }
}

export interface IssuerFindings {
  readonly server?: DiscoveredServer;
  /** It answers, and has no metadata: a definition then names the endpoints itself. */
  readonly silent?: boolean;
}

export class IssuerWatch {
  readonly #discover: (issuer: string, signal: AbortSignal) => Promise<DiscoveredServer>;
  readonly #found = new Map<string, IssuerFindings>();

  /** @param discover of the engine, once the network is ready */
  constructor(discover: (issuer: string, signal: AbortSignal) => Promise<DiscoveredServer>) {
    this.#discover = discover;
  }

  /** For the field; a report never blocks Enter. */
  readonly watch: NonNullable<InputOptions['watch']> = (text, report, busy) => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      busy(true);
      void this.#look(text, abort.signal).then((message) => {
        if (abort.signal.aborted) return;
        busy(false);
        report(message);
      });
    }, pause);
    return {
      dispose: () => {
        clearTimeout(timer);
        busy(false);
        abort.abort();
      },
    };
  };

  /** What discovery says of this issuer; empty when it says nothing in time. */
  async result(text: string): Promise<IssuerFindings> {
    const issuer = parseIssuer(text);
    if (!this.#found.has(issuer)) await this.#look(text, AbortSignal.timeout(patience));
    return this.#found.get(issuer) ?? {};
  }

  async #look(text: string, signal: AbortSignal): Promise<Parameters<Parameters<typeof this.watch>[1]>[0]> {
    try {
      const issuer = parseIssuer(text);
      const provider = presetWithoutMetadata(issuer);
      if (provider) {
        this.#found.set(issuer, { silent: true });
        return { message: `${provider.label} is known here: its endpoints are filled in`, kind: 'info' };
      }
      const server = await this.#discover(issuer, signal);
      this.#found.set(issuer, { server });
      return { message: toDiscoveryReport(server), kind: 'info' };
    } catch (thrown) {
      const error = toCountersignError(thrown);
      const silent = error.code === 'CS-AUTH-DISCOVERY' && error.facts['actual'] === undefined;
      if (silent && checkIssuer(text) === undefined) this.#found.set(parseIssuer(text), { silent });
      return { message: `${error.code}: ${error.message} ${error.next}`, kind: 'error' };
    }
  }
}
