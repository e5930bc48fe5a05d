/**
 * The request-file language on a file of 10 000 requests (1.4 MB): a whole parse (every line told, every request
 * located, variables and diagnostics out); the same with every request's method, URL, headers and body read; and one
 * keystroke with a request read after it. The reference is splitting the text into lines.
 */
import { requestAt } from '../../src/language/lookup.ts';
import { parseRequestFile, updateRequestFile } from '../../src/language/parse-request-file.ts';
import type { RequestFile } from '../../src/language/types.ts';
import type { Bench } from '../support/bench.ts';

const count = 10_000;

/** GETs with a query over two lines and POSTs of JSON, some with names, as people write them. */
function largeFile(): string {
  const lines = ['@host = http://127.0.0.1:9', '@token = test-token', '', '# edit-here', ''];
  for (let index = 0; index < count; index++) {
    lines.push(`### Request number ${index}`);
    if (index % 5 === 0) lines.push(`# @name req${index}`);
    if (index % 3 === 0) {
      lines.push(
        'POST {{host}}/echo HTTP/1.1',
        'Content-Type: application/json',
        'Authorization: Bearer {{token}}',
        '',
      );
      lines.push('{', `  "id": ${index},`, `  "name": "user ${index}"`, '}');
    } else {
      lines.push(`GET {{host}}/small?page=${index}`, '  &sort=asc', 'Accept: application/json');
      lines.push('Authorization: Bearer {{token}}');
    }
    lines.push('');
  }
  return lines.join('\n');
}

const text = largeFile();
let round = 0;

/** The text with one more key typed at `# edit-here`, as one flat string that no cache has seen. */
function typed(): { text: string; start: number; insert: string } {
  const start = text.indexOf('# edit-here') + '# edit-here'.length;
  const insert = 'k'.repeat(++round);
  return { text: Buffer.from(text.slice(0, start) + insert + text.slice(start)).toString(), start, insert };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function split(source: string): number {
  return timed(() => {
    if (source.split(/\r?\n/).length < count) throw new Error('The text has too few lines.');
  });
}

function readEverything(file: RequestFile): number {
  let read = 0;
  for (const request of file.requests) {
    read += request.method.length + request.url.text.length;
    for (const header of request.headers) read += header.name.text.length + header.value.text.length;
    for (const part of request.body?.parts ?? []) read += part.kind === 'text' ? part.text.text.length : 0;
  }
  return read;
}

let previous: RequestFile | undefined;

export const benches: readonly Bench[] = [
  {
    name: 'parse-10k',
    unit: 'ms',
    aim: 4,
    rounds: 15,
    run() {
      const source = typed().text;
      const reference = split(source);
      const value = timed(() => {
        const file = parseRequestFile(source);
        if (file.requests.length !== count || file.variables.length !== 2 || file.diagnostics.length > 0)
          throw new Error('The file is not what it was made of.');
      });
      return Promise.resolve({ value, reference });
    },
  },
  {
    name: 'parse-10k-read',
    unit: 'ms',
    aim: 16,
    rounds: 15,
    run() {
      const source = typed().text;
      const reference = split(source);
      const value = timed(() => {
        if (readEverything(parseRequestFile(source)) < source.length / 2) throw new Error('Requests are missing.');
      });
      return Promise.resolve({ value, reference });
    },
  },
  {
    name: 'edit-10k',
    unit: 'ms',
    aim: 1,
    rounds: 15,
    run() {
      const before = (previous ??= parseRequestFile(text));
      const edit = typed();
      const reference = split(edit.text);
      const value = timed(() => {
        const file = updateRequestFile(before, edit.text, { start: edit.start, end: edit.start, text: edit.insert });
        const request = requestAt(file, edit.text.length >> 1);
        if (file.requests.length !== count || !request?.url.text.startsWith('{{host}}'))
          throw new Error('Requests are missing.');
      });
      return Promise.resolve({ value, reference });
    },
  },
];
