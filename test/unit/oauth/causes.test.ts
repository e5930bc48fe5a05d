/** The table of causes: every row is produced by a server, network or machine that fails in that way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { causes } from '../../../src/oauth/causes/registry.ts';
import { plants, World } from '../../support/planted-failures.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.reset());
afterAll(() => world.stop());

/** The template as a pattern: words in angle brackets stand for something. */
const pattern = (template: string): RegExp =>
  new RegExp(`^${template.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<\w+>/g, '.+')}$`);

describe('the table of causes', () => {
  it('has forty rows at least, each with a name of its own and a failure that produces it', () => {
    const ids = causes.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(plants).sort()).toEqual([...ids].sort());
  });
  for (const { id, title, message, likely, next } of causes) {
    it(`${id} is said in our voice`, () => {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title).not.toMatch(/\.$/);
      for (const text of [message, likely, next ?? 'x.']) {
        expect(text).toMatch(/\.$/);
        for (const sentence of text.split(/(?<=\.) (?=[A-Z])/)) {
          expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(22);
        }
        expect(text).not.toMatch(/\binvalid\b|failed to|unable to|please|successfully|!/i);
      }
    });
  }
});

describe('a server that fails in this way', () => {
  for (const cause of causes) {
    it(cause.id, async () => {
      const { error, trace } = await (plants[cause.id] as (typeof plants)[string]).run(world);
      expect(error?.facts['causeId'], `${error?.code ?? 'no error'} ${error?.message ?? ''}`).toBe(cause.id);
      expect(error?.facts['likely']).toMatch(pattern(cause.likely));
      if (cause.next !== undefined) expect(error?.next).toMatch(pattern(cause.next));
      expect(trace).toMatchObject({ outcome: 'failed', causeId: cause.id, code: error?.code, next: error?.next });
      expect(trace?.cause).toBe(error?.facts['likely']);
      // Nothing is left that only a template knows.
      expect(`${error?.message} ${error?.next} ${trace?.cause}`).not.toMatch(/<\w+>|undefined\b/);
      const text = `${error?.message}\n${trace?.cause}\n${trace?.next}`;
      for (const word of (plants[cause.id] as (typeof plants)[string]).says) expect(text).toContain(word);
    });
  }
});
