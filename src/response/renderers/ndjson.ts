/** Several JSON values after another: NDJSON, JSON Lines, and text sequences (RFC 7464). */
import type { Renderer } from './renderer.ts';

export const ndjson: Renderer = {
  kind: 'ndjson',
  views: ['tree', 'text', 'table', 'hex'],
  fits: ({ type }) => /^application\/(x-)?(ndjson|jsonl|jsonlines|json-seq)$/.test(type.essence),
};
