/**
 * The walk of a newcomer, step by step, in a browser-hosted VS Code with the packed extension: from the first request to
 * a sign-in, a refresh, a sign-out, credentials of one's own, a bad certificate, and the same from a terminal.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { filesBelow, findSecrets } from '../../scripts/canary.ts';
import { root } from '../../scripts/paths.ts';
import { startStage, type Stage } from '../support/e2e.ts';

let stage: Stage;
let clicks = 0;

beforeAll(async () => {
  // Short-lived tokens: they are renewed in their last quarter.
  stage = await startStage('walk', {
    copyFrom: join(root, 'media', 'tour'),
    playgroundArguments: ['--access-token-ttl', '40'],
    viewport: { width: 1400, height: 900 },
  });
});

afterAll(async () => {
  await stage.stop();
});

beforeEach(({ task }) => {
  onTestFailed(async () => {
    await stage.workbench.screenshot(`failed-${task.name.slice(0, 12).trim()}`);
  });
});

/** Opens a file at the left, where a newcomer has it. */
async function open(name: string): Promise<void> {
  await stage.workbench.page.keyboard.press('Control+1');
  await stage.workbench.openFile(name);
}

async function panelSays(text: string | RegExp): Promise<void> {
  const frame = await stage.workbench.webview('h1');
  await frame.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 20_000 });
}

async function signIn(page: Page): Promise<void> {
  const { user } = stage.playground().announcement;
  await page.getByLabel('User name').fill(user.username);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  clicks += 1;
  await page.getByRole('button', { name: 'Allow' }).click();
  clicks += 1;
}

type Answer = { readonly type: string } | { readonly pick: string };

/** Answers whatever the wizard asks, in its own order, until it has no more questions. */
async function answerQuestions(answers: readonly (readonly [string | RegExp, Answer])[]): Promise<void> {
  const { workbench } = stage;
  const box = workbench.page.locator('.quick-input-widget:visible');
  for (let asked = 0; asked < 15; asked++) {
    await workbench.page.waitForTimeout(400);
    if (!(await box.isVisible())) return;
    const words = `${await box.innerText()} ${(await box.locator('input').first().getAttribute('placeholder')) ?? ''}`;
    const [question, answer] =
      answers.find(([each]) => (typeof each === 'string' ? words.includes(each) : each.test(words))) ?? [];
    if (question === undefined || !answer) throw new Error(`The wizard asks something unexpected: ${words}`);
    if ('pick' in answer) await workbench.pick(answer.pick);
    else await workbench.reply(question, answer.type);
  }
}

function row(text: string | RegExp) {
  return stage.workbench.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
}

describe('the seven steps', () => {
  it('2 sends the first request, and the answer stands beside the file', async () => {
    const { workbench } = stage;
    await open('1-hello.http');
    await workbench.lenses('no credential').first().waitFor();
    await workbench.lenses(stage.playground().announcement.api).first().waitFor();
    await workbench.clickLens('Send');
    await panelSays('200 OK');
    await workbench.lenses('200 OK').first().waitFor();
    expect(await workbench.notifications()).toEqual([]);
  });

  it('3 approves once, signs in with the browser, and sees the answer with the identity in five clicks', async () => {
    const { workbench } = stage;
    await open('2-sign-in.http');
    clicks = 1;
    await workbench.lenses('approve first').first().waitFor();
    await workbench.clickLens('Send');
    clicks += 1;
    const dialog = await workbench.dialog();
    const { api, issuer, clients } = stage.playground().announcement;
    for (const fact of [
      api,
      new URL(issuer).origin,
      clients.native.client_id,
      'authorization_code',
      'orders.read',
      'countersign.json',
    ]) {
      expect(dialog.text).toContain(fact);
    }
    const page = await workbench.popup(() => dialog.press('Approve'));
    clicks += 1;
    await signIn(page);
    await page.getByText('You can close this tab').waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(page.url()).not.toContain('code=');
    await workbench.page.bringToFront();
    await panelSays('200 OK');
    await panelSays('Ada Lovelace');
    await workbench.lenses('as orders (Ada Lovelace)').first().waitFor();
    expect(clicks).toBeLessThanOrEqual(5);
    const frame = await workbench.webview('h1');
    await frame.getByRole('tab', { name: /Security/ }).click();
    await frame.getByText('Countersign Playground Issuing CA').first().waitFor();
    await frame.getByRole('tab', { name: /Sign-in/ }).click();
    await frame
      .getByText(/code_challenge_method S256/)
      .first()
      .waitFor();
    await workbench.screenshot('3-trace');
  });

  it('4 shows the session, sends again without a question, and is still signed in after a reload', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Countersign');
    await row(/orders.*Ada Lovelace/).waitFor();
    await row(/orders.*Ada Lovelace/).click();
    await row('may receive it').waitFor();
    await row('scope granted').waitFor();
    await row('kept in').waitFor();
    await workbench.screenshot('4-sidebar');
    await open('2-sign-in.http');
    await workbench.clickLens('Send', 2);
    await panelSays('/me');
    await panelSays('200 OK');
    expect(await workbench.hasDialog()).toBe(false);
    await workbench.reload();
    await open('2-sign-in.http');
    await workbench.lenses('as orders (Ada Lovelace)').first().waitFor();
    const pages = stage.context.pages().length;
    await workbench.clickLens('Send');
    await panelSays('200 OK');
    expect(await workbench.hasDialog()).toBe(false);
    expect(stage.context.pages()).toHaveLength(pages);
  });

  it('4 refreshes silently when the token is about to end', async () => {
    const { workbench } = stage;
    await workbench.page.waitForTimeout(35_000);
    const pages = stage.context.pages().length;
    await workbench.clickLens('Send');
    await panelSays('200 OK');
    const frame = await workbench.webview('h1');
    await frame.getByRole('tab', { name: /Sign-in/ }).click();
    await frame.getByText('Renew the token').first().waitFor();
    expect(stage.context.pages()).toHaveLength(pages);
    expect(await workbench.hasDialog()).toBe(false);
  });

  it('4 signs out: asked, revoked and gone', async () => {
    const { workbench } = stage;
    // Out of the panel, which the step before was in: a panel that takes the focus back would close the list.
    await workbench.page.keyboard.press('Control+1');
    await workbench.command('Countersign: Sign Out…');
    await workbench.pick('orders');
    const dialog = await workbench.dialog();
    expect(dialog.text).toContain('Its tokens are deleted here and revoked at');
    await dialog.press('Sign Out');
    await workbench.openContainer('Countersign');
    await row(/orders.*not signed in/).waitFor();
    expect(await workbench.notifications()).toEqual([]);
  });

  it('5 adds an API key with the wizard and sends with it', async () => {
    const { workbench } = stage;
    await open('3-api-key.http');
    await workbench.goToLine(10);
    const { api, apiKey } = stage.playground().announcement;
    await workbench.command('Countersign: Add Credential…');
    await workbench.pick('API key');
    await workbench.pick('header');
    await workbench.reply(/name/i, apiKey.header);
    await workbench.reply('Origins it may be sent to', api);
    await workbench.pick('Add and Send GET /weather');
    await workbench.page
      .getByText(/Goes to https/)
      .first()
      .waitFor();
    await workbench.screenshot('5-secret');
    await workbench.reply(/Goes to https/, apiKey.value);
    await workbench.lenses('as weather').first().waitFor();
    await panelSays('/weather');
    await panelSays('200 OK');
  });

  it('5 adds a service account the same way', async () => {
    const { workbench } = stage;
    const { api, issuer, clients } = stage.playground().announcement;
    await workbench.page.keyboard.press('Control+1');
    await workbench.goToLine(15);
    await workbench.command('Countersign: Add Credential…');
    await workbench.pick('A service');
    await answerQuestions([
      ['Address of the identity provider', { type: issuer }],
      ['How should it sign in?', { pick: 'client_credentials' }],
      ['Register Countersign There', { pick: 'Use a Client ID You Have' }],
      ['the name this tool is registered under', { type: clients.confidential.client_id }],
      [/prove|secret\?/i, { pick: 'client_secret_basic' }],
      ['Origins it may be sent to', { type: api }],
      [/Goes to https/, { type: clients.confidential.client_secret }],
      ['What is asked for', { type: 'orders.read' }],
      [/Scope\s*none/, { pick: 'Scope' }],
      ['Check it', { pick: 'Add, Sign In and Send' }],
    ]);
    await workbench.lenses('as batch').first().waitFor();
    await panelSays('status=open');
    await panelSays('200 OK');
  });

  it('5 moves a pasted token into the secret store and rewrites the line', async () => {
    const { workbench } = stage;
    const { page } = workbench;
    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYXN0ZWQtY2FuYXJ5LTQ3MTEifQ.c2lnbmF0dXJlLWNhbmFyeS00NzEx';
    await open('3-api-key.http');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`\n### Pasted\nGET {{api}}/orders\nAuthorization: Bearer ${token}\n`);
    await workbench.lenses('literal token in this file').first().waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    const fixes = page.locator('.action-widget').getByText('Move to the secret store as credential…');
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Control+.');
          return fixes
            .first()
            .waitFor({ timeout: 3000 })
            .then(
              () => true,
              () => false,
            );
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    await page.keyboard.press('Enter');
    await workbench.reply(/name/i, 'pasted');
    await workbench.lenses('as pasted').first().waitFor();
    const text = await page.locator('.editor-instance .view-lines').first().innerText();
    expect(text.replaceAll('\u00a0', ' ')).toContain('# @auth pasted');
    expect(text).not.toContain('eyJ');
    await workbench.screenshot('5-moved');
    await page.keyboard.press('Control+s');
  });

  it('6 refuses a bad certificate, shows why, and lets a person trust it until a date', async () => {
    const { workbench } = stage;
    await open('4-when-it-fails.http');
    await workbench.clickLens('Send');
    await panelSays(/Not sent: certificate not trusted/);
    await panelSays('CS-TLS-EXPIRED');
    await panelSays(/no secret (was sent|left)/i);
    await workbench.screenshot('6-refused');
    const frame = await workbench.webview('h1');
    await frame.getByRole('button', { name: /Trust This Certificate Until/ }).click();
    await workbench.pick('7 days');
    const dialog = await workbench.dialog();
    expect(dialog.text).toContain('SHA-256');
    await dialog.press('Trust Certificate');
    await panelSays('200 OK');
    await panelSays(/TLS exception/);
    expect((await workbench.statusBar()).join()).toContain('TLS exception');
    await workbench.screenshot('6-exception');
  });

  it('7 makes the same requests from a terminal', async () => {
    const { ca, clients, apiKey } = stage.playground().announcement;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(root, 'dist', 'cli.js'),
        'run',
        join(stage.folder, '1-hello.http'),
        join(stage.folder, '3-api-key.http'),
        '--env',
        'playground',
        '--ca',
        ca,
        '--secret',
        'batch=BATCH',
        '--secret',
        'weather=WEATHER',
        '--format',
        'json',
        '--no-input',
      ],
      {
        cwd: stage.folder,
        env: {
          ...process.env,
          BATCH: clients.confidential.client_secret,
          WEATHER: apiKey.value,
          COUNTERSIGN_CONFIG: join(stage.profile, 'cli'),
        },
      },
    ).catch((error: unknown) => error as { stdout: string });
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { response?: { status: number }; error?: { code: string } });
    // These credentials live in the editor's own store, so a terminal says that it does not know them.
    expect(results.slice(0, 3).map((each) => each.response?.status)).toEqual([200, 200, 200]);
    expect(results.slice(3).map((each) => each.error?.code)).toEqual(Array(3).fill('CS-DEF-UNKNOWN'));
    expect(stdout).not.toContain(apiKey.value);
  });
});

describe('what was typed', () => {
  it('R04 stands in no file of the profile or the workspace, in no spelling', async () => {
    const { clients, apiKey, user } = stage.playground().announcement;
    const secrets = { client: clients.confidential.client_secret, key: apiKey.value, password: user.password };
    const files = await filesBelow([stage.folder, stage.profile]);
    expect(files.length).toBeGreaterThan(10);
    const found = findSecrets(secrets, files, [clients.confidential.client_id]);
    expect(found).toEqual([]);
  });
});
