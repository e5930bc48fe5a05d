/**
 * Source blocks of AsciiDoc in the language http: `[source,http]` or `[,http]` with `----`, `....` or a paragraph
 * below, and Markdown’s fences. Source: AsciiDoc Language Documentation, Source Code Blocks; dialects.md §1.
 */
import { linesOf, Mask, type Embedding } from './embedding.ts';

const attributes = /^\[(?:source)?(?:%[\w-]+)?\s*,\s*(?:http|rest)\s*(?:,[^\]]*)?\]\s*$/i;
const delimiter = /^(?:-{4,}|\.{4,})\s*$/;
const fence = /^```(?:http|rest)\s*$/i;

type Place = 'outside' | 'announced' | 'paragraph' | 'block';

export const asciidoc: Embedding = {
  languages: ['asciidoc'],
  extensions: ['adoc', 'asciidoc', 'asc'],
  mask(text) {
    const mask = new Mask();
    let place: Place = 'outside';
    let end = '';
    for (const line of linesOf(text)) {
      const bare = line.trim();
      if (place === 'block' && bare === end) {
        mask.separate(line);
        place = 'outside';
      } else if (place === 'block') mask.keep(line);
      else if (place === 'paragraph') {
        if (bare === '') place = 'outside';
        mask.keep(line);
      } else if (place === 'announced' && (delimiter.test(bare) || bare === '')) {
        mask.blank(line);
        end = bare;
        place = bare === '' ? 'outside' : 'block';
      } else if (place === 'announced' && !/^[.[]/.test(bare)) {
        mask.keep(line);
        place = 'paragraph';
      } else if (fence.test(bare)) {
        mask.separate(line);
        end = '```';
        place = 'block';
      } else if (attributes.test(bare)) {
        mask.separate(line);
        place = 'announced';
      } else mask.blank(line);
    }
    return mask.text;
  },
};
