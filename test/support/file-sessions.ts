/** Sessions in a file, so that processes can share them as windows share the secret store. Written whole, by rename. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Secret } from '../../src/credentials/secret.ts';
import type { Session } from '../../src/credentials/types.ts';
import type { OAuthCredential, SessionStore } from '../../src/oauth/ports.ts';

export class FileSessions implements SessionStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async get(credential: OAuthCredential): Promise<Session | undefined> {
    const all = await this.#read();
    const found = all[credential.name];
    if (!found) return undefined;
    const { accessToken, refreshToken, ...rest } = found;
    return {
      ...(rest as unknown as Session),
      accessToken: new Secret(accessToken as string, 'access token'),
      ...(refreshToken ? { refreshToken: new Secret(refreshToken as string, 'refresh token') } : {}),
    };
  }

  async set(credential: OAuthCredential, session: Session): Promise<void> {
    const { idToken: _left, accessToken, refreshToken, ...rest } = session;
    const entry = { ...rest, accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() };
    await this.#write({ ...(await this.#read()), [credential.name]: entry });
  }

  async delete(credential: OAuthCredential): Promise<void> {
    const { [credential.name]: _gone, ...rest } = await this.#read();
    await this.#write(rest);
  }

  onDidChange(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  async #read(): Promise<Record<string, Record<string, unknown>>> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, Record<string, unknown>>;
    } catch {
      return {};
    }
  }

  async #write(all: Record<string, unknown>): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const fresh = `${this.#path}.${process.pid}.new`;
    await writeFile(fresh, JSON.stringify(all));
    await rename(fresh, this.#path);
  }
}
