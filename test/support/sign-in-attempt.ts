/** One sign-in against a scripted provider, browser and all, reduced to what a test asks about. */
import type { OAuth2Definition, Session } from '../../src/credentials/types.ts';
import type { CountersignError } from '../../src/errors/countersign-error.ts';
import type { Trace } from '../../src/oauth/types.ts';
import { createBench, toCredential, type Bench, type BenchOptions } from './broker-bench.ts';
import { followRedirect, type Page } from './loopback-browser.ts';
import type { ScriptedIdp } from './scripted-idp.ts';

export interface Attempt {
  readonly session: Session | undefined;
  readonly error: CountersignError | undefined;
  readonly code: string | undefined;
  readonly bench: Bench;
  readonly page: Page | undefined;
  readonly trace: Trace | undefined;
  /** Requests that reached the token endpoint. */
  readonly tokenRequests: number;
}

export interface AttemptOptions {
  readonly definition?: Partial<OAuth2Definition>;
  readonly ports?: Partial<BenchOptions>;
  /** What the browser does instead of following the provider's redirect. */
  readonly browse?: (url: string, bench: Bench) => Promise<Page | undefined>;
  readonly bench?: Bench;
}

export async function attemptSignIn(idp: ScriptedIdp, options: AttemptOptions = {}): Promise<Attempt> {
  let page: Promise<Page | undefined> = Promise.resolve(undefined);
  const bench: Bench =
    options.bench ??
    createBench({
      fetch: idp.fetch,
      browse: (url) => {
        page = options.browse ? options.browse(url, bench) : followRedirect(idp.authorize(url));
        return page;
      },
      ...options.ports,
    });
  const credential = toCredential({ issuer: idp.issuer, scope: 'openid orders.read', ...options.definition });
  let session: Session | undefined;
  let error: CountersignError | undefined;
  try {
    session = await bench.broker.acquire(credential, { interactive: true });
  } catch (caught) {
    error = caught as CountersignError;
  }
  return {
    session,
    error,
    code: error?.code,
    bench,
    page: await page.catch(() => undefined),
    trace: bench.broker.trace('orders'),
    tokenRequests: idp.hitsOn('/token').length,
  };
}
