/**
 * Add Credential as a person meets it, by keyboard alone: from the URL of an API to an authenticated answer, from a curl
 * command, from an issuer, from a refusal in the panel; Back, checks in place, and nothing saved before the end.
 */
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { filesBelow, findSecrets } from '../../scripts/canary.ts';
import { startStage, type Stage } from '../support/e2e.ts';

let stage: Stage;
let box: Locator;
let title: Locator;

beforeAll(async () => {
  stage = await startStage('add-credential', {
    files: {
      'orders.http': 'GET {{api}}/orders\n',
      'weather.http': '# @auth weather\nGET {{api}}/weather\n',
    },
  });
  box = stage.workbench.page.locator('.quick-input-widget:visible');
  title = box.locator('.quick-input-title');
});

afterAll(async () => {
  await stage.stop();
});

beforeEach(({ task }) => {
  onTestFailed(async () => {
    await stage.workbench.screenshot(`failed-${task.name.replace(/\W+/g, '-').slice(0, 30)}`);
  });
});

const titled = async (text: string | RegExp): Promise<void> => {
  await title.getByText(text, { exact: true }).waitFor({ timeout: 20_000 });
};
const press = (key: string): Promise<void> => stage.workbench.page.keyboard.press(key);
const type = async (text: string): Promise<void> => {
  await stage.workbench.page.keyboard.insertText(text);
};
/** Waits for the row that says `text` to be the one that Enter takes. */
const focused = async (text: string | RegExp): Promise<void> => {
  await box.locator('.monaco-list-row.focused', { hasText: text }).first().waitFor({ timeout: 20_000 });
};
/** Moves to the row that says `text`, as a person does: by words or arrows. */
const choose = async (text: string): Promise<void> => {
  await box.locator('.monaco-list-row', { hasText: text }).first().waitFor({ timeout: 20_000 });
  for (let moved = 0; moved < 30; moved++) {
    if (await box.locator('.monaco-list-row.focused', { hasText: text }).first().isVisible()) break;
    await press('ArrowDown');
  }
  await focused(text);
  await press('Enter');
};
const panelSays = async (text: string | RegExp): Promise<void> => {
  const frame = await stage.workbench.webview('h1');
  await frame.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 30_000 });
};
/** After VS Code's own fading in. */
const shoot = async (name: string): Promise<void> => {
  await stage.workbench.page.waitForTimeout(300);
  await stage.workbench.screenshot(name);
};
const goBack = (): Promise<void> => press('Control+Alt+Minus');

/** The request file that nobody saved. */
async function closeUnsaved(): Promise<void> {
  const { page } = stage.workbench;
  await press('Control+1');
  await press('Control+W');
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  await dialog.getByRole('button', { name: "Don't Save" }).focus();
  await press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

/** The pages of the identity provider, by keyboard too. */
async function signIn(open: () => Promise<unknown>): Promise<void> {
  const { workbench } = stage;
  const { user } = stage.playground().announcement;
  const page = await workbench.popup(open);
  const name = page.getByLabel('User name');
  const allow = page.getByRole('button', { name: 'Allow' });
  // A browser that is still signed in goes straight to consent.
  await name.or(allow).first().waitFor();
  if (await name.isVisible()) {
    await name.focus();
    await page.keyboard.insertText(user.username);
    await page.keyboard.press('Tab');
    await page.keyboard.insertText(user.password);
    await page.keyboard.press('Enter');
  }
  await allow.focus();
  await page.keyboard.press('Enter');
  await page.getByText('You can close this tab').waitFor();
  await page.close();
  await workbench.page.bringToFront();
}

describe('Add Credential', () => {
  it('finds an issuer while the person looks, goes back, and saves nothing on Escape', async () => {
    const { workbench } = stage;
    await workbench.command('Countersign: Add Credential…');
    await titled('Add Credential (1/4)');
    await focused('An issuer URL');
    await shoot('what');
    await press('Enter');
    await titled('Add Credential (2/4)');
    await type('http://127.0.0.2:1');
    await box.getByText('is not an https address').waitFor();
    await press('Control+A');
    await type(stage.playground().announcement.issuer);
    await box.getByText(/^Found 127\.0\.0\.2:\d+: \d+ grants, PKCE S256, issuer matches$/).waitFor({ timeout: 15_000 });
    await shoot('issuer');
    await press('Enter');
    await titled(/^Add Credential: 127\.0\.0\.2:\d+ \(3\/4\)$/);
    await box.getByText('the issuer supports S256').waitFor();
    await shoot('how');
    await goBack();
    await box.getByText(/^Found /).waitFor({ timeout: 15_000 });
    await goBack();
    await focused('An issuer URL');
    await press('Escape');
    await box.waitFor({ state: 'hidden' });
    await workbench.openContainer('Countersign');
    await workbench.page.getByText('A credential says who calls an API').waitFor({ timeout: 15_000 });
  });

  it('comes from a refused request to an authenticated answer: discovery, registration, sign-in, the same request', async () => {
    const { workbench } = stage;
    const { api, issuer } = stage.playground().announcement;
    await workbench.openFile('orders.http');
    await workbench.sendAt('GET {{api}}/orders');
    await panelSays('401');
    await panelSays('The API asks who is calling');
    await shoot('refused');
    const frame = await workbench.webview('h1');
    await frame.getByRole('button', { name: 'Set Up Sign-in…' }).focus();
    await press('Enter');
    await focused(`Ask ${new URL(issuer).origin}`);
    await box.getByText(api, { exact: false }).first().waitFor();
    await shoot('confirm');
    await press('Enter');
    await focused('Sign in with a browser');
    await shoot('ways');
    await press('Enter');
    await focused('Register Countersign There');
    await shoot('client');
    await press('Enter');
    await focused('Add, Sign In and Send GET /orders');
    await shoot('review');
    await signIn(() => press('Enter'));
    await panelSays('200 OK');
    await panelSays('Ada Lovelace');
    await shoot('answered');
    const text = await workbench.page.locator('.editor-instance .view-lines').first().innerText();
    expect(text.replaceAll('\u00a0', ' ')).toMatch(/# @auth local/);
    expect(await workbench.notifications()).toEqual([]);
    await press('Control+1');
    await press('Control+S');
  });

  it('comes from nothing but a URL to an authenticated answer', async () => {
    const { workbench } = stage;
    const { api, issuer } = stage.playground().announcement;
    await workbench.command('Countersign: Add Credential…');
    await focused('An issuer URL');
    await type(`${api}/me`);
    await focused('Call this API');
    await box.getByText('Sign in at this issuer').waitFor();
    await press('Enter');
    await focused(`Ask ${new URL(issuer).origin}`);
    await press('Enter');
    await titled(/\(3\/4\)$/);
    await focused('Sign in with a browser');
    await press('Enter');
    await focused('Register Countersign There');
    await press('Enter');
    await titled(/\(4\/4\)$/);
    await focused('Add, Sign In and Send GET /me');
    await signIn(() => press('Enter'));
    await panelSays('200 OK');
    await panelSays('ada@');
    const text = await workbench.page.locator('.editor-instance .view-lines').first().innerText();
    expect(text.replaceAll('\u00a0', ' ')).toContain(`GET ${api}/me`);
    await closeUnsaved();
  });

  it('takes a curl command: its secret to the store, the rest to a request, which is sent', async () => {
    const { workbench } = stage;
    const { api, apiKey } = stage.playground().announcement;
    await workbench.command('Countersign: Add Credential…');
    await focused('An issuer URL');
    await type(
      `curl '${api}/weather?city=Bergen' -H '${apiKey.header}: ${apiKey.value}' -H 'Accept: application/json'`,
    );
    await focused('An API key of a curl command');
    await box.getByText(`for ${api}`).waitFor();
    await press('Enter');
    await focused('Add and Send GET /weather');
    expect(await box.innerText()).not.toContain(apiKey.value);
    await choose('Name');
    await box.getByText('Name. Requests say it as').waitFor();
    await press('Control+A');
    await type('bergen');
    await press('Enter');
    await choose('Add and Send GET /weather');
    await panelSays('200 OK');
    await panelSays('/weather');
    const text = await workbench.page.locator('.editor-instance .view-lines').first().innerText();
    expect(text.replaceAll('\u00a0', ' ')).toContain('# @auth bergen');
    expect(text).not.toContain(apiKey.value);
    await shoot('curl');
    await closeUnsaved();
  });

  it('takes an issuer pasted into the first question, and a service with its secret asked for last', async () => {
    const { workbench } = stage;
    const { api, issuer, clients } = stage.playground().announcement;
    await workbench.command('Countersign: Add Credential…');
    await focused('An issuer URL');
    await type(`${issuer}.well-known/openid-configuration`);
    await focused('Sign in at this issuer');
    await box.getByText(/^Found /).waitFor({ timeout: 15_000 });
    await shoot('pasted');
    await press('Enter');
    await choose('As the client itself');
    await choose('Use a Client ID You Have');
    await box.getByText('Client ID: the name this tool').waitFor();
    await type(clients.confidential.client_id);
    await press('Enter');
    await choose('client_secret_basic');
    await box.getByText('Origins it may be sent to').waitFor();
    await press('Control+A');
    await type('https://127.0.0.2/path');
    await box.getByText('is not an origin').waitFor();
    await press('Control+A');
    await type(api);
    await press('Enter');
    await titled(/\(3\/3\)$|\(4\/4\)$/);
    await choose('Scope');
    await box.getByText('What is asked for').waitFor();
    await type('orders.read');
    await press('Enter');
    await choose('Add and Sign In');
    await box.getByText(`Goes to ${new URL(issuer).origin} when a token is asked for`).waitFor();
    expect(await box.locator('input').first().getAttribute('type')).toBe('password');
    await shoot('secret');
    await type(clients.confidential.client_secret);
    await press('Enter');
    await box.waitFor({ state: 'hidden' });
    await workbench.openContainer('Countersign');
    await workbench.page.locator('.monaco-list-row', { hasText: 'local-3' }).first().waitFor({ timeout: 15_000 });
    await expect
      .poll(() => workbench.page.locator('.monaco-list-row', { hasText: 'local-3' }).first().innerText(), {
        timeout: 15_000,
      })
      .toMatch(/min|h$/);
    await shoot('added');
  });

  it('adds the credential that a request names, and sends that request', async () => {
    const { workbench } = stage;
    const { api, apiKey } = stage.playground().announcement;
    await press('Control+1');
    await workbench.openFile('weather.http');
    await workbench.lenses('weather is not defined').first().waitFor();
    await workbench.command('Countersign: Add Credential…');
    await choose('API key');
    await titled('Add Credential (2/3)');
    await choose('header');
    await box.getByText('Name of the header').waitFor();
    await type(apiKey.header);
    await press('Enter');
    await box.getByText('Origins it may be sent to').waitFor();
    expect(await box.locator('input').first().inputValue()).toBe(api);
    await press('Enter');
    await focused('Add and Send GET /weather');
    await box.getByText('# @auth weather').first().waitFor();
    await press('Enter');
    await box.getByText(`Goes to ${api} as header X-API-Key. Kept in`).waitFor();
    await titled('weather: API key');
    await type(apiKey.value);
    await press('Enter');
    await panelSays('200 OK');
    await workbench.lenses('as weather').first().waitFor({ timeout: 15_000 });
  });

  it('leaves no secret in any file, and the request files name credentials alone', async () => {
    const { clients, apiKey, user } = stage.playground().announcement;
    const secrets = { client: clients.confidential.client_secret, key: apiKey.value, password: user.password };
    const files = await filesBelow([stage.folder, stage.profile]);
    expect(findSecrets(secrets, files, [clients.confidential.client_id])).toEqual([]);
    expect(await readFile(`${stage.folder}/orders.http`, 'utf8')).toBe('# @auth local\nGET {{api}}/orders\n');
  });
});
