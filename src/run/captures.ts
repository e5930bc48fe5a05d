/**
 * The last exchange of each named request, for `{{login.response.body.$.token}}`. One store a workspace or CLI run;
 * nothing is written anywhere. Bodies are kept as bytes up to a limit. Source: dialects.md §10.2.
 */
import type { Exchange, HeaderPair } from '../http/types.ts';
import type { CapturedExchange, CapturedMessage } from '../variables/types.ts';

const bodyLimit = 16 * 1024 * 1024;

export class Captures {
  readonly #files = new Map<string, Map<string, CapturedExchange>>();

  /** By request name, for one request file; never undefined. */
  forFile(path: string | undefined): ReadonlyMap<string, CapturedExchange> {
    return this.#files.get(path ?? '') ?? new Map<string, CapturedExchange>();
  }

  /** Keeps an exchange under its request's name, replacing the one before. */
  async keep(
    path: string | undefined,
    name: string,
    request: { readonly headers: readonly HeaderPair[]; readonly body: string },
    exchange: Exchange,
  ): Promise<void> {
    const bytes = exchange.body.bytes <= bodyLimit ? await exchange.body.bytesUpTo(bodyLimit) : undefined;
    const { headers, status } = exchange.response;
    const captured: CapturedExchange = {
      request: message(request.headers, request.body),
      response: { ...message(headers, bytes ?? ''), status },
    };
    let file = this.#files.get(path ?? '');
    if (!file) this.#files.set(path ?? '', (file = new Map<string, CapturedExchange>()));
    file.set(name, captured);
  }

  /** The same so far; what is kept in one from here on is not in the other. */
  fork(): Captures {
    const fork = new Captures();
    for (const [path, file] of this.#files) fork.#files.set(path, new Map(file));
    return fork;
  }

  clear(path?: string): void {
    if (path === undefined) this.#files.clear();
    else this.#files.delete(path);
  }
}

/** Must not close over more than its arguments: what it holds lives as long as the name of its request. */
function message(headers: readonly HeaderPair[], body: string | Uint8Array): CapturedMessage {
  let text: string | undefined;
  return {
    headers,
    contentType: headerValue(headers, 'content-type') ?? '',
    body: () => Promise.resolve((text ??= typeof body === 'string' ? body : decode(body, headers))),
  };
}

export function headerValue(headers: readonly HeaderPair[], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

function decode(bytes: Uint8Array, headers: readonly HeaderPair[]): string {
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(headerValue(headers, 'content-type') ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
