/**
 * The whole engine over fakes of the machine and real sockets: memory stores, files in an object, prompts that answer
 * as told and remember what they were asked.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountSource } from '../../src/credentials/types.ts';
import { parseRequestFile } from '../../src/language/parse-request-file.ts';
import { nodeFiles, nodeFileWriter } from '../../src/machine/node-files.ts';
import type { ApprovalRequest, Prompts } from '../../src/ports.ts';
import type { BodyVariables } from '../../src/run/body-variables.ts';
import { composeEngine, type ComposedEngine } from '../../src/run/compose-engine.ts';
import { TrustDecisions } from '../../src/run/trust-decisions.ts';
import type { RunObserver, RunResult, SendInput } from '../../src/run/types.ts';
import { fakeFiles, type FakeFiles } from './fake-files.ts';
import { MemorySecretStore } from './memory-secret-store.ts';
import { MemoryStateStore } from './memory-state-store.ts';

export interface EngineFixture extends ComposedEngine {
  readonly secrets: MemorySecretStore;
  readonly state: MemoryStateStore;
  readonly files: FakeFiles;
  readonly asked: ApprovalRequest[];
  readonly questions: string[];
  readonly trust: TrustDecisions;
  /** Sends the request `name` (or the first) of a text that stands at /project/requests.http. */
  send(text: string, options?: SendTextOptions): Promise<RunResult>;
}

export interface SendTextOptions extends Partial<Pick<SendInput, 'as' | 'environments' | 'signal' | 'overrides'>> {
  readonly name?: string;
  readonly observer?: RunObserver;
}

export interface FixtureOptions {
  /** Answers to approvals; true by default. */
  readonly approves?: boolean;
  /** False: nobody is there. */
  readonly interactive?: boolean;
  /** Answer to `choose`, by title; the first choice by default is NOT taken: undefined. */
  readonly chooses?: (title: string, choices: readonly string[]) => string | undefined;
  /** Answers by a word of the question. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly ca?: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly secrets?: MemorySecretStore;
  readonly historyLimit?: number;
  readonly runScripts?: boolean;
  readonly bodyVariables?: BodyVariables;
  /** Accounts of the host; none by default, as in a terminal. */
  readonly accounts?: AccountSource;
  /** Variables of the process; none by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** Read and write real files instead of those of `files`. */
  readonly onDisk?: boolean;
  /** The person's browser: gets the address to open. Without it none opens. */
  readonly browse?: (url: string) => unknown;
}

export const fixtureRoot = '/project';
export const fixturePath = '/project/requests.http';

export function createEngineFixture(options: FixtureOptions = {}): EngineFixture {
  const asked: ApprovalRequest[] = [];
  const questions: string[] = [];
  const secrets = options.secrets ?? new MemorySecretStore();
  const state = new MemoryStateStore();
  const files = fakeFiles(options.files);
  const clock = { now: () => Date.now() };
  const trust = new TrustDecisions(state, clock);
  const prompts: Prompts = {
    interactive: options.interactive ?? true,
    approve: (request) => {
      asked.push(request);
      return Promise.resolve(options.approves ?? true);
    },
    input: (question) => {
      questions.push(question.prompt);
      const known = Object.entries(options.inputs ?? {}).find(([word]) => question.prompt.includes(word));
      return Promise.resolve(known?.[1]);
    },
    pick: (question) => Promise.resolve(question.items[0]),
    choose: (question) => {
      questions.push(question.title);
      return Promise.resolve(options.chooses?.(question.title, question.choices));
    },
  };
  const composed = composeEngine({
    secrets,
    state,
    files: options.onDisk === true ? nodeFiles : files,
    ...(options.onDisk === true ? { writer: nodeFileWriter } : {}),
    clock,
    prompts,
    browser: {
      open: (url) => {
        if (!options.browse) return Promise.resolve(false);
        void Promise.resolve(options.browse(url)).catch(() => undefined);
        return Promise.resolve(true);
      },
    },
    progress: { waiting: () => ({ dispose: () => undefined }) },
    ...(options.accounts === undefined ? {} : { accounts: () => options.accounts as AccountSource }),
    lock: { acquire: () => Promise.resolve(() => Promise.resolve()) },
    env: options.env ?? {},
    spoolFolder: mkdtempSync(join(tmpdir(), 'countersign-engine-')),
    settings: () => ({
      variables: {},
      defaultHeaders: [],
      timeoutMs: 5000,
      connectTimeoutMs: 5000,
      followRedirects: true,
      maxDecodedBytes: 64 * 1024 * 1024,
      runScripts: options.runScripts ?? true,
      ...(options.bodyVariables === undefined ? {} : { bodyVariables: options.bodyVariables }),
    }),
    network: () => ({
      tls: {
        ca: (options.ca ?? []).map((pem) => ({ pem, source: 'test' })),
        useSystemStore: false,
        exceptionFor: (origin) => trust.exceptionFor(origin),
      },
      proxy: () => undefined,
    }),
    historyLimit: () => options.historyLimit ?? 50,
    oauth: {},
  });
  return {
    ...composed,
    secrets,
    state,
    files,
    asked,
    questions,
    trust,
    async send(text, { name, observer, ...input } = {}) {
      const file = parseRequestFile(text);
      const request = name === undefined ? 0 : file.requests.findIndex((each) => each.name === name);
      return composed.engine.send(
        {
          text,
          path: fixturePath,
          root: fixtureRoot,
          request,
          environments: [],
          signal: new AbortController().signal,
          ...input,
        },
        observer,
      );
    },
  };
}

/** The text of an answer. */
export async function bodyText(result: RunResult): Promise<string> {
  const bytes = await result.exchange?.body.bytesUpTo(1024 * 1024);
  return new TextDecoder().decode(bytes);
}
