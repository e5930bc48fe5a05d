/** `response`: status, headers, media type, and the body as data when it is JSON. Source: dialects.md §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const response: Surface = {
  id: 'response',
  when: 'response',
  dialect: 'jetbrains',
  source: String.raw`
    const { facts, call } = kit;
    const { status, statusText, headers, mimeType, charset, tooLarge } = facts.response;
    const valuesOf = (name) => {
      const wanted = String(name).toLowerCase();
      return headers.filter((pair) => pair[0].toLowerCase() === wanted).map((pair) => pair[1]);
    };
    const isJson = /^(application|text)\/json$|\+json$/.test(mimeType);
    let known = false;
    let body;
    const read = () => {
      if (tooLarge) throw new Error('The body is too large to be given to scripts.');
      const text = call('body');
      if (!isJson) return text;
      try {
        return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
      } catch (_) {
        return text;
      }
    };
    return {
      response: {
        status,
        responseCode: status,
        statusText,
        get body() {
          if (!known) { body = read(); known = true; }
          return body;
        },
        set body(value) { body = value; known = true; },
        headers: {
          valueOf: (name) => { const found = valuesOf(name); return found.length === 0 ? null : found[0]; },
          valuesOf,
        },
        contentType: { mimeType, charset },
      },
    };
  `,
};
