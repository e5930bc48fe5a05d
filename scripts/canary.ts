/**
 * The search for planted secrets after a suite: every spelling that a careless writer would produce, in every file below
 * some folders and in whatever was printed (house.md 6.3).
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The forms in which a secret leaks: plain, base64 with and without a user name before it, hex, URL and JSON. */
export function spellings(secret: string, usernames: readonly string[] = []): string[] {
  const bytes = Buffer.from(secret);
  const unpadded = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [
    secret,
    unpadded(secret),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...usernames.map((username) => unpadded(`${username}:${secret}`)),
  ];
}

export interface Searched {
  /** Where it was found is told by this name. */
  readonly place: string;
  readonly bytes: Buffer;
}

/** Every file below the folders, 50 MB at most each; one that vanishes meanwhile is left out. */
export async function filesBelow(folders: readonly string[]): Promise<Searched[]> {
  const files: Searched[] = [];
  for (const folder of folders) {
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      const place = join(folder, name);
      const facts = await stat(place).catch(() => undefined);
      if (!facts?.isFile() || facts.size > 50_000_000) continue;
      const bytes = await readFile(place).catch(() => undefined);
      if (bytes) files.push({ place, bytes });
    }
  }
  return files;
}

/** `NAME is in PLACE` for each secret of more than eight characters that one of them holds; empty when none does. */
export function findSecrets(
  secrets: Readonly<Record<string, string>>,
  searched: readonly Searched[],
  usernames: readonly string[] = [],
): string[] {
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret.length <= 8) throw new Error(`${name} is too short to be searched for.`);
    const forms = spellings(secret, usernames);
    for (const { place, bytes } of searched)
      if (forms.some((form) => bytes.includes(form))) found.push(`${name} is in ${place}`);
  }
  return found;
}
