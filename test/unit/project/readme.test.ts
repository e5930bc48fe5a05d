/** Documents for people: links lead to files and headings, commands exist, the reference page repeats the registries. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePage, toReferencePage } from '../../../scripts/reference-doc.ts';
import { root } from '../../../scripts/paths.ts';
import { trackedFiles } from '../../support/tracked-files.ts';

const pages = await trackedFiles((name) => /^(docs\/.*|[A-Z]+)\.md$/.test(name) && name !== 'THIRD-PARTY-NOTICES.md');
const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');

/** Pictures that `npm run screenshots` makes; a fresh clone may be without them. */
const made = /^docs\/images\/[\w-]+\.png$/;

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
}

function linksOf(text: string): { readonly target: string; readonly image: boolean; readonly label: string }[] {
  return [...withoutCode(text).matchAll(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g)].map((match) => ({
    image: match[1] === '!',
    label: match[2] ?? '',
    target: match[3] ?? '',
  }));
}

/** Names of headings as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

describe('documents', () => {
  it('are there', () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        'README.md',
        'SECURITY.md',
        'docs/ARCHITECTURE.md',
        'docs/SECURITY.md',
        'docs/language.md',
      ]),
    );
  });

  it.each(pages)('%s links to files and headings that exist', async (page) => {
    const broken: string[] = [];
    for (const { target } of linksOf(await read(page))) {
      if (target.startsWith('https://')) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, file))) {
        if (!made.test(file)) broken.push(target);
      } else if (anchor !== undefined && !anchorsOf(await read(file)).has(anchor)) broken.push(target);
    }
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s gives every picture a text', async (page) => {
    const bare = linksOf(await read(page)).filter(({ image, label }) => image && label.length < 20);
    expect(bare).toEqual([]);
  });

  it.each(pages)('%s names commands that package.json has', async (page) => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const named = [...(await read(page)).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each(pages)('%s names source files that exist', async (page) => {
    const named = [...(await read(page)).matchAll(/`((?:src|test|scripts|media|docs)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => !existsSync(join(root, name)) && !made.test(name))).toEqual([]);
  });

  it.each(pages)('%s speaks plainly', async (page) => {
    // The pages that list the words we do not use.
    const text = withoutCode(await read(page)).replaceAll(/“[^”]*”/g, '');
    const found = text.match(/\b(invalid|failed to|unable to|successfully|oops|whitelist|please)\b|[a-z]!(?=\s|$)/gi);
    expect(found ?? []).toEqual([]);
  });
});

describe('docs/reference.md', () => {
  it('is current (npm run docs:reference writes it)', async () => {
    expect(await readFile(referencePage, 'utf8')).toBe(await toReferencePage());
  });
});

describe('the walkthrough', () => {
  it('has its pictures, which take their colours from the theme and load nothing', async () => {
    const { contributes } = JSON.parse(await read('package.json')) as {
      contributes: { walkthroughs: { steps: { media: { svg: string; altText: string } }[] }[] };
    };
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    expect(steps).toHaveLength(5);
    for (const { media } of steps) {
      const drawing = await read(media.svg);
      expect(media.altText.length).toBeGreaterThan(20);
      expect(drawing).toContain('var(--vscode-');
      // VS Code's page allows no style, script or address in a drawing.
      expect(drawing).not.toMatch(/<style|style=|<script|href=|url\(/);
    }
  });
});
