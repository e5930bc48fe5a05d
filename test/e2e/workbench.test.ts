/** The packed extension in a workbench, before anything is sent. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stage, startStage } from '../support/e2e.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage('workbench', {
    files: { 'first.http': '### First\nGET https://example.com/\n' },
    playground: false,
  });
});

afterAll(async () => {
  await stage.stop();
});

it('opens a request file with a Send lens and without a message', async () => {
  const { workbench } = stage;
  await workbench.openFile('first.http');
  await workbench.lenses('Send').first().waitFor();
  expect(await workbench.notifications()).toEqual([]);
  expect(await workbench.hasDialog()).toBe(false);
  await workbench.screenshot('first');
});
