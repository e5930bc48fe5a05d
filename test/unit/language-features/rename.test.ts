import { describe, expect, it } from 'vitest';
import { rename, renameElsewhere, renamePlace, wrongName } from '../../../src/language/features/rename.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { renameEnvironmentKey } from '../../../src/variables/environments/rename-key.ts';
import { applied, atCursor } from '../../support/feature-context.ts';

function check(marked: string, to: string, expected: string): void {
  const { file, offset } = atCursor(marked);
  const place = renamePlace(file, offset);
  expect(place && file.text.slice(place.span.start, place.span.end)).toBe(place?.name);
  expect(applied(file.text, rename(file, offset, to))).toBe(expected);
}

describe('rename in a file', () => {
  it('of a variable at its definition', () =>
    check(
      '@ho$0st = h\n@all = {{host}}/x\nGET {{ host }}/{{%host}}/{{hosts}}\nA: {{host.x}}',
      'base',
      '@base = h\n@all = {{base}}/x\nGET {{ base }}/{{%base}}/{{hosts}}\nA: {{base.x}}',
    ));
  it('of a variable at its use, with dots', () => check('@a.b = h\nGET {{a.$0b}}', 'c', '@c = h\nGET {{c}}'));
  it('of every definition', () =>
    check('@a = 1\nGET /{{$0a}}\n###\n@a = 2\nGET /{{a}}', 'b', '@b = 1\nGET /{{b}}\n###\n@b = 2\nGET /{{b}}'));
  it('of a request', () =>
    check(
      '# @name log$0in\nPOST /l\n###\n# @ref login\nGET /{{login.response.body.$.a}}\n###\nrun #login (@a=1)',
      'signIn',
      '# @name signIn\nPOST /l\n###\n# @ref signIn\nGET /{{signIn.response.body.$.a}}\n###\nrun #signIn (@a=1)',
    ));
  it('of a request that its title names', () =>
    check(
      '### log$0in\nPOST /l\n###\nGET /{{login.response.status}}',
      'in',
      '### in\nPOST /l\n###\nGET /{{in.response.status}}',
    ));
  it('of nothing else', () => {
    for (const marked of ['GET /{{$gu$0id}}', 'GET /a$0b', '# @auth ord$0ers\nGET /', '> {% a$0 %}']) {
      const { file, offset } = atCursor(marked);
      expect(renamePlace(file, offset)).toBeUndefined();
    }
  });
});

describe('rename in other files', () => {
  const file = parseRequestFile('GET /{{host}}\nA: {{host.x}}');
  it('of uses', () =>
    expect(applied(file.text, renameElsewhere(file, 'host', 'base', false))).toBe('GET /{{base}}\nA: {{base.x}}'));
  it('not where another thing has the name', () =>
    expect(renameElsewhere(parseRequestFile('@host = 1\nGET /{{host}}'), 'host', 'base', false)).toEqual([]));
  it('of definitions where it is defined', () => {
    const defining = parseRequestFile('@host = 1\nGET /{{host}}');
    expect(applied(defining.text, renameElsewhere(defining, 'host', 'base', true))).toBe('@base = 1\nGET /{{base}}');
  });
  it('of keys and references in an environment file', () => {
    const text =
      '{\n // host\n "dev": {"host": "h", "all": "{{host}}/{{ host }}/{{hosts}}", "o": {"host": ["{{host}}"]}},\n "prod": {"host": 1,}}';
    expect(applied(text, renameEnvironmentKey(text, 'host', 'base'))).toBe(
      '{\n // host\n "dev": {"base": "h", "all": "{{base}}/{{ base }}/{{hosts}}", "o": {"host": ["{{base}}"]}},\n "prod": {"base": 1,}}',
    );
    expect(renameEnvironmentKey('[1', 'host', 'base')).toEqual([]);
  });
});

describe('names that can be', () => {
  it.each(['a', 'api-version', 'Proj.Name_HostAddress', 'größe'])('%s', (name) =>
    expect(wrongName({ kind: 'variable' }, name)).toBeUndefined(),
  );
  it.each(['', 'a b', 'a=b', '{{a}}', '$a', '@a', 'a"b'])('not %s', (name) =>
    expect(wrongName({ kind: 'variable' }, name)).toBeDefined(),
  );
  it.each(['a.b', 'a b', ''])('not %s for a request', (name) =>
    expect(wrongName({ kind: 'request' }, name)).toBeDefined(),
  );
});
