/**
 * Bodies of answers to one request beside the first of them: the same bytes, or how many values differ. It keeps hashes,
 * and of the first body the bytes when they are few and JSON; no body has to live for it.
 */
import { createHash } from 'node:crypto';
import type { Exchange } from '../http/types.ts';
import { headerValue } from './captures.ts';
import type { BodyVerdict } from './types.ts';

/** Longer bodies are compared as bytes alone: counting values must not keep a window waiting. */
const countedBytes = 1024 * 1024;
const countedDifferences = 1000;

export class BodyComparer {
  #first: { readonly as: string; readonly bytes: Uint8Array | undefined } | undefined;
  readonly #known = new Map<string, string>();

  /** @param as whose answer it is; the first one is what the others are compared with */
  async judge(as: string, exchange: Exchange): Promise<BodyVerdict> {
    const hash = createHash('sha256');
    for await (const chunk of exchange.body.stream()) hash.update(chunk);
    const digest = hash.digest('base64');
    const known = this.#known.get(digest);
    if (known === undefined) this.#known.set(digest, as);
    const first = this.#first;
    if (!first) {
      this.#first = { as, bytes: await jsonBytes(exchange) };
      return { kind: 'reference' };
    }
    if (known !== undefined) return { kind: 'same', as: known };
    const bytes = first.bytes && (await jsonBytes(exchange));
    const counted = first.bytes && bytes && (await count(first.bytes, bytes));
    return { kind: 'differs', from: first.as, ...counted };
  }
}

async function jsonBytes({ response, body }: Exchange): Promise<Uint8Array | undefined> {
  const type = headerValue(response.headers, 'content-type') ?? '';
  if (body.bytes > countedBytes || !/^[^;]*[/+]json\b/i.test(type)) return undefined;
  return body.bytesUpTo(countedBytes);
}

async function count(
  before: Uint8Array,
  after: Uint8Array,
): Promise<{ readonly differences: number; readonly more: boolean } | undefined> {
  const [{ compareJson }, { indexJson }, { parseIgnoredPaths }] = await Promise.all([
    import('../response/compare/compare-json.ts'),
    import('../response/json-index/index-json.ts'),
    import('../response/compare/ignored-paths.ts'),
  ]);
  const [one, other] = [indexJson(before), indexJson(after)];
  if (!('index' in one) || !('index' in other)) return undefined;
  const nothing = parseIgnoredPaths([]);
  const { differences, more } = compareJson(one.index, other.index, nothing, 16, countedDifferences);
  return { differences: differences.length, more };
}
