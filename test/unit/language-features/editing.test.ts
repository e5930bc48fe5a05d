/** Semantic colours, linked boundaries and expand selection, as pieces of the text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundarySpans } from '../../../src/language/features/boundaries.ts';
import { selectionSpans } from '../../../src/language/features/selection-ranges.ts';
import { semanticTokens } from '../../../src/language/features/semantic-tokens.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { atCursor } from '../../support/feature-context.ts';

describe('semantic tokens', () => {
  const tokens = (text: string): string[] =>
    semanticTokens(parseRequestFile(text)).map(
      ({ start, end, type, modifier }) => `${type}${modifier ? `.${modifier}` : ''} ${text.slice(start, end)}`,
    );
  it('of names and references', () =>
    expect(
      tokens(
        '@a = {{$guid}}/{{b}}\n# @name login\nPOST /{{a}}\nX-A: {{a.b[0]}}\n###\n# @ref login\nget /{{login.response.body.$.t}}?{{x + 1}}',
      ),
    ).toEqual([
      'variable.declaration a',
      'function.defaultLibrary $guid',
      'variable b',
      'method.declaration login',
      'keyword POST',
      'variable a',
      'property X-A',
      'variable a.b[0]',
      'method login',
      'keyword get',
      'method login',
      'string x + 1',
    ]));
  it('tell the comment lines of a body that are sent from those that are not', () => {
    expect(tokens('POST /a\nContent-Type: application/json\n\n{\n // {{x}}\n# y\n}')).toEqual([
      'keyword POST',
      'property Content-Type',
      'comment  // {{x}}',
      'comment # y',
    ]);
    expect(tokens('POST /a\nContent-Type: text/plain\n\n# a {{x}} b\n// c\n@v = 1\nGET /x\nplain')).toEqual([
      'keyword POST',
      'property Content-Type',
      'string # a {{',
      'variable x',
      'string }} b',
      'string // c',
      'string @v = 1',
      'string GET /x',
    ]);
  });
  it('of a part of the file', () => {
    const text = 'GET /a\n###\nPUT /b\n###\nPOST /c';
    const at = text.indexOf('PUT');
    expect(
      semanticTokens(parseRequestFile(text), { start: at, end: at + 3 }).map(({ start, end }) =>
        text.slice(start, end),
      ),
    ).toEqual(['PUT']);
  });
  it('never lie over each other, and never go over a line', () => {
    const piece = fc.constantFrom(
      'GET /{{a}}',
      '###',
      '{{',
      '}}',
      '\n',
      '# @name x',
      '{{$guid}}',
      '@a = {{b}}',
      'A: {{c}}',
      '\n\n',
      '{"a": "{{b}}"}',
      '// x',
      'curl x',
      ' ',
      '{{{a}}}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (all) => {
        const text = all.join('');
        let last = 0;
        for (const { start, end } of semanticTokens(parseRequestFile(text))) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).not.toMatch(/[\r\n]/);
          last = end;
        }
      }),
    );
  });
});

describe('linked boundaries', () => {
  const marked = (text: string): string => {
    const { file, offset } = atCursor(text);
    return [...boundarySpans(file, offset)]
      .reverse()
      .reduce((out, { start, end }) => `${out.slice(0, start)}[${out.slice(start, end)}]${out.slice(end)}`, file.text);
  };
  const head = 'POST /a\nContent-Type: multipart/form-data; boundary=';
  it('in header and body', () =>
    expect(marked(`${head}"x$0y"\n\n--xy\nA: b\n\n--xyz and --xy\n--xy--\n`)).toBe(
      `${head}"[xy]"\n\n--[xy]\nA: b\n\n--xyz and --xy\n--[xy]--\n`,
    ));
  it('from the body', () =>
    expect(marked(`${head}xy\n\n--x$0y\n\na\n--xy--`)).toBe(`${head}[xy]\n\n--[xy]\n\na\n--[xy]--`));
  it('nowhere else', () => expect(marked(`${head}xy\n\n--xy\n\na$0\n--xy--`)).toBe(`${head}xy\n\n--xy\n\na\n--xy--`));
});

describe('expand selection', () => {
  it('goes from the reference to the file', () => {
    const { file, offset } = atCursor('### a\nGET /x\nA: b {{na$0me}}\n\n###\nGET /y');
    expect(selectionSpans(file, offset).map(({ start, end }) => file.text.slice(start, end))).toEqual([
      'name',
      '{{name}}',
      'b {{name}}',
      'A: b {{name}}',
      '### a\nGET /x\nA: b {{name}}\n\n',
      file.text,
    ]);
  });
});
