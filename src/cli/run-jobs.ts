/**
 * The work of one `countersign run`: files read and parsed, requests picked. It sends nothing. Source: contracts.md §5.
 */
import { dirname, resolve } from 'node:path';
import { CountersignError } from '../errors/countersign-error.ts';
import { embeddingOf } from '../language/embedded/registry.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import { nodeFiles } from '../machine/node-files.ts';
import { isDisabled } from '../run/directives.ts';
import { planSteps, type Step } from '../run/steps.ts';
import { findRoot } from './find-root.ts';
import { isBinary, readRequestText } from './read-request-text.ts';
import { usage } from './usage.ts';

interface Selection {
  readonly name?: string;
  readonly line?: string;
}

/** One request file of the command, read, with the requests to send of it. */
export interface Job {
  /** As it was named on the command line. */
  readonly name: string;
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly file: RequestFile;
  readonly requests: readonly RequestNode[];
  /** What is sent: the requests, and in a run of the whole file what its `run` lines name. */
  readonly steps: readonly Step[];
}

/**
 * Reads the files and picks the requests. With several files `--name` may be in any of them.
 * @throws CountersignError CS-CLI-USAGE, CS-FILE-*, and CS-PARSE-NO-REQUEST when no file has a request
 */
export async function loadJobs(names: readonly string[], options: Selection): Promise<readonly Job[]> {
  const line = options.line === undefined ? undefined : toLine(options.line);
  const jobs = await Promise.all(names.map((name) => loadJob(name, options.name, line)));
  if (jobs.every((job) => job.file.requests.length === 0 && job.steps.length === 0)) {
    const what = jobs.length === 1 ? `${names[0] ?? ''} has no request` : 'None of these files has a request';
    throw new CountersignError('CS-PARSE-NO-REQUEST', `${what}.`, {
      next: 'Write one, for example: GET https://api.example.com/orders',
    });
  }
  if (options.name !== undefined && jobs.every((job) => job.requests.length === 0)) {
    throw usage(
      `No request of ${names.join(', ')} is called “${options.name}”.`,
      knownNames(jobs.flatMap((job) => job.file.requests)),
    );
  }
  return jobs;
}

function toLine(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage(`“${text.slice(0, 20)}” is not a line.`, 'Write --line with a number from 1.');
}

async function loadJob(name: string, wanted: string | undefined, line: number | undefined): Promise<Job> {
  const text = await readRequestText(name);
  if (isBinary(text)) {
    throw new CountersignError('CS-FILE-UNREADABLE', `The file ${name} is not text.`, {
      next: 'Name a request file: text that ends in .http or .rest.',
    });
  }
  const embedding = embeddingOf(name);
  const file = parseRequestFile(embedding ? embedding.mask(text) : text);
  const path = name === '-' ? undefined : resolve(name);
  const root = path === undefined ? process.cwd() : await findRoot(dirname(path), process.cwd());
  const requests = select(file, name, wanted, line);
  const one = (request: RequestNode): Step => ({ kind: 'send', path, file, request, variables: new Map() });
  const whole = wanted === undefined && line === undefined;
  const steps = whole ? await planSteps({ file, path, root, files: nodeFiles }) : requests.map(one);
  return { name, path, root, file, requests, steps };
}

function select(
  file: RequestFile,
  name: string,
  wanted: string | undefined,
  line: number | undefined,
): readonly RequestNode[] {
  if (wanted !== undefined) {
    return file.requests.filter((request) => request.name === wanted || request.title === wanted);
  }
  if (line !== undefined) {
    const offset = offsetOfLine(file.text, line);
    const found =
      offset === undefined
        ? undefined
        : file.requests.find(
            (request) => request.span.start <= offset && offset < Math.max(request.span.end, request.span.start + 1),
          );
    if (found) return [found];
    throw usage(`No request stands at line ${line} of ${name}.`, 'Give a line inside a request.');
  }
  return file.requests.filter((request) => !isDisabled(request));
}

function knownNames(requests: readonly RequestNode[]): string {
  const names = requests.map((request) => request.name ?? request.title).filter((each) => each !== null);
  return names.length > 0 ? `There are: ${names.slice(0, 12).join(', ')}.` : 'None of the requests has a name.';
}

function offsetOfLine(text: string, line: number): number | undefined {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return undefined;
    offset = next + 1;
  }
  return offset;
}
