/** Runs modules against one scripted issuer, each as a whole sign-in, and says how they came out. */
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { answerFront } from '../front-channel-idp.ts';
import { makeEcKey } from '../keys.ts';
import { followRedirect, visit, type Page } from '../loopback-browser.ts';
import { visitWithFragment } from '../relay-browser.ts';
import { ScriptedIdp } from '../scripted-idp.ts';
import { attemptSignIn } from '../sign-in-attempt.ts';
import { basicModules } from './basic-modules.ts';
import { encryptionModules } from './encryption-modules.ts';
import { fapiModules } from './fapi-modules.ts';
import { Keys, type ConformanceModule, type Outcome } from './module.ts';

export const modules: readonly ConformanceModule[] = [...basicModules, ...encryptionModules, ...fapiModules];

export interface Ran {
  readonly module: ConformanceModule;
  /** Undefined when it was not run. */
  readonly outcome: Outcome | undefined;
  /** The row of the table of causes, for what was refused. */
  readonly cause: string | undefined;
  /** Requests to the token endpoint in the last round. */
  readonly tokenRequests: number;
  /** A check beyond the outcome that did not hold. */
  readonly problem: string | undefined;
}

export class ConformanceRun {
  readonly #idp: ScriptedIdp;
  readonly #keys = new Keys();
  readonly #key = makeEcKey();

  private constructor(idp: ScriptedIdp) {
    this.#idp = idp;
  }

  static async start(): Promise<ConformanceRun> {
    return new ConformanceRun(await ScriptedIdp.start());
  }

  stop(): Promise<void> {
    return this.#idp.stop();
  }

  async run(module: ConformanceModule): Promise<Ran> {
    if (module.notDone !== undefined) {
      return { module, outcome: undefined, cause: undefined, tokenRequests: 0, problem: undefined };
    }
    const idp = this.#idp;
    idp.reset();
    idp.script = module.script?.(idp, this.#keys) ?? {};
    const definition: Partial<OAuth2Definition> = { ...module.definition };
    const ports = {
      limits: { signInMs: 1500 },
      ...(module.secret === true ? { secret: idp.secret } : {}),
      slots: {
        ...(definition.token_endpoint_auth_method === 'private_key_jwt' ? { private_key: this.#key.pkcs8 } : {}),
        ...module.slots,
        ...module.ownSlots?.(this.#keys),
      },
    };
    let attempt = await attemptSignIn(idp, { definition, ports, browse: (url) => this.#browse(module, url) });
    for (let round = 1; round < (module.rounds ?? 1) && attempt.session; round += 1) {
      attempt.bench.sessions.entries.clear();
      attempt = await attemptSignIn(idp, { definition, ports, browse: (url) => this.#browse(module, url) });
    }
    const { session, error, bench, tokenRequests } = attempt;
    let problem: string | undefined;
    try {
      if (session) await module.then?.(idp, bench, session);
    } catch (caught) {
      problem = (caught as Error).message;
    }
    const cause = error?.facts['causeId'];
    return {
      module,
      outcome: session ? 'signs in' : 'refuses',
      cause: typeof cause === 'string' ? cause : error?.code,
      tokenRequests,
      problem,
    };
  }

  /** The person's browser: what the issuer answers, by the way that was asked for. */
  async #browse(module: ConformanceModule, url: string): Promise<Page | undefined> {
    const idp = this.#idp;
    const asked = this.#pushed(url);
    const lie = module.lie?.(idp, this.#keys) ?? {};
    switch (module.front ?? 'query') {
      case 'query': {
        const back = idp.authorize(asked);
        return new URL(back).searchParams.get('state') === new URL(asked).searchParams.get('state')
          ? followRedirect(back)
          : visit(back);
      }
      case 'hybrid': {
        const { redirectUri, parameters } = await answerFront(idp, asked, lie);
        return (await visitWithFragment(`${redirectUri}#${parameters.toString()}`)).last;
      }
      case 'jarm': {
        const plain = new URL(idp.authorize(asked));
        const now = Math.floor(Date.now() / 1000);
        const truth = { ...Object.fromEntries(plain.searchParams), iss: idp.issuer, aud: 'cli', exp: now + 60 };
        const claims = lie.claims?.(truth) ?? truth;
        const response = await (lie.sign?.(claims) ?? idp.sign(claims));
        return followRedirect(`${plain.origin}${plain.pathname}?response=${response}`);
      }
    }
  }

  /** A pushed request carries what the browser does not. */
  #pushed(url: string): string {
    if (!new URL(url).searchParams.has('request_uri')) return url;
    return `${this.#idp.issuer}/authorize?${this.#idp.hitsOn('/par').at(-1)?.form.toString() ?? ''}`;
  }
}
