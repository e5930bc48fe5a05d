/** `jsonPath(data, path)`: RFC 9535, one value for a path that can only mean one. Source: dialects.md §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const jsonPath: Surface = {
  id: 'jsonPath',
  when: 'always',
  source: String.raw`
    return {
      jsonPath(data, path) {
        const json = typeof data === 'string' ? data : JSON.stringify(data);
        const found = kit.call('jsonPath', { json: json === undefined ? 'null' : json, path: String(path) });
        return found === undefined ? null : found;
      },
    };
  `,
};
