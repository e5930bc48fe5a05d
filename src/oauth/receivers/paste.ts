/**
 * Nothing listens: the person copies the address the browser ended at, or only its code, and pastes it. For machines
 * that the browser cannot reach. Source: RFC 8252 §8.10 (in-app fallbacks), auth.md §3.3.
 */
import type { Receiver } from './receiver.ts';

export const paste: Receiver = {
  name: 'paste',
  label: 'Pasted by hand',
  takesForms: false,
  open({ credential }) {
    const { redirect_port, redirect_path } = credential.definition;
    const port = redirect_port === undefined ? '' : `:${redirect_port}`;
    const redirectUri = new URL(`http://127.0.0.1${port}${toPath(redirect_path)}`).href;
    return Promise.resolve({ redirectUri, finish: () => Promise.resolve(), close: () => Promise.resolve() });
  },
};

/** A definition's `redirect_path`, or the usual one. No query: it would not survive the code exchange (M3). */
export function toPath(path: string | undefined): string {
  if (path === undefined || path === '') return '/cb';
  return `/${path.replace(/^\/+/, '').replace(/[?#].*$/s, '')}`;
}
