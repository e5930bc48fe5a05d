/** Code blocks ```` ```http ```` and ```` ```rest ```` of Markdown. Source: CommonMark 0.31 §4.5; dialects.md §1. */
import { linesOf, Mask, type Embedding } from './embedding.ts';

const opening = /^[ \t]*(`{3,}|~{3,})[ \t]*([^\s`{]*)[^`\r\n]*$/;

export const markdown: Embedding = {
  languages: ['markdown'],
  extensions: ['md', 'markdown', 'mdx'],
  mask(text) {
    const mask = new Mask();
    let fence = '';
    let inside = false;
    for (const line of linesOf(text)) {
      const bare = line.replace(/[\r\n]+$/, '');
      if (fence === '') {
        const found = opening.exec(bare);
        fence = found?.[1] ?? '';
        inside = /^(?:http|rest)$/i.test(found?.[2] ?? '');
        if (inside) mask.separate(line);
        else mask.blank(line);
      } else if (closes(bare, fence)) {
        if (inside) mask.separate(line);
        else mask.blank(line);
        fence = '';
        inside = false;
      } else if (inside) mask.keep(line);
      else mask.blank(line);
    }
    return mask.text;
  },
};

/** As many of the same character as opened it, or more, and nothing else. */
function closes(line: string, fence: string): boolean {
  const ink = line.trim();
  return ink.length >= fence.length && ink === fence[0]!.repeat(ink.length);
}
