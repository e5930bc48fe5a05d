/** Add Credential as a person meets it: steps, Back, discovery in the field, nothing saved before the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { startStage, type Stage } from '../support/e2e.ts';

describe('Add Credential', () => {
  let stage: Stage;
  let box: Locator;
  let title: Locator;

  beforeAll(async () => {
    stage = await startStage('add-credential', {
      files: { 'orders.http': '# @auth weather\nGET {{api}}/weather\n' },
    });
    box = stage.workbench.page.locator('.quick-input-widget:visible');
    title = box.locator('.quick-input-title');
  });
  afterAll(async () => {
    await stage.stop();
  });

  const titled = async (text: string): Promise<void> => {
    await title.getByText(text, { exact: true }).waitFor({ timeout: 15_000 });
  };

  it('finds an issuer while the person looks, goes back, and saves nothing on Escape', async () => {
    const { workbench } = stage;
    await workbench.command('Countersign: Add Credential…');
    await box.getByText('An issuer URL').waitFor();
    await workbench.screenshot('what');
    await workbench.pick('An issuer URL');
    const input = box.locator('input').first();
    await input.fill('http://127.0.0.2:1');
    await box.getByText('is not an https address').waitFor();
    await input.fill(stage.playground().announcement.issuer);
    await box.getByText(/^Found 127\.0\.0\.2:\d+: \d+ grants, PKCE S256, issuer matches$/).waitFor({ timeout: 15_000 });
    await workbench.screenshot('issuer');
    await workbench.page.keyboard.press('Enter');
    await box.getByText('Recommended').waitFor();
    await workbench.screenshot('how');
    await box.getByRole('button', { name: 'Back' }).click();
    await box.getByText(/^Found /).waitFor({ timeout: 15_000 });
    await box.getByRole('button', { name: 'Back' }).click();
    await box.getByText('An issuer URL').waitFor();
    await workbench.page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
    await workbench.openContainer('Countersign');
    await workbench.page.getByText('A credential says who calls an API').waitFor({ timeout: 15_000 });
  });

  it('adds an API key that is then sent where it may go', async () => {
    const { workbench } = stage;
    const { announcement } = stage.playground();
    await workbench.openFile('orders.http');
    await workbench.command('Countersign: Add Credential…');
    await workbench.pick('API key');
    await workbench.pick('header');
    await titled('Add Credential (3/6)');
    await workbench.answer('X-API-Key');
    const input = box.locator('input').first();
    await box.getByText('Origins it may be sent to').waitFor();
    expect(await input.inputValue()).toBe(announcement.api);
    await input.fill('https://127.0.0.2/path');
    await box.getByText('is not an origin').waitFor();
    await workbench.answer(announcement.api);
    await box.getByText('Requests say it as').waitFor();
    await workbench.answer('weather');
    await box.getByText(`Goes to ${announcement.api} as header X-API-Key. Kept in`).waitFor();
    expect(await input.getAttribute('type')).toBe('password');
    await workbench.screenshot('secret');
    await workbench.answer(announcement.apiKey.value);
    await box.waitFor({ state: 'hidden' });
    await workbench.openContainer('Countersign');
    const row = workbench.page.locator('.monaco-list-row', { hasText: 'weather' }).first();
    await row.waitFor({ timeout: 15_000 });
    expect(await row.innerText()).toContain('ready');
    await workbench.lenses('as weather').first().waitFor({ timeout: 15_000 });
    await workbench.clickLens('Send');
    await workbench.lenses('200').first().waitFor({ timeout: 20_000 });
    await workbench.screenshot('added');
  });
});
