/**
 * Starts the built playground as a child process and reads the one line in which it says where it listens. It keeps its
 * keys and accounts in the folder that it is given.
 */
import { join } from 'node:path';
import { root } from './paths.ts';
import { startTree, type Tree } from './process-tree.ts';

/** The playground's own announcement. URLs without a trailing slash but for `issuer`; `ca` is an absolute path. */
export interface Announcement {
  readonly issuer: string;
  readonly api: string;
  /** Origin of the pages that a browser opens, on plain http. */
  readonly pages: string;
  readonly ca: string;
  readonly broken: Readonly<Record<'selfSigned' | 'expired' | 'wrongHost' | 'missingIntermediate', string>>;
  readonly clients: Readonly<
    Record<'native' | 'confidential' | 'jwt' | 'mtls' | 'device' | 'legacy', { readonly client_id: string }>
  > & { readonly confidential: { readonly client_id: string; readonly client_secret: string } };
  readonly user: { readonly username: string; readonly password: string };
  readonly admin: { readonly username: string; readonly password: string };
  readonly apiKey: { readonly header: string; readonly query: string; readonly cookie: string; readonly value: string };
  readonly basic: { readonly username: string; readonly password: string };
}

export interface Playground {
  readonly announcement: Announcement;
  readonly tree: Tree;
  stop(): Promise<void>;
}

/** Starts `dist/playground.js` with its data in `data`; it takes the ports of its last run where they are free.
 * `more` are further arguments of its own. */
export async function startPlayground(data: string, more: readonly string[] = []): Promise<Playground> {
  const script = join(root, 'dist', 'playground.js');
  const tree = startTree(process.execPath, [script, '--data', data, '--quiet', ...more]);
  try {
    const line = await tree.waitFor(/^\{.*"issuer".*\}$/m, 60_000);
    return { announcement: JSON.parse(line[0]) as Announcement, tree, stop: () => tree.stop() };
  } catch (error) {
    await tree.stop();
    throw error;
  }
}

/** Values of the environment `playground` that the tour's files use; none of them is a secret. */
export function toEnvironment(announcement: Announcement): Record<string, string> {
  const { broken, clients } = announcement;
  return {
    issuer: announcement.issuer,
    api: announcement.api,
    self_signed: broken.selfSigned,
    expired: broken.expired,
    wrong_host: broken.wrongHost,
    missing_intermediate: broken.missingIntermediate,
    native_client_id: clients.native.client_id,
    service_client_id: clients.confidential.client_id,
    jwt_client_id: clients.jwt.client_id,
    mtls_client_id: clients.mtls.client_id,
    device_client_id: clients.device.client_id,
    legacy_client_id: clients.legacy.client_id,
    basic_username: announcement.basic.username,
  };
}
