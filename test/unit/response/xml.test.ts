import { describe, expect, it } from 'vitest';
import { BodyDocument } from '../../../src/response/json-index/body-document.ts';

const open = (text: string): BodyDocument => new BodyDocument(new TextEncoder().encode(text), 0, 'xml');

/** The tree as `key: value` lines, all open. */
function tree(text: string): string[] {
  const document = open(text);
  document.toggle('body', 0, true, 'all');
  return document.rows('body', 0, 100).rows.map(({ level, key, value, count }) => {
    return `${'  '.repeat(level - 1)}${key ?? ''}: ${value ?? `{${String(count)}}`}`;
  });
}

const orders =
  '<?xml version="1.0"?><o:orders xmlns:o="urn:o" xmlns="urn:d"><order id="1"><total>59.90</total></order><order id="2"/>\n</o:orders>';

describe('the tree of XML', () => {
  it('shows elements, attributes and text', () => {
    expect(tree(orders)).toEqual([
      ': {1}',
      '  o:orders: {4}',
      '    @xmlns:o: urn:o',
      '    @xmlns: urn:d',
      '    order: {2}',
      '      @id: 1',
      '      total: 59.90',
      '    order: {1}',
      '      @id: 2',
    ]);
    expect(tree('<p>a <b>c</b> &lt;&#x41;&eacute;<![CDATA[<x>]]><!-- n --><?go on?></p>')).toEqual([
      ': {1}',
      '  p: {5}',
      '    #text: a ',
      '    b: c',
      '    #text:  <A&eacute;<x>',
      '    #comment:  n ',
      '    ?go: on',
    ]);
  });

  it('is laid out for reading, and keeps what the document writes', () => {
    expect(
      open("<a><b x='1'>t &amp;lt; u</b><c/><d><![CDATA[<]]></d><m>x <i>y</i></m></a>").wholeText('text', 1e6),
    ).toBe("<a>\n  <b x='1'>t &amp;lt; u</b>\n  <c/>\n  <d><![CDATA[<]]></d>\n  <m>x <i>y</i></m>\n</a>\n");
    expect(open('<a>').wholeText('text', 1e6)).toBe('<a>');
  });

  it.each([
    ['<a>\n <b></a>', { line: 2, column: 5, expected: '</b>' }],
    ['<a x=1/>', { line: 1, column: 6, expected: 'a value in quotes' }],
    ['<a x="1" x="2"/>', { line: 1, column: 10, expected: 'an attribute that is not there yet' }],
    ['<a/><b/>', { line: 1, column: 5, expected: 'the end of the document' }],
    ['hello', { line: 1, column: 1, expected: 'an element' }],
    ['<a', { line: 1, column: 3, expected: 'a name, > or />' }],
  ])('%j says where it stops', (text, place) => expect(open(text).fault()).toEqual({ ...place, name: 'XML' }));
});

describe('XPath', () => {
  async function found(text: string, expression: string): Promise<string[] | string> {
    const document = open(text);
    const outcome = await document.computeFilter(expression);
    return outcome.ok ? [...outcome.nodes].map((node) => document.path(node, 'jsonpath')) : outcome.message;
  }

  it.each([
    ['//order', ['/o:orders/order[1]', '/o:orders/order[2]']],
    ['/o:orders/order[@id="2"]/@id', ['/o:orders/order[2]/@id']],
    ['//total[. > 50]', ['/o:orders/order[1]/total']],
    ['//total/text()', ['/o:orders/order[1]/total']],
    ['//order[last()]/preceding-sibling::order', ['/o:orders/order[1]']],
    ['//total/ancestor::*', ['/o:orders', '/o:orders/order[1]']],
    ['//nothing', []],
    ['/', ['/']],
    ['count(//order)', 'This XPath gives a value, not a place in the document.'],
    ['//order[', 'This is not an XPath.'],
    ['//x:order', 'This is not an XPath.'],
  ])('%s', async (expression, expected) => expect(await found(orders, expression)).toEqual(expected));
});
