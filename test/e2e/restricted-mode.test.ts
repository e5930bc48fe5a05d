/** Restricted Mode as a person meets it: files can be read, nothing can be sent, and the views say so. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStage, type Stage } from '../support/e2e.ts';

let stage: Stage;
let server: Server;
let arrived = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    arrived += 1;
    response.end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  stage = await startStage('restricted-mode', {
    files: {
      'local.http': `### Local\nGET http://127.0.0.1:${String(port)}/\nAccept: application/json\n`,
      'http-client.env.json': '{ "dev": { "name": "value" } }\n',
    },
    playground: false,
    trusted: false,
    settings: { 'countersign.keys': 'on' },
  });
});

afterAll(async () => {
  await stage.stop();
  await new Promise((ended) => server.close(ended));
});

it('W07 shows no lens, offers no command that sends, and says so in the views', async () => {
  const { workbench } = stage;
  await workbench.openContainer('Countersign');
  await workbench.openFile('local.http');
  const views = workbench.page.locator('.sidebar');
  await views.getByText('This folder is in Restricted Mode. Countersign reads its files').waitFor();
  await views.getByText('In Restricted Mode nothing is sent.').waitFor();
  await views.getByText('In Restricted Mode environments are not read.').waitFor();
  await workbench.page.locator('.editor-instance .view-line', { hasText: 'Local' }).waitFor();
  expect(await workbench.lenses().count()).toBe(0);
  await workbench.page.keyboard.press('F1');
  await workbench.page.keyboard.type('Countersign: ');
  await workbench.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: 'Open Tour' }).waitFor();
  const offered = (await workbench.pickRows()).join('\n');
  expect(offered).not.toMatch(/Send|Resend|Sign In|Add Credential|Enter Secret|New Request|Copy Request/);
  await workbench.page.keyboard.press('Escape');
});

it('W07 sends nothing by its key, and what is disabled in the menu stays there', async () => {
  const { workbench } = stage;
  await workbench.sendAt('GET http');
  await workbench.page.locator('.editor-instance .view-line', { hasText: 'GET http' }).click({ button: 'right' });
  const entry = workbench.page.locator('.monaco-menu .action-item', { hasText: 'Send Request' }).first();
  await entry.waitFor();
  expect(await entry.getAttribute('class')).toContain('disabled');
  await workbench.page.keyboard.press('Escape');
  expect(await workbench.hasDialog()).toBe(false);
  expect(await workbench.notifications()).toEqual([]);
  expect(await workbench.page.locator('.webview').count()).toBe(0);
  expect(arrived).toBe(0);
});
