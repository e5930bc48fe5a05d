/** The modules of the OpenID Foundation’s relying-party plans, re-created as data over one scripted issuer. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformancePage, toConformancePage } from '../../../scripts/conformance-doc.ts';
import { ConformanceRun, modules, type Ran } from '../../support/conformance/run-modules.ts';

let run: ConformanceRun;
beforeAll(async () => {
  run = await ConformanceRun.start();
});
afterAll(() => run.stop());

describe('a relying party', () => {
  it('meets all 59 modules, and those that others skip', () => {
    expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
    expect(modules.filter(({ plan }) => plan !== 'Skipped there')).toHaveLength(59);
    expect(modules.filter(({ plan }) => plan === 'Skipped there')).toHaveLength(9);
    expect(modules.filter(({ notDone }) => notDone !== undefined)).toHaveLength(3);
  });
  const rans: Ran[] = [];
  for (const module of modules) {
    it(`${module.name}: ${module.ours}`, async () => {
      const ran = await run.run(module);
      rans.push(ran);
      if (module.notDone !== undefined) return expect(ran.outcome).toBeUndefined();
      expect(ran.problem).toBeUndefined();
      expect([ran.outcome, ran.cause]).toEqual([
        module.ours,
        module.ours === 'refuses' ? expect.any(String) : undefined,
      ]);
    });
  }
  it('is described in docs/conformance.md as it came out (npm run docs:conformance writes it)', async () => {
    expect(await readFile(conformancePage, 'utf8')).toBe(await toConformancePage(rans));
  });
});
