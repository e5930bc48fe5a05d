/** `Window.atob`, `Window.btoa`, also as plain functions. Source: dialects.md §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const window: Surface = {
  id: 'window',
  when: 'always',
  source: String.raw`
    const atob = (text) => kit.call('atob', String(text));
    const btoa = (text) => kit.call('btoa', String(text));
    const both = { atob, btoa };
    return { Window: both, window: both, atob, btoa };
  `,
};
