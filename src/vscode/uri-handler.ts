/**
 * The redirect by `vscode://`: hands an address to the flow that waits for it, and does nothing otherwise. An
 * unsolicited link activates us, so this must stay a no-op without a pending flow (auth.md H06, L05).
 */
import { env, Uri, type UriHandler } from 'vscode';
import type { UriHandlerPort } from '../oauth/ports.ts';
import { toRedirectText } from './redirect-text.ts';

export const callbackPath = '/signed-in';

export const uriHandlerPort: UriHandlerPort = {
  async redirectUri() {
    const internal = Uri.parse(`${env.uriScheme}://countersign.countersign${callbackPath}`);
    return (await env.asExternalUri(internal)).toString(true);
  },
};

/** @param deliver undefined while nothing of the engine was built: then no flow can be pending */
export function createUriHandler(deliver: () => ((url: string) => Promise<boolean>) | undefined): UriHandler {
  return {
    async handleUri(uri) {
      if (uri.path !== callbackPath) return;
      await deliver()?.(toRedirectText(uri));
    },
  };
}
