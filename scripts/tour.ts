/**
 * The tour's working copy: the files of media/tour with an environment file that names this machine's playground. Files
 * that the person changed are left as they are; the environment file is written anew, since addresses may move.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './paths.ts';

const environmentFile = 'http-client.env.json';

/** Writes the copy into `folder`, remembering in `memory` (a file outside it) what it wrote. */
export async function writeTour(
  folder: string,
  memory: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const source = join(root, 'media', 'tour');
  const written = await readMemory(memory);
  await mkdir(folder, { recursive: true });
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile() && candidate.name !== environmentFile)) {
    const from = join(entry.parentPath, entry.name);
    const name = from.slice(source.length + 1);
    const content = await readFile(from);
    const present = await readFile(join(folder, name)).catch(() => undefined);
    if (present !== undefined && written[name] !== digest(present)) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    written[name] = digest(content);
  }
  const variables = JSON.stringify({ playground: environment }, undefined, 2);
  await writeFile(join(folder, environmentFile), `${variables}\n`);
  await mkdir(dirname(memory), { recursive: true });
  await writeFile(memory, JSON.stringify(written));
}

/** The request file that the tour begins with: the first by name. */
export async function firstRequestFile(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.http')).sort();
  return names[0] === undefined ? undefined : join(folder, names[0]);
}

async function readMemory(memory: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(memory, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
