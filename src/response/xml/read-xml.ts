/**
 * Reads XML 1.0 from a text, in one pass and without recursion. It loads nothing and expands nothing: of a document type
 * only the end is looked for, and a reference to anything but the five names and to characters stays as written. Depth
 * and number of nodes have limits. Source: XML 1.0 (fifth edition), Namespaces in XML.
 */
import { Buffer } from 'node:buffer';
import { DecodeFault } from '../decoders/decoder.ts';
import { XmlNode } from './xml-node.ts';

export const xmlDepth = 1000;
const mostNodes = 1_000_000;
const nameStart = /[A-Za-z_:\u0080-\uffff]/;
const nameAt = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/y;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The document, or a `DecodeFault` with a byte offset. */
export function readXml(text: string): XmlNode {
  return new XmlReader(text).read();
}

class XmlReader {
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  readonly #document: XmlNode;
  #open: XmlNode;
  #depth = 0;
  #namespaces: Readonly<Record<string, string>>[] = [{ xml: 'http://www.w3.org/XML/1998/namespace' }];

  constructor(text: string) {
    this.#text = text;
    this.#document = new XmlNode('document', '#document', null, null);
    this.#open = this.#document;
  }

  read(): XmlNode {
    const text = this.#text;
    while (this.#at < text.length) {
      if (text[this.#at] !== '<') this.#characters();
      else if (text.startsWith('<!--', this.#at)) this.#add('comment', '#comment', this.#until('<!--', '-->'));
      else if (text.startsWith('<![CDATA[', this.#at)) this.#cdata();
      else if (text.startsWith('<!DOCTYPE', this.#at)) this.#skipDoctype();
      else if (text.startsWith('<?', this.#at)) this.#instruction();
      else if (text[this.#at + 1] === '/') this.#endTag();
      else this.#startTag();
    }
    if (this.#open !== this.#document) this.#fail(`</${this.#open.nodeName.slice(0, 60)}>`);
    if (!this.#document.documentElement) this.#fail('an element');
    return this.#document;
  }

  #fail(expected: string, at = this.#at): never {
    throw new DecodeFault(Buffer.byteLength(this.#text.slice(0, at)), expected);
  }

  #node(type: ConstructorParameters<typeof XmlNode>[0], name: string, value: string | null): XmlNode {
    if (++this.#nodes > mostNodes) this.#fail('at most 1,000,000 nodes');
    return new XmlNode(type, name, value, this.#document);
  }

  #add(type: ConstructorParameters<typeof XmlNode>[0], name: string, value: string | null): void {
    this.#open.append(this.#node(type, name, value));
  }

  #addText(value: string, raw: string): void {
    if (value === '') return;
    let last = this.#open.lastChild;
    if (last?.isText) last.nodeValue = (last.nodeValue ?? '') + value;
    else {
      last = this.#node('text', '#text', value);
      this.#open.append(last);
    }
    last.raw += raw;
  }

  #characters(): void {
    const end = this.#text.indexOf('<', this.#at);
    const raw = this.#text.slice(this.#at, end < 0 ? undefined : end);
    if (this.#open === this.#document) {
      const stray = raw.search(/[^\s\ufeff]/);
      if (stray >= 0)
        this.#fail(this.#document.documentElement ? 'the end of the document' : 'an element', this.#at + stray);
    } else this.#addText(unescaped(raw), raw);
    this.#at += raw.length;
  }

  #cdata(): void {
    if (this.#open === this.#document) this.#fail('an element');
    const content = this.#until('<![CDATA[', ']]>');
    this.#addText(content, `<![CDATA[${content}]]>`);
  }

  /** What stands between two marks; moves behind them. */
  #until(open: string, close: string): string {
    const from = this.#at + open.length;
    const end = this.#text.indexOf(close, from);
    if (end < 0) this.#fail(close);
    this.#at = end + close.length;
    return this.#text.slice(from, end);
  }

  #instruction(): void {
    const content = this.#until('<?', '?>');
    const space = content.search(/\s|$/);
    if (content.slice(0, space) === 'xml') return;
    this.#add('instruction', content.slice(0, space), content.slice(space).trim());
  }

  #skipDoctype(): void {
    let inside = 0;
    for (let at = this.#at + 9; at < this.#text.length; at++) {
      const char = this.#text[at] as string;
      if (char === '"' || char === "'") {
        at = this.#text.indexOf(char, at + 1);
        if (at < 0) break;
      } else if (this.#text.startsWith('<!--', at)) {
        at = this.#text.indexOf('-->', at);
        if (at < 0) break;
      } else if (char === '[') inside += 1;
      else if (char === ']') inside -= 1;
      else if (char === '>' && inside <= 0) {
        this.#at = at + 1;
        return;
      }
    }
    this.#fail('the end of the document type');
  }

  #name(what: string): string {
    nameAt.lastIndex = this.#at;
    const name = nameStart.test(this.#text[this.#at] ?? '') ? nameAt.exec(this.#text)?.[0] : undefined;
    if (name === undefined) this.#fail(what);
    this.#at += name.length;
    return name;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #startTag(): void {
    const start = this.#at;
    if (this.#open === this.#document && this.#document.documentElement) this.#fail('the end of the document');
    this.#at += 1;
    const element = this.#node('element', this.#name('a name'), null);
    for (;;) {
      this.#skipSpace();
      const char = this.#text[this.#at];
      if (char === '>' || char === '/') break;
      this.#attribute(element);
    }
    this.#bind(element);
    this.#open.append(element);
    if (this.#text.startsWith('/>', this.#at)) {
      this.#at += 2;
      this.#namespaces.pop();
      return;
    }
    if (this.#text[this.#at] !== '>') this.#fail('>');
    this.#at += 1;
    if (++this.#depth > xmlDepth) this.#fail(`at most ${String(xmlDepth)} levels`, start);
    this.#open = element;
  }

  #attribute(element: XmlNode): void {
    const at = this.#at;
    const name = this.#name('a name, > or />');
    if (element.attributes?.getNamedItem(name)) this.#fail('an attribute that is not there yet', at);
    if ((element.attributes?.length ?? 0) >= 1000) this.#fail('at most 1,000 attributes', at);
    this.#skipSpace();
    if (this.#text[this.#at] !== '=') this.#fail('=');
    this.#at += 1;
    this.#skipSpace();
    const mark = this.#text[this.#at];
    if (mark !== '"' && mark !== "'") this.#fail('a value in quotes');
    const raw = this.#until(mark, mark);
    const attribute = this.#node('attribute', name, unescaped(raw));
    attribute.raw = mark + raw + mark;
    attribute.ownerElement = element;
    element.attributes?.list.push(attribute);
  }

  /** Which namespaces the names of a tag are in. */
  #bind(element: XmlNode): void {
    const outer = this.#namespaces.at(-1) ?? {};
    const attributes = element.attributes?.list ?? [];
    const declared = attributes.filter(({ nodeName }) => nodeName === 'xmlns' || nodeName.startsWith('xmlns:'));
    const scope =
      declared.length === 0
        ? outer
        : Object.assign(
            Object.create(null) as Record<string, string>,
            outer,
            Object.fromEntries(declared.map((one) => [one.prefix === null ? '' : one.localName, one.nodeValue ?? ''])),
          );
    this.#namespaces.push(scope);
    const uri = (prefix: string): string | null => (scope[prefix] === undefined ? null : scope[prefix] || null);
    element.namespaceURI = uri(element.prefix ?? '');
    for (const one of attributes) {
      if (declared.includes(one)) one.namespaceURI = 'http://www.w3.org/2000/xmlns/';
      else if (one.prefix !== null) one.namespaceURI = uri(one.prefix);
    }
  }

  #endTag(): void {
    const start = this.#at;
    if (this.#open === this.#document) this.#fail('an element');
    this.#at += 2;
    const name = this.#name('a name');
    if (name !== this.#open.nodeName) this.#fail(`</${this.#open.nodeName.slice(0, 60)}>`, start);
    this.#skipSpace();
    if (this.#text[this.#at] !== '>') this.#fail('>');
    this.#at += 1;
    this.#namespaces.pop();
    this.#depth -= 1;
    this.#open = this.#open.parentNode ?? this.#document;
  }
}

/** The five names and characters; any other reference stays as it is written. */
function unescaped(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return named[name] as string;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
