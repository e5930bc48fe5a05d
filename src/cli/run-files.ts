/**
 * Sends the requests of files in order and reports each as it ends. Source: contracts.md §4–5, ux.md I1–I2.
 */
import { createWriteStream } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import { directiveKey } from '../run/directives.ts';
import type { RunResult } from '../run/types.ts';
import { plain, type Tracked } from '../variables/tracked.ts';
import type { RunOptions } from './commands/run.ts';
import { composeCli } from './compose-cli.ts';
import { exitCodes } from './exit-codes.ts';
import { findRoot } from './find-root.ts';
import { passed, type OutputContext, type OutputSession } from './output/format.ts';
import { outputFormats } from './output/registry.ts';
import { readRequestText } from './read-request-text.ts';

/** @returns the exit code */
export async function runFiles(files: readonly string[], options: RunOptions): Promise<number> {
  const started = performance.now();
  const format = outputFormats.find(({ id }) => id === options.format);
  if (!format)
    throw usage(`“${options.format}” is not a format of run.`, `Use ${outputFormats.map(({ id }) => id).join(', ')}.`);
  const overrides = parseVariables(options.var);
  const jobs = await Promise.all(files.map((file) => loadJob(file, options)));
  const composed = await composeCli({
    caFiles: options.ca,
    insecure: options.insecure.map(originOption),
    input: options.input,
    timeout: Number(options.timeout) || 0,
  });
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  const sink = openSink(options.output);
  const results: RunResult[] = [];
  try {
    provideSecrets(options, composed.vault);
    const environments = options.env === undefined ? [] : [options.env];
    const session = format.start(outputContext(options, sink.write, jobs, (text) => composed.redactor.redact(text)));
    for (const job of jobs) {
      await loadDefinitions(composed, job, environments);
      for (const request of job.requests) {
        if (abort.signal.aborted) break;
        const result = await composed.engine.send(
          {
            text: job.file.text,
            path: job.path,
            root: job.root,
            request: request.index,
            environments,
            overrides,
            signal: abort.signal,
            ...(options.as === undefined ? {} : { as: options.as === 'none' ? 'none' : { credential: options.as } }),
          },
          { onLog: (line) => void process.stderr.write(`${line}\n`) },
          job.file,
        );
        await report(result, session);
        results.push(result);
      }
    }
    await session.end({ results, milliseconds: performance.now() - started });
    process.stderr.write(credentialHints(results, (text) => composed.redactor.redact(text)));
  } finally {
    process.removeListener('SIGINT', interrupt);
    await composed.dispose();
    await sink.close();
  }
  return exitCode(results);
}

/** What a person or a CI job can do about requests that lack a credential (design.md I2.1). */
function credentialHints(results: readonly RunResult[], redact: (text: string) => string): string {
  const needed = new Map<string, RunResult>();
  for (const result of results) {
    if (result.error && exitCodes.forError(result.error) === exitCodes.credentialNeeded) {
      const name = result.credential?.name ?? result.error.facts['name'];
      if (typeof name === 'string' && !needed.has(name)) needed.set(name, result);
    }
  }
  return [...needed]
    .map(([name, result]) => {
      const where = result.request ? ` to send to ${redact(originOf(result.request.url.text))}` : '';
      return `\n${name} is needed${where}.\n  At a terminal: countersign credentials sign-in ${name}, or credentials add ${name}\n  In CI:         --secret ${name}=ENVVAR, with --pin from countersign credentials show ${name}\n`;
    })
    .join('');
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
}

/** Prints, then lets the body go: a long run keeps nothing but facts. */
async function report(result: RunResult, session: OutputSession): Promise<void> {
  await session.result(result);
  await result.exchange?.body.dispose();
}

function exitCode(results: readonly RunResult[]): number {
  const failures = results.filter((result) => !passed(result));
  if (failures.length === 0) return exitCodes.passed;
  const codes = failures.map((result) => (result.error ? exitCodes.forError(result.error) : exitCodes.failed));
  return codes.includes(exitCodes.credentialNeeded) ? exitCodes.credentialNeeded : exitCodes.failed;
}

interface Job {
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly file: RequestFile;
  readonly requests: readonly RequestNode[];
}

async function loadJob(name: string, options: RunOptions): Promise<Job> {
  const file = parseRequestFile(await readRequestText(name));
  const path = name === '-' ? undefined : resolve(name);
  return {
    path,
    root: path === undefined ? process.cwd() : await findRoot(dirname(path), process.cwd()),
    file,
    requests: select(file, name, options),
  };
}

function select(file: RequestFile, name: string, options: RunOptions): readonly RequestNode[] {
  if (options.name !== undefined) {
    const found = file.requests.filter((request) => request.name === options.name || request.title === options.name);
    if (found.length > 0) return found;
    const names = file.requests.map((request) => request.name).filter((each) => each !== null);
    throw usage(
      `No request of ${name} is called “${options.name}”.`,
      names.length > 0 ? `It has: ${names.join(', ')}.` : 'None of its requests has a name.',
    );
  }
  if (options.line !== undefined) {
    const line = Number(options.line);
    const offset = offsetOfLine(file.text, line);
    const found = file.requests.find(
      (request) => request.span.start <= offset && offset < Math.max(request.span.end, request.span.start + 1),
    );
    if (found) return [found];
    throw usage(`No request stands at line ${options.line} of ${name}.`, 'Give a line inside a request.');
  }
  return file.requests.filter((request) => !isDisabled(request));
}

function isDisabled(request: RequestNode): boolean {
  return request.directives.some(
    (each) => directiveKey(each.name) === 'disabled' && !/^false$/i.test(each.value.trim()),
  );
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return text.length;
    offset = next + 1;
  }
  return offset;
}

function parseVariables(pairs: readonly string[]): Map<string, Tracked> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage(`“${pair}” is not key=value.`, 'Write --var key=value.');
      return [pair.slice(0, at), plain(pair.slice(at + 1))] as const;
    }),
  );
}

function provideSecrets(options: RunOptions, vault: Awaited<ReturnType<typeof composeCli>>['vault']): void {
  for (const pair of options.secret) {
    const at = pair.indexOf('=');
    if (at < 1)
      throw usage(
        `“${pair.slice(0, 40)}” is not NAME=ENVVAR.`,
        'Write --secret NAME=ENVVAR, with the name of a variable.',
      );
    const name = pair.slice(0, at);
    const variable = pair.slice(at + 1);
    const value = process.env[variable];
    if (value === undefined || value === '') {
      throw new CountersignError(
        'CS-AUTH-SECRET-MISSING',
        `The environment variable ${variable} for ${name} is not set.`,
        {
          next: `Set ${variable}, or name another variable with --secret.`,
        },
      );
    }
    const credential = name.split('.')[0] as string;
    vault.provideSecret(name, new Secret(value, `${credential} secret`));
    vault.trustForProcess(credential, options.pin);
  }
}

async function loadDefinitions(
  composed: Awaited<ReturnType<typeof composeCli>>,
  job: Job,
  environments: readonly string[],
): Promise<void> {
  if (job.root === undefined) return;
  const { loadWorkspaceDefinitions } = await import('../run/workspace-definitions.ts');
  const loaded = await loadWorkspaceDefinitions(composed.vault, composed.deps.files, job.root, environments);
  for (const problem of loaded.problems) process.stderr.write(`${loaded.file}: ${problem.code}: ${problem.message}\n`);
}

function outputContext(
  options: RunOptions,
  write: (text: string) => void,
  jobs: readonly Job[],
  redact: (text: string) => string,
): OutputContext {
  const toTerminal = options.output === undefined && process.stdout.isTTY;
  const plainLocale = !/utf-?8/i.test(
    process.env['LC_ALL'] ||
      process.env['LC_CTYPE'] ||
      process.env['LANG'] ||
      (process.platform === 'win32' ? 'utf-8' : ''),
  );
  const colour = process.env['FORCE_COLOR']
    ? process.env['FORCE_COLOR'] !== '0'
    : toTerminal && !process.env['NO_COLOR'];
  return {
    redact,
    write,
    colour,
    columns: Math.min(process.stdout.columns || 80, 160),
    unicode: toTerminal && !process.env['NO_COLOR'] && !plainLocale,
    includeBody: options.body,
    shownPath: (path) => (path === undefined ? '-' : shown(path)),
    sourceLine: (path, line) => jobs.find((job) => job.path === path)?.file.text.split(/\r?\n/)[line - 1],
  };
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith(`..${sep}`) || short === '' ? path : short;
}

function openSink(file: string | undefined): { write(text: string): void; close(): Promise<void> } {
  if (file === undefined) return { write: (text) => void process.stdout.write(text), close: () => Promise.resolve() };
  const stream = createWriteStream(file);
  return {
    write: (text) => void stream.write(text),
    close: () => new Promise((done, fail) => stream.once('error', fail).end(done)),
  };
}

function originOption(text: string): string {
  try {
    return new URL(text).origin;
  } catch {
    throw usage(`“${text.slice(0, 60)}” is not an origin.`, 'Write it as https://host:port.');
  }
}

function usage(message: string, next: string): CountersignError {
  return new CountersignError('CS-CLI-USAGE', message, { next });
}
