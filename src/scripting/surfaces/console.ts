/** `console`: every method writes to the same log as `client.log`. */
import type { Surface } from './surface.ts';

export const console: Surface = {
  id: 'console',
  when: 'always',
  source: String.raw`
    const log = (...values) => kit.record({ kind: 'log', text: values.map(kit.toText).join(' ') });
    return { console: { log, info: log, warn: log, error: log, debug: log, trace: log } };
  `,
};
