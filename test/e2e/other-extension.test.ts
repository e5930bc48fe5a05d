/**
 * S08: another extension asks for a session. It gets one only of a credential the person shares, and only after VS Code's
 * own consent; it never sees the refresh token or the store.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFailed } from 'vitest';
import { root } from '../../scripts/paths.ts';
import { startStage, type Stage } from '../support/e2e.ts';

const consumer = join(root, 'test', 'host', 'fixtures', 'second-extension');
const ask = 'Consumer: Ask for a Session of orders';
let shared: Stage;

beforeAll(async () => {
  shared = await startStage('other-extension', {
    copyFrom: join(root, 'media', 'tour'),
    extensions: [consumer],
    settings: { 'countersign.credentials.shareWithExtensions': ['orders'] },
  });
});

afterAll(async () => {
  await shared.stop();
});

beforeEach(() => {
  onTestFailed(async () => {
    await shared.workbench.screenshot('failed');
  });
});

it('S08 is refused while the credential is only proposed, and nobody is asked to sign in', async () => {
  const { workbench } = shared;
  await workbench.openFile('2-sign-in.http');
  await workbench.lenses('approve first').first().waitFor();
  await workbench.command(ask);
  const consent = await workbench.dialog();
  expect(consent.text).toMatch(/consumer.* wants to sign in using Countersign/);
  await consent.press('Allow');
  await workbench.notification('The consumer got nothing');
});

it('S08 gets the access token of an approved credential after consent, through a sign-in of the person', async () => {
  const { workbench } = shared;
  await workbench.clickLens('Send');
  const approval = await workbench.dialog();
  const page = await workbench.popup(() => approval.press('Approve'));
  await page.getByRole('button', { name: 'Use these' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('You can close this tab').waitFor();
  await workbench.page.bringToFront();
  await workbench.lenses('as orders (Ada Lovelace)').first().waitFor();
  await workbench.command(ask);
  const consent = await workbench.dialog();
  expect(consent.text).toMatch(/wants to (access|sign in)/i);
  expect(consent.text).toContain('Countersign');
  await consent.press('Allow');
  await workbench.pick('Ada Lovelace');
  const message = await workbench.notification('The consumer has a JWT of Ada Lovelace');
  expect(await message.innerText()).not.toMatch(/eyJ/);
  await workbench.screenshot('consent-given');
});
