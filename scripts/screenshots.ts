/**
 * `npm run screenshots [-- NAME…]`: the pictures of docs/images, taken of the packed extension in a browser-hosted VS Code
 * with the playground. Names choose the scenes: response-dark, response-light, response-hc, response-hc-light, states.
 * Addresses and times differ from run to run; nothing in a picture is a secret beyond the playground's practice values.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Stage, type StageOptions, startStage } from '../test/support/e2e.ts';
import { signInAsPractice } from '../test/support/sign-in-page.ts';
import { root } from './paths.ts';
import { toSmallPng } from './small-png.ts';

const images = join(root, 'docs', 'images');
const largest = 200_000;
const settings = {
  'editor.minimap.enabled': false,
  'editor.wordWrap': 'on',
  'editor.codeLensFontSize': 11,
  'workbench.layoutControl.enabled': false,
  'breadcrumbs.enabled': false,
};
const tour: StageOptions = {
  copyFrom: join(root, 'media', 'tour'),
  viewport: { width: 1400, height: 900 },
  settings,
};

/** The window without the mouse over it, as docs/images/NAME.png. */
async function shoot({ workbench }: Stage, name: string): Promise<void> {
  await workbench.page.mouse.move(760, 895);
  await workbench.page.waitForTimeout(900);
  const png = toSmallPng(await workbench.page.screenshot({ animations: 'disabled', caret: 'hide' }));
  await writeFile(join(images, `${name}.png`), png);
  console.log(`docs/images/${name}.png, ${String(Math.round(png.length / 1000))} kB`);
  if (png.length > largest) throw new Error(`${name}.png is larger than 200 kB.`);
}

async function answered({ workbench }: Stage, text: string | RegExp): Promise<void> {
  const frame = await workbench.webview('h1');
  await frame.getByText(text).first().waitFor({ timeout: 30_000 });
}

/** The window as it stands after the first minutes: signed in, two requests sent, the answer beside the file. */
async function authenticated(stage: Stage, picture?: string): Promise<void> {
  const { workbench } = stage;
  await workbench.openContainer('Countersign');
  await workbench.openFile('1-hello.http');
  await workbench.lenses('no credential').first().waitFor();
  await workbench.sendAt('GET {{api}}/public');
  await answered(stage, '200 OK');
  await workbench.page.keyboard.press('Control+1');
  await workbench.openFile('2-sign-in.http');
  await workbench.lenses('approve first').first().waitFor();
  await workbench.sendAt('/orders?limit=5');
  const dialog = await workbench.dialog();
  if (picture !== undefined) await shoot(stage, picture);
  const page = await workbench.popup(() => dialog.press('Approve'));
  await signInAsPractice(page, stage.playground().announcement);
  await page.close();
  await workbench.page.bringToFront();
  await answered(stage, 'ord_1020');
  await workbench.sendAt('POST {{api}}/orders');
  await answered(stage, '201 Created');
  await workbench.sendAt('/orders?limit=5');
  await answered(stage, 'ord_1019');
  await workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'Ada Lovelace' }).first().click();
  await workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'may receive it' }).waitFor();
  await workbench.page.keyboard.press('Control+1');
}

async function response(name: string, theme: string): Promise<void> {
  const stage = await startStage(name, { ...tour, theme });
  try {
    await authenticated(stage, name === 'response-dark' ? 'sign-in' : undefined);
    await shoot(stage, name);
    if (name === 'response-dark') await more(stage);
  } finally {
    await stage.stop();
  }
}

/** The other scenes of the dark window: trace, certificate, wizard, terminal. */
async function more(stage: Stage): Promise<void> {
  const { workbench } = stage;
  const { announcement } = stage.playground();
  const frame = await workbench.webview('h1');
  await workbench.page.keyboard.press('Control+1');
  await workbench.openFile('4-when-it-fails.http');
  await workbench.sendAt('{{expired}}');
  await answered(stage, 'CS-TLS-EXPIRED');
  await shoot(stage, 'tls-failure');
  await workbench.command('Countersign: Add Credential…');
  await workbench.pick('An issuer URL');
  const box = workbench.page.locator('.quick-input-widget:visible');
  await box.locator('.quick-input-title', { hasText: '(2/' }).waitFor();
  await box.locator('input').first().fill(announcement.issuer);
  await box.getByText('issuer matches').waitFor({ timeout: 20_000 });
  await workbench.page.keyboard.press('Enter');
  await box.getByText('Recommended').waitFor();
  await shoot(stage, 'wizard');
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Control+1');
  await workbench.openFile('2-sign-in.http');
  await workbench.sendAt('GET {{api}}/me');
  await answered(stage, 'ada@');
  await frame.getByRole('tab', { name: /Sign-in/ }).click();
  await shoot(stage, 'sign-in-trace');
  await terminal(stage);
}

/** The same files from a terminal, as text: docs/images/cli.txt. */
async function terminal(stage: Stage): Promise<void> {
  const { ca } = stage.playground().announcement;
  const files = ['1-hello.http', '4-when-it-fails.http'];
  const args = ['run', ...files, '--env', 'playground', '--ca', ca, '--no-input'];
  const env = { ...process.env, NO_COLOR: '1', COUNTERSIGN_CONFIG: join(stage.profile, 'cli') };
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    cwd: stage.folder,
    env,
  }).catch((error: unknown) => error as { stdout: string });
  await writeFile(join(images, 'cli.txt'), `$ countersign run ${files.join(' ')} --env playground\n${stdout}`);
  console.log('docs/images/cli.txt');
}

const definitions = {
  orders: {
    title: 'Practice orders',
    scheme: 'oauth2',
    grant: 'authorization_code',
    issuer: '{{issuer}}',
    client_id: '{{native_client_id}}',
    scope: 'openid profile offline_access orders.read',
    origins: ['{{api}}'],
  },
  batch: {
    scheme: 'oauth2',
    grant: 'client_credentials',
    issuer: '{{issuer}}',
    client_id: '{{service_client_id}}',
    scope: 'orders.read',
    origins: ['{{api}}'],
  },
  hr: {
    scheme: 'oauth2',
    grant: 'authorization_code',
    issuer: 'https://127.0.0.1:1',
    client_id: 'hr',
    origins: ['{{api}}'],
  },
  weather: { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: ['{{api}}'] },
  search: { scheme: 'bearer', origins: ['https://api.example.com'] },
};

const orders = `### List orders
# @auth orders
GET {{api}}/orders?limit=3

### Staff
# @auth hr
GET {{api}}/me

### Weather
# @auth weather
GET {{api}}/weather?city=Bergen
`;

/** A made-up token in a file, put together here so that no scanner takes this script for a leak. */
const literal = `### Who am I
GET https://api.example.com/me
Authorization: Bearer ${['9fK2vQ7x', 'Lr4TzW8n', 'Yb3MhC6d', 'Pj5SgE1a'].join('')}

### Invoices
# @auth orders
GET {{baseUrl}}/invoices
`;

/** The Credentials view in several states, and what the editor says about a literal secret. */
async function states(): Promise<void> {
  const stage = await startStage('states', {
    ...tour,
    files: {
      'countersign.json': `${JSON.stringify({ credentials: definitions }, undefined, 2)}\n`,
      'orders.http': orders,
      'secrets.http': literal,
    },
  });
  try {
    const { workbench } = stage;
    await workbench.openContainer('Countersign');
    await workbench.openFile('orders.http');
    await workbench.lenses('approve first').first().waitFor();
    await workbench.sendAt('# @auth orders');
    const first = await workbench.dialog();
    const page = await workbench.popup(() => first.press('Approve'));
    await signInAsPractice(page, stage.playground().announcement);
    await page.close();
    await workbench.page.bringToFront();
    await answered(stage, '200 OK');
    await workbench.sendAt('# @auth hr');
    await (await workbench.dialog()).press('Approve');
    await answered(stage, /does not answer|Nothing answers/);
    await workbench.sendAt('# @auth weather');
    await (await workbench.dialog()).press('Approve');
    await answered(stage, 'CS-AUTH-SECRET-MISSING');
    await workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'Ada Lovelace' }).first().click();
    await workbench.page.keyboard.press('Control+1');
    await shoot(stage, 'sidebar');
    await workbench.openFile('secrets.http');
    await workbench.page.locator('.editor-instance .squiggly-warning').first().waitFor({ timeout: 20_000 });
    await workbench.page
      .locator('.editor-instance .view-line', { hasText: 'Authorization' })
      .locator('span span')
      .last()
      .click();
    await workbench.page.keyboard.press('Control+.');
    await workbench.page.getByText('Move to the Secret Store', { exact: false }).first().waitFor({ timeout: 15_000 });
    await shoot(stage, 'editor-help');
  } finally {
    await stage.stop();
  }
}

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  'response-dark': () => response('response-dark', 'Default Dark Modern'),
  'response-light': () => response('response-light', 'Default Light Modern'),
  'response-hc': () => response('response-hc', 'Default High Contrast'),
  'response-hc-light': () => response('response-hc-light', 'Default High Contrast Light'),
  states,
};

await mkdir(images, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, take] of Object.entries(scenes)) {
  if (wanted.length === 0 || wanted.includes(name)) await take();
}
