/**
 * What XML is once it is read: as much of a DOM as an XPath engine asks for, and each node's row in the tree. Nodes are
 * linked, never copied; text and CDATA beside each other are one text.
 */
const nodeTypes = { element: 1, attribute: 2, text: 3, instruction: 7, comment: 8, document: 9 } as const;

export class XmlNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly prefix: string | null;
  readonly localName: string;
  nodeValue: string | null;
  namespaceURI: string | null = null;
  parentNode: XmlNode | null = null;
  ownerElement: XmlNode | null = null;
  readonly ownerDocument: XmlNode | null;
  previousSibling: XmlNode | null = null;
  nextSibling: XmlNode | null = null;
  readonly childNodes: XmlNode[] = [];
  readonly attributes: XmlAttributes | null;
  /** As the document writes it, an attribute with its quotes. */
  raw = '';
  /** The value of the tree that shows it. */
  row = 0;

  constructor(type: keyof typeof nodeTypes, name: string, value: string | null, document: XmlNode | null) {
    this.nodeType = nodeTypes[type];
    this.nodeName = name;
    this.nodeValue = value;
    this.ownerDocument = document;
    const colon = name.indexOf(':');
    const named = type === 'element' || type === 'attribute';
    this.prefix = named && colon > 0 ? name.slice(0, colon) : null;
    this.localName = named && colon > 0 ? name.slice(colon + 1) : name;
    this.attributes = type === 'element' ? new XmlAttributes() : null;
  }

  get isElement(): boolean {
    return this.nodeType === nodeTypes.element;
  }

  get isText(): boolean {
    return this.nodeType === nodeTypes.text;
  }

  get isAttribute(): boolean {
    return this.nodeType === nodeTypes.attribute;
  }

  get firstChild(): XmlNode | null {
    return this.childNodes[0] ?? null;
  }

  get lastChild(): XmlNode | null {
    return this.childNodes.at(-1) ?? null;
  }

  get documentElement(): XmlNode | null {
    return this.childNodes.find((child) => child.isElement) ?? null;
  }

  get data(): string | null {
    return this.nodeValue;
  }

  get value(): string | null {
    return this.nodeValue;
  }

  /** Of a processing instruction. */
  get target(): string {
    return this.nodeName;
  }

  append(child: XmlNode): void {
    const last = this.lastChild;
    child.parentNode = this;
    child.previousSibling = last;
    if (last) last.nextSibling = child;
    this.childNodes.push(child);
  }
}

/** The part of a NamedNodeMap that is read. */
export class XmlAttributes {
  readonly list: XmlNode[] = [];

  get length(): number {
    return this.list.length;
  }

  item(n: number): XmlNode | null {
    return this.list[n] ?? null;
  }

  getNamedItem(name: string): XmlNode | null {
    return this.list.find((one) => one.nodeName === name) ?? null;
  }
}
