/**
 * httpYac’s own parser as an oracle, in a process of its own since loading it changes the process: reads paths from
 * stdin, one a line, and prints what it understands of each file, one JSON a line. It sends and evaluates nothing.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface OracleRequest {
  readonly name: string | null;
  /** 1-based. */
  readonly line: number;
  readonly protocol: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Text, with `<file>` where the content of a file goes; null for none. */
  readonly body: string | null;
}

export interface OracleFile {
  readonly file: string;
  readonly requests: readonly OracleRequest[];
  readonly error?: string;
}

interface Region {
  readonly metaData: { readonly name?: string };
  readonly symbol: { readonly startLine: number; readonly children?: readonly { kind: string; startLine: number }[] };
  readonly request?: {
    readonly method: string;
    readonly protocol: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
}

interface HttpYac {
  readonly io: { readonly fileProvider: object };
  readonly store: {
    readonly HttpFileStore: new () => {
      parse(file: string, text: string, options: object): Promise<{ readonly httpRegions: readonly Region[] }>;
    };
  };
}

async function main(): Promise<void> {
  const httpyac = createRequire(import.meta.url)('httpyac') as HttpYac;
  Object.assign(httpyac.io.fileProvider, {
    EOL: '\n',
    isAbsolute: async (name: string) => path.isAbsolute(name),
    dirname: path.dirname,
    hasExtension: (name: string, ...endings: string[]) => endings.some((ending) => name.endsWith(`.${ending}`)),
    joinPath: path.join,
    exists: async () => false,
    readFile: async () => '',
    readBuffer: async () => Buffer.alloc(0),
    readdir: async () => [],
    fsPath: String,
    toString: String,
  });
  for await (const file of createInterface({ input: process.stdin })) {
    const text = await readFile(file, 'utf8');
    const store = new httpyac.store.HttpFileStore();
    try {
      const parsed = await store.parse(file, text, { workingDir: path.dirname(file), config: {} });
      const requests = parsed.httpRegions.flatMap((region) => toRequest(region) ?? []);
      process.stdout.write(`${JSON.stringify({ file, requests } satisfies OracleFile)}\n`);
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ file, requests: [], error: String(error) } satisfies OracleFile)}\n`);
    }
  }
}

function toRequest({ metaData, symbol, request }: Region): OracleRequest | undefined {
  if (!request) return undefined;
  const start = symbol.children?.find(({ kind }) => kind === 'requestLine')?.startLine ?? symbol.startLine;
  const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]),
  );
  return {
    name: metaData.name ?? null,
    line: start + 1,
    protocol: request.protocol,
    method: request.method,
    url: request.url,
    headers,
    body: bodyOf(request.body),
  };
}

function bodyOf(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  const parts: readonly unknown[] = Array.isArray(body) ? body : [body];
  return parts.map((part) => (typeof part === 'string' ? part : '<file>')).join('');
}

if (import.meta.main) await main();
