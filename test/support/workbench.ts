/**
 * What a person does in VS Code's window, as methods: run a command, open a file, click a code lens, answer a question,
 * look into a webview. Each waits until its effect is visible and fails with what was on the screen instead.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { cache } from '../../scripts/paths.ts';

const patience = 30_000;

export class Workbench {
  readonly page: Page;
  readonly #address: string;
  readonly #name: string;

  /** `name` goes in front of the names of screenshots. */
  constructor(page: Page, address: string, name: string) {
    this.page = page;
    this.#address = address;
    this.#name = name;
  }

  /** Goes to the workspace and waits until the workbench stands. */
  async open(): Promise<void> {
    await this.page.goto(this.#address);
    await this.#untilReady();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.#untilReady();
  }

  async #untilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.page.locator('.pane-body .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }

  /** Runs a command by its title in the palette, `Countersign: Send`; waits until it is offered. */
  async command(title: string): Promise<void> {
    await this.#quick('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace by name or relative path, in the editor. */
  async openFile(name: string): Promise<void> {
    const base = name.split('/').at(-1) ?? name;
    await this.#quick('Control+P', name, base);
    await this.page.locator('.tab.active', { hasText: base }).first().waitFor({ timeout: patience });
    await this.page.locator('.editor-instance .view-lines').first().waitFor({ timeout: patience });
  }

  /** Opens the quick input by a key, types, and takes the row that says `label`; tries again while it is not offered. */
  async #quick(key: string, text: string, label: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget');
    const row = box.locator('.quick-input-list .monaco-list-row', { has: this.page.getByText(label, { exact: true }) });
    const end = Date.now() + patience;
    for (;;) {
      try {
        // A key pressed while the focus moves, out of a webview say, is lost: the next round presses it again.
        await this.page.keyboard.press(key);
        await box.waitFor({ timeout: 3000 });
        await box.locator('input[type="text"], input.input').first().fill(text, { timeout: 3000 });
        await row.first().waitFor({ timeout: 3000 });
        await row.first().click();
        await box.waitFor({ state: 'hidden', timeout: 3000 }).catch(() => undefined);
        return;
      } catch (error) {
        await this.page.keyboard.press('Escape');
        if (Date.now() > end)
          throw new Error(`“${label}” is not offered (${await this.screenshot('not-offered')}).`, { cause: error });
      }
    }
  }

  /** Answers the open input box of an extension: types `text` and accepts. */
  async answer(text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget:visible');
    await box.waitFor({ timeout: patience });
    await box.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Takes the row of the open quick pick whose label starts with `label`. */
  async pick(label: string): Promise<void> {
    const row = this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: label }).first();
    await this.page.locator('.quick-input-widget:visible .monaco-list-row').first().waitFor({ timeout: patience });
    // Rows below the fold are not in the page until the list is moved on.
    for (let turns = 0; turns < 5 && (await row.count()) === 0; turns++) {
      await this.page.waitForTimeout(500);
      if ((await row.count()) === 0) await this.page.keyboard.press('PageDown');
    }
    await row.waitFor({ timeout: patience });
    await row.click();
  }

  /** Texts of the open quick pick, one a row. */
  async pickRows(): Promise<string[]> {
    const rows = this.page.locator('.quick-input-widget:visible .monaco-list-row');
    await rows.first().waitFor({ timeout: patience });
    return rows.allInnerTexts();
  }

  /** Code lenses of the active editor, in order of the page. */
  lenses(text?: string): Locator {
    const all = this.page.locator('.editor-instance .codelens-decoration a');
    return text === undefined ? all : all.filter({ hasText: text });
  }

  /** Clicks the `nth` (from 0, from the top) code lens that says `text`, once the lenses have settled. */
  async clickLens(text: string, nth = 0): Promise<void> {
    const end = Date.now() + patience;
    let before = '';
    for (;;) {
      const found: { readonly y: number; readonly lens: Locator }[] = [];
      for (const lens of await this.lenses(text).all()) {
        const box = await lens.boundingBox({ timeout: 1000 }).catch(() => null);
        if (box) found.push({ y: box.y, lens });
      }
      found.sort((a, b) => a.y - b.y);
      const now = JSON.stringify(await this.lenses().allInnerTexts());
      const lens = found[nth]?.lens;
      if (lens && now === before) {
        try {
          await lens.click({ timeout: 2000 });
          return;
        } catch {
          // Replaced meanwhile: look again.
        }
      }
      before = now;
      if (Date.now() > end) throw new Error(`No lens says “${text}” (${await this.screenshot('no-lens')}).`);
      await this.page.waitForTimeout(250);
    }
  }

  /** Puts the cursor at a 1-based line of the active editor. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.answer(`:${String(line)}`);
  }

  /** Puts the cursor on the first line of the left editor that says `text`, and presses the key of Send. */
  async sendAt(text: string): Promise<void> {
    await this.page.keyboard.press('Control+1');
    const line = this.page.locator('.editor-instance .view-line', { hasText: text }).first();
    await line.waitFor({ timeout: patience });
    // Its start: a line is as wide as the longest one, and a click in its middle would scroll.
    await line.click({ position: { x: 8, y: 8 } });
    await this.page.keyboard.press('Control+Alt+R');
  }

  /** The innermost frame of the webview in which `selector` is visible; waits for it. */
  async webview(selector = 'body'): Promise<Frame> {
    const end = Date.now() + patience;
    for (;;) {
      for (const frame of this.page.frames()) {
        // A webview is a frame in a frame; the content is the inner one.
        if (!frame.parentFrame()?.parentFrame() || frame.childFrames().length > 0) continue;
        if (
          await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false)
        )
          return frame;
      }
      if (Date.now() > end) throw new Error(`No webview shows “${selector}” (${await this.screenshot('no-webview')}).`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Messages of the notifications that are on the screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification that says `text`; its locator, to click a button in. */
  async notification(text: string | RegExp): Promise<Locator> {
    const found = this.page.locator('.notification-toast', { hasText: text }).first();
    await found.waitFor({ timeout: patience });
    return found;
  }

  /** The open modal dialog; waits for one. */
  async dialog(): Promise<{ readonly text: string; press(button: string): Promise<void> }> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor({ timeout: patience });
    return {
      text: await box.innerText(),
      press: async (button) => {
        await box.getByRole('button', { name: button }).click();
        await box.waitFor({ state: 'hidden', timeout: patience });
      },
    };
  }

  /** True when a modal dialog is open now. */
  hasDialog(): Promise<boolean> {
    return this.page.locator('.monaco-dialog-box').isVisible();
  }

  /** Does `action` and resolves to the browser page that it opens. */
  async popup(action: () => Promise<unknown>): Promise<Page> {
    const [page] = await Promise.all([this.page.context().waitForEvent('page', { timeout: patience }), action()]);
    await page.waitForLoadState();
    return page;
  }

  /** Texts of the status bar's items. */
  async statusBar(): Promise<string[]> {
    return this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
  }

  /** Opens a view container by the name of its icon in the activity bar. */
  async openContainer(name: string): Promise<void> {
    const icon = this.page.locator('.activitybar .action-item', { has: this.page.getByLabel(name) }).first();
    // A click on the container that is open would close it.
    if (!(await icon.getAttribute('class'))?.includes('checked')) await icon.click();
  }

  /** Answers the question whose prompt or title says `prompt`: types `text` and accepts. */
  async reply(prompt: string | RegExp, text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget:visible', { hasText: prompt });
    await box.waitFor({ timeout: patience });
    await box.locator('input').first().fill(text);
    await this.page.waitForTimeout(100);
    await this.page.keyboard.press('Enter');
    await box.waitFor({ state: 'hidden', timeout: patience });
  }

  /** Saves the window as .cache/screens/NAME.png; resolves to its path. */
  async screenshot(name: string): Promise<string> {
    const folder = join(cache, 'screens');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${this.#name}-${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}
