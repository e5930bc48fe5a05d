/**
 * XML laid out for reading: two spaces a level. Elements with text beside other things keep it as it is, since white
 * space means something there. Text and attributes stay as the document writes them. Recursion ends with the depth.
 */
import type { XmlNode } from './xml-node.ts';

export function toXmlText(document: XmlNode, declaration: string): string {
  const out: string[] = declaration === '' ? [] : [declaration, '\n'];
  for (const child of document.childNodes) {
    write(child, '', out);
    out.push('\n');
  }
  return out.join('');
}

/** @param indent undefined where nothing may be added */
function write(node: XmlNode, indent: string | undefined, out: string[]): void {
  if (node.isText) return void out.push(node.raw);
  if (node.nodeType === 8) return void out.push(`<!--${node.nodeValue ?? ''}-->`);
  if (node.nodeType === 7) return void out.push(`<?${`${node.nodeName} ${node.nodeValue ?? ''}`.trim()}?>`);
  out.push(`<${node.nodeName}`);
  for (const one of node.attributes?.list ?? []) out.push(` ${one.nodeName}=${one.raw}`);
  if (node.childNodes.length === 0) return void out.push('/>');
  out.push('>');
  const mixed =
    indent === undefined || node.childNodes.some((child) => child.isText && /\S/.test(child.nodeValue ?? ''));
  const inner = mixed ? undefined : `${indent}  `;
  for (const child of node.childNodes) {
    if (inner !== undefined) {
      if (child.isText) continue;
      out.push('\n', inner);
    }
    write(child, inner, out);
  }
  if (inner !== undefined && node.childNodes.some((child) => !child.isText)) out.push('\n', indent ?? '');
  out.push(`</${node.nodeName}>`);
}
