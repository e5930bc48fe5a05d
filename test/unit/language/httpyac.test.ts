/**
 * httpYac’s own parser as the oracle: what it understands of every file of the corpus against what we do. Each
 * difference is in the table with what explains it, and none of the table is history.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { conflicts } from '../../../src/language/conflicts/registry.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import type { RequestNode } from '../../../src/language/types.ts';
import type { OracleFile, OracleRequest } from '../../support/httpyac-oracle.ts';
import { differences } from './httpyac-differences.ts';

const root = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const files = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:http|rest)$/.test(name))
  : [];
const oracle = path.resolve(import.meta.dirname, '../../support/httpyac-oracle.ts');

async function askOracle(names: readonly string[]): Promise<readonly OracleFile[]> {
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, oracle], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(names.map((name) => path.join(root, name)).join('\n'));
  const lines = (await readAll(child.stdout)).split('\n');
  return lines.filter((line) => line.startsWith('{"file"')).map((line) => JSON.parse(line) as OracleFile);
}

const spaced = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
const headersOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort()
    .join('\n');

/** What differs, blank ends and line ends aside: httpYac settles both when it sends. */
function compare(theirs: OracleRequest, ours: RequestNode): string[] {
  const body = ours.body?.parts.map((part) => (part.kind === 'text' ? part.text.text : '<file>')).join('') ?? '';
  const headers = ours.headers.map(({ name, value }) => [name.text, value.text] as const);
  const same = {
    method: theirs.method === ours.method,
    url: spaced(theirs.url) === spaced(ours.url.text),
    // A title that can be no name is a name there all the same (N1).
    name: theirs.name === ours.name || (ours.name === null && theirs.name === ours.title),
    headers: headersOf(theirs.headers) === headersOf(headers),
    body: spaced(theirs.body ?? '') === spaced(body),
  };
  return Object.entries(same).flatMap(([what, is]) => (is ? [] : [what]));
}

describe('httpYac’s parser and ours', () => {
  if (files.length === 0) {
    it('meet on the corpus', (context) => {
      context.skip('it is not at ../shared/corpus');
    });
    return;
  }
  const found: string[] = [];
  let compared = 0;

  beforeAll(async () => {
    for (const { file, requests, error } of await askOracle(files)) {
      const name = path.relative(root, file).replaceAll('\\', '/');
      if (error !== undefined) found.push(`${name}: ${error}`);
      const ours = new Map(parseRequestFile(readFileSync(file, 'utf8')).requests.map((one) => [one.line, one]));
      for (const theirs of requests) {
        const request = ours.get(theirs.line);
        ours.delete(theirs.line);
        const differing = request ? compare(theirs, request) : ['request'];
        found.push(...differing.map((what) => `${name}:${theirs.line} ${what}`));
        compared++;
      }
      for (const line of ours.keys()) found.push(`${name}:${line} request of ours`);
    }
  }, 30_000);

  it('read more than nine hundred requests of all files', () => {
    expect(compared).toBeGreaterThan(900);
  });

  it('differ where a conflict explains it, and nowhere else', () => {
    expect(found.sort()).toEqual(differences.flatMap(({ places }) => places).sort());
  });

  it('differ by conflicts that there are', () => {
    const known = new Set(conflicts.map(({ id }) => id));
    for (const { id, why } of differences) {
      expect(id.startsWith('§') || known.has(id), id).toBe(true);
      expect(why.length).toBeGreaterThan(20);
    }
  });
});
