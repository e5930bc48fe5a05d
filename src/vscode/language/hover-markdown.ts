/**
 * A hover’s pieces as Markdown in which none of their text can be anything but text: no link, image, icon or command but
 * ours. Does not know `vscode`. Source: design.md B3.1.
 */
import { toShownText } from '../../credentials/shown-text.ts';
import type { HoverContent, HoverLink, HoverRow } from '../../language/features/hover.ts';

/** The only commands that a link in a hover may run. */
export const hoverCommands = ['showClaims', 'showTrace', 'signIn', 'signOut'].map((id) => `countersign.${id}`);

export function toHoverMarkdown(content: HoverContent): string {
  const icon = content.icon === undefined ? '' : `$(${content.icon})\u00a0`;
  const about = content.about === undefined ? '' : ` · ${escapeMarkdown(content.about)}`;
  const parts = [`${icon}**${escapeMarkdown(content.title)}**${about}`];
  if (content.rows && content.rows.length > 0) parts.push(tableOf(content.rows));
  parts.push(...(content.text ?? []).map(escapeMarkdown));
  if (content.links && content.links.length > 0) parts.push(content.links.map(linkOf).join(' · '));
  return parts.join('\n\n');
}

function tableOf(rows: readonly HoverRow[]): string {
  const lines = rows.map(({ label, value, code, tail }) => {
    const shown = code === true ? codeOf(value) : escapeMarkdown(value);
    return `| ${escapeMarkdown(label).replaceAll(' ', '&nbsp;')} | ${shown}${tail === undefined ? '' : ` ${escapeMarkdown(tail)}`} |`;
  });
  return ['| | |', '|---|---|', ...lines].join('\n');
}

function linkOf(link: HoverLink): string {
  const target =
    'url' in link
      ? link.url
      : `command:countersign.${link.command}?${encodeURIComponent(JSON.stringify([link.argument]))}`;
  const safe = target.replace(/[()\s]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `[${escapeMarkdown(link.title)}](${safe})`;
}

/** Every ASCII punctuation mark may be escaped in Markdown; `$` becomes an entity, since icons are read after that. */
export function escapeMarkdown(text: string): string {
  return toShownText(text.replace(/\s+/g, ' '), 1000)
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&:@/"'=^?;,%]/g, '\\$&')
    .replaceAll('$', '&#36;');
}

/** In the editor’s font where that is safe: a code span can escape neither `|` and backticks nor an icon’s `$(`. */
function codeOf(text: string): string {
  const line = toShownText(text.replace(/\s+/g, ' ').trim(), 600);
  return line === '' || /[`|\\]|\$\(/.test(line) ? escapeMarkdown(line) : `\`${line}\``;
}
