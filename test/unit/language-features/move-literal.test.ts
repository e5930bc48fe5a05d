import { describe, expect, it } from 'vitest';
import { literalsOf } from '../../../src/language/features/diagnostics.ts';
import { authEdit, moveEdits, nearestLiteral } from '../../../src/language/features/move-literal.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { suggestedName } from '../../../src/vscode/language/suggested-name.ts';
import { applied, fakeContext } from '../../support/feature-context.ts';

const token = 'sk_test_4eC39HqLyjWDarjtT1zdp7dcXY';

/** Moves the first literal of the last request to the credential `me`; S stands for a secret. */
function check(before: string, after: string): void {
  const text = before.replaceAll('§', token);
  const file = parseRequestFile(text);
  const request = file.requests.at(-1);
  const literal =
    request && nearestLiteral(literalsOf(request, fakeContext(file)), { header: headerOf(before), start: 0 });
  expect(literal).toBeDefined();
  if (literal) expect(applied(text, moveEdits(file, literal, 'me'))).toBe(after.replaceAll('§', token));
}

function headerOf(text: string): string {
  return /([\w-]+)(?:=|: (?:Bearer )?)§/.exec(text)?.[1] ?? '';
}

describe('moving a literal secret', () => {
  it('takes the header’s line and names the credential', () => {
    check('GET http://x\nAuthorization: Bearer §\nAccept: a\n', '# @auth me\nGET http://x\nAccept: a\n');
    check('### T\n# c\nGET http://x\nAuthorization: Bearer §', '### T\n# c\n# @auth me\nGET http://x');
    check('GET http://x\r\nX-API-Key: §\r\n\r\nbody', '# @auth me\r\nGET http://x\r\n\r\nbody');
    check('  GET http://x\n  X-API-Key: §\n', '# @auth me\n  GET http://x\n');
  });
  it('changes an @auth that is there', () => {
    check('# @auth old\nGET http://x\nX-API-Key: §\n', '# @auth me\nGET http://x\n');
    check('# @auth\nGET http://x\nX-API-Key: §\n', '# @auth me\nGET http://x\n');
    check('# @no-auth\nGET http://x\nX-API-Key: §\n', '# @auth me\nGET http://x\n');
  });
  it('takes a parameter of the query and leaves a query', () => {
    check('GET http://x?api_key=§\n', '# @auth me\nGET http://x\n');
    check('GET http://x?api_key=§&b=1\n', '# @auth me\nGET http://x?b=1\n');
    check('GET http://x?a=1&api_key=§&b=1 HTTP/1.1\n', '# @auth me\nGET http://x?a=1&b=1 HTTP/1.1\n');
    check('GET http://x\n  ?a=1\n  &api_key=§\n', '# @auth me\nGET http://x\n  ?a=1\n  \n');
  });
  it('touches only its own request', () => {
    check(
      'GET http://y\nX-API-Key: §\n\n###\nGET http://x\nX-API-Key: §\n',
      'GET http://y\nX-API-Key: §\n\n###\n# @auth me\nGET http://x\n',
    );
  });
  it('leaves no secret in its edits', () => {
    const file = parseRequestFile(`GET http://x\nX-API-Key: ${token}`);
    const literal = nearestLiteral(literalsOf(file.requests[0]!, fakeContext(file)), { header: 'x-api-key', start: 0 });
    expect(literal && JSON.stringify(moveEdits(file, literal, 'me'))).not.toContain(token);
  });
  it('finds the nearest of the same header after the text moved', () => {
    const text = `GET http://x\nA: 1\nX-API-Key: ${token}\nAuthorization: Bearer ${token}`;
    const file = parseRequestFile(text);
    const found = nearestLiteral(literalsOf(file.requests[0]!, fakeContext(file)), {
      header: 'authorization',
      start: 3,
    });
    expect(found?.span.start).toBe(text.lastIndexOf(token));
    expect(nearestLiteral([], { header: 'a', start: 0 })).toBeUndefined();
  });
  it('a credential alone can be named', () => {
    const file = parseRequestFile('### A\nGET http://x');
    expect(applied(file.text, [authEdit(file, file.requests[0]!, 'me')])).toBe('### A\n# @auth me\nGET http://x');
  });
});

describe('the suggested name', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['https://api.example.com', [], 'example'],
    ['https://weather.example.com:8443', [], 'weather'],
    ['https://api.example.com', ['example'], 'example-2'],
    ['https://api.example.com', ['example', 'example-2'], 'example-3'],
    ['https://127.0.0.2:8443', [], 'api'],
    ['https://[::1]:8443', [], 'api'],
    ['http://localhost:3000', ['api'], 'api-2'],
    ['https://xn--bcher-kva.example', [], 'xn--bcher-kva'],
    ['', [], 'api'],
  ];
  it.each(cases)('%s beside %j is %s', (origin, taken, expected) =>
    expect(suggestedName(origin, taken)).toBe(expected),
  );
});
