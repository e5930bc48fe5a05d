/**
 * XPath 1.0 over a body, as the numbers of the values that show what was found, and the path of a value. Prefixes are
 * the document's own, the first declaration counts; a name without one fits any namespace, since a person types what is
 * read. The engine is loaded when it is first asked; whoever calls ends what takes too long.
 */
import type { FilterOutcome } from '../json-index/find-values.ts';
import { readXml } from './read-xml.ts';
import { toXmlRows, xpathOf } from './xml-rows.ts';
import type { XmlNode } from './xml-node.ts';

/** The part of the package that its types leave out. */
interface XPathEngine {
  parse(expression: string): {
    select(options: {
      readonly node: XmlNode;
      readonly namespaces: Readonly<Record<string, string>>;
      readonly allowAnyNamespaceForNoPrefix: boolean;
    }): readonly XmlNode[];
  };
}

export class XmlPaths {
  readonly #document: XmlNode;
  readonly #nodes: readonly XmlNode[];
  readonly #prefixes: Readonly<Record<string, string>>;

  /** @param text XML that was read once without a fault */
  constructor(text: string) {
    this.#document = readXml(text);
    this.#nodes = toXmlRows(this.#document).nodes;
    const prefixes = new Map<string, string>();
    for (const { nodeName, localName, prefix, nodeValue } of this.#nodes)
      if (prefix === 'xmlns' && nodeName !== 'xmlns' && !prefixes.has(localName))
        prefixes.set(localName, nodeValue ?? '');
    this.#prefixes = Object.fromEntries(prefixes);
  }

  async select(expression: string): Promise<FilterOutcome> {
    const engine = (await import('xpath')).default as unknown as XPathEngine;
    try {
      const found = engine.parse(expression).select({
        node: this.#document,
        namespaces: this.#prefixes,
        allowAnyNamespaceForNoPrefix: true,
      });
      const rows = found.map((node) => node.row);
      return { ok: true, nodes: Uint32Array.from(new Set(rows)) };
    } catch (error) {
      const value = error instanceof Error && /node-?set/i.test(error.message);
      return {
        ok: false,
        message: value ? 'This XPath gives a value, not a place in the document.' : 'This is not an XPath.',
      };
    }
  }

  pathOf(value: number): string {
    const node = this.#nodes[value];
    return node === undefined || node === this.#document ? '/' : xpathOf(node);
  }
}
