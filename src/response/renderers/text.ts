/** Any other text: by its media type, or because its first bytes read as text. */
import type { Renderer } from './renderer.ts';

const textual =
  /^(text\/.*|application\/(javascript|ecmascript|x-www-form-urlencoded|yaml|x-yaml|toml|graphql|sql|x-sh|http))$/;

export const text: Renderer = {
  kind: 'text',
  views: ['text', 'hex'],
  fits: ({ type, looksLikeText }) => textual.test(type.essence) || type.suffix === 'yaml' || looksLikeText,
};
