/** Processes that the scripts start end with all that they started. */
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../../scripts/orphan.ts';
import { startTree, stopAllTrees } from '../../../scripts/process-tree.ts';

const sleeper = 'setInterval(() => {}, 1000)';
/** A parent that starts a grandchild in a group of its own, says its id, and ignores the polite signal. */
const parent = `
const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(sleeper)}], { detached: true });
process.on('SIGTERM', () => {});
console.log('grandchild ' + child.pid);
${sleeper};
`;

describe('startTree', () => {
  it('stops a child that ignores signals, and its detached grandchild', { timeout: 30_000 }, async () => {
    const tree = startTree(process.execPath, ['-e', parent]);
    const [, id] = await tree.waitFor(/grandchild (\d+)/, 10_000);
    expect(isRunning(Number(id))).toBe(true);
    await tree.stop();
    expect(isRunning(tree.child.pid ?? 0)).toBe(false);
    expect(isRunning(Number(id))).toBe(false);
  });

  it('tells what a process said that ended before it was ready', async () => {
    const tree = startTree(process.execPath, ['-e', 'console.error("no room"); process.exit(3)']);
    await expect(tree.waitFor(/ready/, 10_000)).rejects.toThrow(/ended with 3[\s\S]*no room/);
    expect(await tree.ended).toBe(3);
  });

  it('tells when there is no such command', async () => {
    const tree = startTree('countersign-no-such-command', []);
    await expect(tree.waitFor(/ready/, 10_000)).rejects.toThrow(/ENOENT/);
    await tree.stop();
  });

  it('stops all that run', async () => {
    const trees = [startTree(process.execPath, ['-e', sleeper]), startTree(process.execPath, ['-e', sleeper])];
    await stopAllTrees();
    // The system may take a moment to bury a process that was killed.
    await expect
      .poll(() => trees.map((tree) => isRunning(tree.child.pid ?? 0)), { timeout: 10_000 })
      .toEqual([false, false]);
  });
});
