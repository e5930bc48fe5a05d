/**
 * `npm run licenses`: lists the packages whose code is in dist/ with their licence texts in THIRD-PARTY-NOTICES.md. What is
 * in dist/ is read from the bundler's own record of the last build, so nothing is listed that does not ship.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.ts';
import { cache, root } from './paths.ts';

export const noticesFile = join(root, 'THIRD-PARTY-NOTICES.md');

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression from its package.json. */
  readonly license: string;
  /** Text of its licence file; empty when it has none. */
  readonly text: string;
}

/** Packages bundled into dist/, by name; the same package in two versions is listed twice. */
export async function shippedPackages(): Promise<ShippedPackage[]> {
  await ensureBuilt(() => undefined);
  const folder = join(cache, 'meta');
  const folders = new Set<string>();
  for (const file of await readdir(folder)) {
    const meta = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
    };
    for (const { inputs } of Object.values(meta.outputs))
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const place = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
        if (place !== undefined && bytesInOutput > 0) folders.add(place);
      }
  }
  const found = await Promise.all([...folders].map((place) => describe(join(root, place))));
  return found.sort((left, right) => `${left.name}@${left.version}`.localeCompare(`${right.name}@${right.version}`));
}

async function describe(place: string): Promise<ShippedPackage> {
  const manifest = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string | { type: string };
  };
  const { name, version, license = 'unknown' } = manifest;
  const file = (await readdir(place)).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  const text = file === undefined ? '' : (await readFile(join(place, file), 'utf8')).trim();
  return { name, version, license: typeof license === 'string' ? license : license.type, text };
}

/** The notices, one section a package; identical licence texts stand once, with all their packages. */
export function toNotices(packages: readonly ShippedPackage[]): string {
  const groups = Map.groupBy(packages, (entry) => entry.text || `Licence: ${entry.license}`);
  const sections = [...groups].map(([text, group]) => {
    const names = group.map(({ name, version, license }) => `${name} ${version} (${license})`).join(', ');
    return `## ${names}\n\n\`\`\`text\n${text.replaceAll('\r\n', '\n').replaceAll('```', "'''")}\n\`\`\`\n`;
  });
  const head = 'Countersign ships code of the packages below. Each keeps its own licence.';
  return `# Third-party notices\n\n${head}\n\n${sections.join('\n')}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const packages = await shippedPackages();
  await writeFile(noticesFile, toNotices(packages));
  for (const { name, version, license } of packages) console.log(`${name} ${version}: ${license}`);
}
