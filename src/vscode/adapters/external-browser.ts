/**
 * Opens the user's own browser. The address is handed on as a string: parsing it into a Uri re-encodes `%2B`, `%3D`
 * and breaks signed or exact parameters (auth.md §3.3).
 */
import { env, Uri } from 'vscode';
import type { Browser } from '../../ports.ts';

export const externalBrowser: Browser = {
  async open(url) {
    try {
      return await env.openExternal(url as unknown as Uri);
    } catch {
      return env.openExternal(Uri.parse(url, true));
    }
  },
};
