/**
 * What the tour never does: interrupt with messages, approve by a key press, leave a step of Get Started open that was
 * done. The keyboard alone sends, and the focus stays in the file.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { root } from '../../scripts/paths.ts';
import { startStage, type Stage } from '../support/e2e.ts';
import { signInAsPractice } from '../support/sign-in-page.ts';

let stage: Stage;
/** Every message that came up, read as it appears. */
const messages: string[] = [];

beforeAll(async () => {
  stage = await startStage('quiet-tour', {
    copyFrom: join(root, 'media', 'tour'),
    viewport: { width: 1400, height: 900 },
  });
  // As a newcomer has it: VS Code notes what is done from when the page was first opened.
  await openGetStarted();
  await stage.workbench.page.exposeFunction('messageShown', (text: string) => messages.push(text));
  await stage.workbench.page.evaluate(() => {
    const { messageShown } = window as unknown as { messageShown(text: string): void };
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (!(node instanceof Element)) continue;
        const toast = node.matches('.notification-toast') ? node : node.querySelector('.notification-toast');
        if (toast) messageShown(toast.textContent);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
});

afterAll(async () => {
  await stage.stop();
});

beforeEach(({ task }) => {
  onTestFailed(async () => {
    await stage.workbench.screenshot(`failed-${task.name.slice(0, 4)}`);
  });
});

async function openGetStarted(): Promise<void> {
  await stage.workbench.command('Welcome: Open Walkthrough...');
  await stage.workbench.pick('Get Started with Countersign');
  await stage.workbench.page.locator('[data-done-step-id*="#start#"]').first().waitFor({ timeout: 15_000 });
}

async function panelSays(text: string | RegExp): Promise<void> {
  const frame = await stage.workbench.webview('h1');
  await frame.getByText(text).first().waitFor({ timeout: 20_000 });
}

async function open(name: string): Promise<void> {
  await stage.workbench.page.keyboard.press('Control+1');
  await stage.workbench.openFile(name);
}

/** Whether the keyboard is in the text editor that shows `name`. */
async function isTypingIn(name: string): Promise<boolean> {
  return stage.workbench.page.evaluate((file) => {
    const group = document.activeElement?.closest('.editor-group-container');
    const tab = group?.querySelector('.tab.active')?.textContent ?? '';
    return document.activeElement?.closest('.monaco-editor') !== null && tab.includes(file);
  }, name);
}

describe('the tour', () => {
  it('E1 sends by the keyboard and leaves the focus in the file, also while it waits', async () => {
    const { workbench } = stage;
    await open('1-hello.http');
    await workbench.lenses('no credential').first().waitFor();
    await workbench.sendAt('GET {{api}}/public');
    await panelSays('200 OK');
    expect(await isTypingIn('1-hello.http')).toBe(true);
    await open('6-big.http');
    await workbench.lenses('no credential').first().waitFor();
    await workbench.sendAt('/stream');
    const frame = await workbench.webview('h1');
    await frame.getByRole('button', { name: /Stop|Cancel/ }).waitFor();
    expect(await isTypingIn('6-big.http')).toBe(true);
    await workbench.page.keyboard.press('Control+Alt+K');
    await panelSays(/Cancelled|200 OK/);
  });

  it('G1 reaches the panel and comes back to the request by keys', async () => {
    const { workbench } = stage;
    await open('1-hello.http');
    await workbench.sendAt('GET {{api}}/public');
    await panelSays('practiceValues');
    await workbench.page.keyboard.press('Control+2');
    const frame = await workbench.webview('h1');
    await expect.poll(() => frame.evaluate(() => document.hasFocus()), { timeout: 10_000 }).toBe(true);
    await workbench.page.keyboard.press('Escape');
    await expect.poll(() => isTypingIn('1-hello.http'), { timeout: 10_000 }).toBe(true);
  });

  it('D2.1 approves nothing on Enter: it shows the definition and asks again', async () => {
    const { workbench } = stage;
    await open('2-sign-in.http');
    await workbench.lenses('approve first').first().waitFor();
    await workbench.sendAt('/orders?limit=5');
    await workbench.dialog();
    const pages = stage.context.pages().length;
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.tab', { hasText: 'orders (definition)' }).waitFor({ timeout: 15_000 });
    const again = await workbench.dialog();
    expect(stage.context.pages()).toHaveLength(pages);
    await again.press('Not Now');
    await panelSays(/Not sent/);
    await workbench.openContainer('Countersign');
    await workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'not approved yet' }).waitFor();
  });

  it('A4.1 shows no message but the progress of the sign-in', async () => {
    const { workbench } = stage;
    await open('2-sign-in.http');
    await workbench.sendAt('/orders?limit=5');
    const dialog = await workbench.dialog();
    const page = await workbench.popup(() => dialog.press('Approve'));
    await workbench.page.bringToFront();
    await workbench.notification('Waiting for sign-in in your browser');
    await page.bringToFront();
    await signInAsPractice(page, stage.playground().announcement);
    await workbench.page.bringToFront();
    await panelSays('ord_1020');
    await open('4-when-it-fails.http');
    for (const line of ['{{expired}}', 'https://127.0.0.1:1/public', 'https://orders.example.org/orders']) {
      await workbench.sendAt(line);
      await panelSays(/CS-(TLS|NET|BIND)-/);
    }
    await expect.poll(() => workbench.notifications(), { timeout: 10_000 }).toEqual([]);
    expect(messages.filter((message) => !message.includes('Waiting for sign-in'))).toEqual([]);
  });

  it('J1.1 completes each step of Get Started by what was done', async () => {
    const { workbench } = stage;
    await open('1-hello.http');
    await workbench.sendAt('GET {{api}}/public');
    await panelSays('practiceValues');
    const frame = await workbench.webview('h1');
    await frame.getByRole('tab', { name: /Security/ }).click();
    await workbench.command('Countersign: Add Credential…');
    await workbench.pick('API key');
    await workbench.pick('header');
    await workbench.reply(/name/i, 'X-API-Key');
    await workbench.reply('Origins it may be sent to', stage.playground().announcement.api);
    await workbench.pick('Add');
    await workbench.reply(/Goes to https/, stage.playground().announcement.apiKey.value);
    await openGetStarted();
    const done = workbench.page.locator('[data-done-step-id*="#start#"]');
    const states = (): Promise<Record<string, string | null>> =>
      done.evaluateAll((marks) =>
        Object.fromEntries(
          marks.map((mark) => [
            mark.getAttribute('data-done-step-id')?.split('#').at(-1) ?? '',
            mark.getAttribute('aria-checked'),
          ]),
        ),
      );
    await expect
      .poll(states, { timeout: 15_000 })
      .toMatchObject({ send: 'true', signIn: 'true', add: 'true', safe: 'true', tour: 'false' });
  });
});
