/**
 * The page of the response panel: nothing but the bundle, under a policy that allows no other script, no inline
 * style, no network and no command links. Images are blobs the host handed over; the font is in the bundle's folder.
 */
import { randomBytes } from 'node:crypto';

/** @param cspSource the webview's own origin @param script address of the bundle, as the webview sees it */
export function panelHtml(cspSource: string, script: string): string {
  const nonce = randomBytes(18).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Response</title>
  </head>
  <body>
    <div id="app"></div>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
