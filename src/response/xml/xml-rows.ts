/**
 * From XML to the JSON text its tree is drawn from: an element is a member by its name, `@name` an attribute, `#text`
 * what stands beside other things; an element that holds text alone is that text. White space between elements is left
 * out. Each node learns the number of the value that shows it. Also the XPath of a value. Recursion ends with the depth.
 */
import type { XmlNode } from './xml-node.ts';

export interface XmlRows {
  readonly json: string;
  /** The node a value shows, by its number. */
  readonly nodes: readonly XmlNode[];
}

export function toXmlRows(document: XmlNode): XmlRows {
  const nodes: XmlNode[] = [];
  const out: string[] = [];
  const value = (node: XmlNode): void => {
    node.row = nodes.length;
    nodes.push(node);
    const attributes = node.attributes?.list ?? [];
    const children = shownChildren(node);
    const alone = children.length === 1 && children[0]?.isText ? children[0] : undefined;
    if (node.isElement && attributes.length === 0 && (children.length === 0 || alone)) {
      for (const child of node.childNodes) child.row = node.row;
      out.push(JSON.stringify(alone?.nodeValue ?? ''));
      return;
    }
    out.push('{');
    let first = true;
    const member = (name: string, one: XmlNode): void => {
      out.push(first ? '' : ',', JSON.stringify(name), ':');
      first = false;
      if (one.isElement) return value(one);
      one.row = nodes.length;
      nodes.push(one);
      out.push(JSON.stringify(one.nodeValue ?? ''));
    };
    for (const one of attributes) member(`@${one.nodeName}`, one);
    for (const child of children) member(nameOf(child), child);
    out.push('}');
  };
  value(document);
  return { json: out.join(''), nodes };
}

function nameOf(node: XmlNode): string {
  return node.nodeType === 7 ? `?${node.nodeName}` : node.nodeName;
}

/** Children but for white space between elements. */
function shownChildren(node: XmlNode): readonly XmlNode[] {
  const { childNodes } = node;
  if (childNodes.length === 1) return childNodes;
  return childNodes.filter((child) => !child.isText || (child.nodeValue ?? '').trim() !== '');
}

/** `/orders/order[2]/@id`; names as the document writes them. */
export function xpathOf(node: XmlNode): string {
  const steps: string[] = [];
  for (let at: XmlNode | null = node; at && at.nodeType !== 9; at = at.ownerElement ?? at.parentNode) {
    steps.push(stepOf(at));
  }
  return `/${steps.reverse().join('/')}`;
}

function stepOf(node: XmlNode): string {
  if (node.isAttribute) return `@${node.nodeName}`;
  const alike = (other: XmlNode): boolean =>
    other.nodeType === node.nodeType && (!node.isElement || other.nodeName === node.nodeName);
  let before = 1;
  for (let at = node.previousSibling; at; at = at.previousSibling) if (alike(at)) before += 1;
  let after = node.nextSibling;
  while (after && !alike(after)) after = after.nextSibling;
  const name = node.isElement
    ? node.nodeName
    : node.isText
      ? 'text()'
      : node.nodeType === 8
        ? 'comment()'
        : 'processing-instruction()';
  return before > 1 || after ? `${name}[${String(before)}]` : name;
}
