/** Other people's files, read in place: no throw, no loss, and nothing that is a construct is sent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { methodProtocol } from '../../../src/language/methods.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { toParseReport } from '../../../src/language/parse-report.ts';
import { bodyText, checkInvariants } from './check.ts';

const root = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const files = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:http|rest)$/.test(name))
  : [];

describe('the corpus', () => {
  if (files.length === 0) {
    it('is read where it is', (context) => {
      context.skip('it is not at ../shared/corpus');
    });
    return;
  }
  it.each(files)('%s', (name) => {
    const text = readFileSync(path.join(root, name), 'utf8');
    const file = parseRequestFile(text);
    checkInvariants(text, file);
    expect(toParseReport(name, file).requests).toHaveLength(file.requests.length);
    for (const request of file.requests) {
      expect(request.url.text).not.toMatch(/^(?:run|import|proto|gql|WS|GRPC|curl)\s|[\r\n]/);
      expect(request.url.text).not.toMatch(/\sHTTP\/\d(?:\.\d)?$/);
      if (request.body) expect(bodyText(request.body)).not.toMatch(/^(?:> ?\{%|>>!? |<> |\?\? |###|# @|\/\/ @)/m);
      for (const header of request.headers)
        expect(header.name.text).not.toMatch(
          /^[{[<#>]|\s/.test(header.name.text) && !header.name.text.startsWith('{{') ? /^$/ : /^\s/,
        );
    }
    const expected = countPlainly(text);
    if (expected !== null) expect(file.requests).toHaveLength(expected);
  });
});

/** Blocks with exactly one line that begins with a verb and none of the shapes that need a parser; null elsewhere. */
function countPlainly(text: string): number | null {
  let count = 0;
  for (const block of text.replace(/^\ufeff/, '').split(/^[ \t]*#{3,}.*$/m)) {
    if (
      /^\s*(?:curl\b|HTTP\/|\/\*|\{\{\s*$|\{\{[@+]|<|>|\?\?|fragment|proto|gql|run\s|import\s|Content-Type:\s*multipart)/im.test(
        block,
      )
    )
      return null;
    const verbs = [...block.matchAll(/^[ \t]*([A-Z-]+)[ \t]+\S/gm)].filter(
      (match) => methodProtocol(match[1]!) !== undefined,
    );
    const rest = block.split(/\r?\n/).filter((line) => !/^\s*(?:#|\/\/|@|$)/.test(line));
    if (verbs.length > 1 || (verbs.length === 0 && rest.length > 0)) return null;
    count += verbs.length;
  }
  return count;
}
