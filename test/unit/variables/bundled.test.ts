import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { createResolver } from '../../../src/variables/resolver.ts';
import { captured, variableContext } from '../../support/variable-context.ts';

// Libraries that are loaded at first use look different in a bundle split into chunks, as the one that ships.
describe('in a bundle', () => {
  let folder: string;
  let bundled: { readonly createResolver: typeof createResolver };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-variables-'));
    await build({
      entryPoints: ['src/variables/resolver.ts'],
      outdir: folder,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      outExtension: { '.js': '.mjs' },
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    bundled = (await import(pathToFileURL(join(folder, 'resolver.mjs')).href)) as typeof bundled;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const cases: readonly (readonly [string, string])[] = [
    ['{{json.response.body.$..b}}', '1'],
    ['{{xml.response.body.//b}}', 't'],
    ['{{KEY}}', 'from .env'],
    ['{{host}}', 'h'],
  ];
  for (const [template, expected] of cases) {
    it(`${template} → ${expected}`, async () => {
      const context = variableContext({
        disk: { '/project/.env': 'KEY="from .env"', '/project/http-client.env.json': '{"dev":{"host":"h"}}' },
        environments: ['dev'],
        captured: { json: captured('{"a":{"b":1}}'), xml: captured('<a><b>t</b></a>', [], 'text/xml') },
      });
      expect((await bundled.createResolver(context).resolveTemplate(template)).text).toBe(expected);
    });
  }
});
