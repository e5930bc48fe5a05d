/** JSON (RFC 8259) by media type, by suffix, or text that begins like it where the server named no type. */
import type { BodyFacts, Renderer } from './renderer.ts';

export const json: Renderer = {
  kind: 'json',
  views: ['tree', 'text', 'raw', 'table', 'hex'],
  fits: (facts) =>
    ['application/json', 'text/json', 'application/x-json', 'application/manifest+json'].includes(facts.type.essence) ||
    facts.type.suffix === 'json' ||
    (beginsLikeJson(facts) && ['text/plain', 'application/octet-stream'].includes(facts.type.essence)),
};

function beginsLikeJson({ head, looksLikeText }: BodyFacts): boolean {
  if (!looksLikeText) return false;
  const start = new TextDecoder().decode(head.subarray(0, 256)).replace(/^\uFEFF/, '');
  return /^\s*(\{\s*("|\}|$)|\[\s*(["{[\d\-\]]|$))/.test(start);
}
