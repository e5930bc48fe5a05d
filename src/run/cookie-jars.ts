/**
 * Cookies that servers set, kept for the requests to come: one jar for each folder and choice of environments, in memory
 * only. The rules are those of a browser, public suffixes and prefixes included; they are loaded with the first cookie.
 * Source: RFC 6265bis §5; auth.md A11.
 */
import type { CookieJar as Jar } from 'tough-cookie';
import { Secret } from '../credentials/secret.ts';
import type { Attachment } from '../credentials/types.ts';
import { valuesOf } from '../http/request-head.ts';
import type { HeaderPair } from '../http/types.ts';

/** Of one answer; more is an attack on memory and not a session. */
const maxCookies = 100;
/** Bytes of one `Set-Cookie` line (RFC 6265bis §5.6 step 5 counts 4096 for name and value). */
const maxLine = 8192;
/** Of one host, as browsers do; the oldest make room. */
const maxOfHost = 180;

/** How a request came to be: the addresses that redirected to it, none for one that a person sends. */
export interface CookieWay {
  readonly from: readonly URL[];
  readonly method: string;
}

export interface RefusedCookie {
  readonly name: string;
  readonly reason: string;
}

export class CookieJar {
  #jar: Jar | undefined;
  /** Answers are taken in one after another; the next request waits for them. */
  #pending: Promise<unknown> = Promise.resolve();

  /** Takes in the cookies of an answer. @param url that was asked */
  keep(url: URL, headers: readonly HeaderPair[], refused: (cookie: RefusedCookie) => void): void {
    const lines = valuesOf(headers, 'set-cookie');
    if (lines.length === 0) return;
    this.#pending = this.#pending.then(() => this.#take(url, lines, refused));
  }

  /**
   * What goes along to an address; names that the request has by hand are left to it. When another site led here, no
   * more than `SameSite` allows, unsaid meaning Lax: a stranger is not to act with somebody's session (§5.8.3, §8.8).
   */
  async attachment(url: URL, headers: readonly HeaderPair[], way?: CookieWay): Promise<Attachment | undefined> {
    await this.#pending;
    if (!this.#jar) return undefined;
    const written = new Set(valuesOf(headers, 'cookie').flatMap(namesOf));
    const allowed = way && (await allowedFrom(url, way));
    const cookies = (await this.#jar.getCookies(url.href)).filter(
      ({ key, sameSite }) => !written.has(key) && (allowed?.has(sameSite ?? 'lax') ?? true),
    );
    if (cookies.length === 0) return undefined;
    const put = cookies.map(({ key, value }) => ({ name: key, value: new Secret(value, `cookie ${key}`) }));
    return { headers: [], query: [], cookies: put };
  }

  async #take(url: URL, lines: readonly string[], refused: (cookie: RefusedCookie) => void): Promise<void> {
    this.#jar ??= await createJar();
    for (const line of lines.slice(0, maxCookies)) {
      const name = line.split(/[=;]/, 1)[0]?.trim().slice(0, 60) ?? '';
      if (line.length > maxLine) {
        refused({ name, reason: 'it is too long' });
        continue;
      }
      try {
        await this.#jar.setCookie(line, url.href, { loose: false });
      } catch (error) {
        refused({ name, reason: toReason(error) });
      }
    }
    if (lines.length > maxCookies) refused({ name: '', reason: `an answer may set ${String(maxCookies)}` });
    await this.#makeRoom(url);
  }

  async #makeRoom(url: URL): Promise<void> {
    const cookies = (await this.#jar?.getCookies(url.href, { allPaths: true })) ?? [];
    if (cookies.length <= maxOfHost) return;
    const oldest = [...cookies].sort((left, right) => left.creationIndex - right.creationIndex);
    for (const { domain, path, key } of oldest.slice(0, cookies.length - maxOfHost)) {
      await this.#jar?.store.removeCookie(domain ?? '', path ?? '/', key);
    }
  }
}

export class CookieJars {
  readonly #jars = new Map<string, CookieJar>();

  /**
   * The jar of a folder and the chosen environments: `dev` and `prod` know nothing of each other, nor do two credentials
   * that a person compares.
   */
  of(root: string | undefined, environments: readonly string[], as?: string): CookieJar {
    const key = JSON.stringify([root ?? '', environments, as ?? '']);
    let jar = this.#jars.get(key);
    if (!jar) this.#jars.set(key, (jar = new CookieJar()));
    return jar;
  }

  /** Forgets all cookies. */
  clear(): void {
    this.#jars.clear();
  }
}

async function createJar(): Promise<Jar> {
  const tough = await import('tough-cookie');
  return new tough.CookieJar(undefined, { rejectPublicSuffixes: true, prefixSecurity: 'strict', looseMode: false });
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** The values of `SameSite` that go along; undefined for all of them, when every step was of the same site. */
async function allowedFrom(url: URL, { from, method }: CookieWay): Promise<ReadonlySet<string> | undefined> {
  if (from.every(({ origin }) => origin === url.origin)) return undefined;
  const { getPublicSuffix } = await import('tough-cookie');
  const siteOf = ({ protocol, hostname }: URL): string =>
    `${protocol}//${getPublicSuffix(hostname, { ignoreError: true, allowSpecialUseDomain: true }) ?? hostname}`;
  const site = siteOf(url);
  if (from.every((each) => siteOf(each) === site)) return undefined;
  return new Set(safeMethods.has(method) ? ['lax', 'none'] : ['none']);
}

function namesOf(header: string): string[] {
  return header.split(';').map((pair) => pair.split('=', 1)[0]?.trim() ?? '');
}

/** In our words: the library's hold the cookie itself. */
function toReason(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (/public suffix/i.test(text)) return 'its domain is a public suffix, which belongs to nobody';
  if (/domain/i.test(text)) return 'its domain is not the one that was asked';
  if (/prefix|__host|__secure/i.test(text)) return 'its prefix asks for more than it says';
  if (/httponly/i.test(text)) return 'it would replace one that scripts may not see';
  return 'it does not follow RFC 6265';
}
