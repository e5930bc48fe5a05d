/**
 * Add Credential through VS Code's own boxes: definitions of JetBrains and httpYac, a signed assertion, a device, a call on
 * behalf of someone, and a provider that is known. Each box is answered as a person does: chosen or typed, then Enter.
 */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { NamedDefinition } from '../../../src/credentials/types.ts';
import type { App } from '../../../src/vscode/app.ts';
import { features, withSettings } from '../stage/extension.ts';
import { plant } from '../stage/plant.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';

/** What stands in the box (placeholder, prompt or title), and what is chosen or typed there. */
type Answers = readonly (readonly [RegExp, string])[];
type Pick = vscode.QuickPick<vscode.QuickPickItem>;
type Box = { readonly list?: Pick; readonly input?: vscode.InputBox; readonly says: string };

describe('Add Credential', () => {
  let app: App;
  let info: PlaygroundInfo;
  const shown: Box[] = [];
  const { createQuickPick, createInputBox } = vscode.window;

  before(async function () {
    this.timeout(60_000);
    app = (await features()).app;
    info = await playground();
  });

  beforeEach(() => {
    shown.length = 0;
    const watched = <T extends vscode.QuickInput>(box: T, toBox: (box: T) => Box): T => {
      const show = box.show.bind(box);
      box.show = () => {
        shown.push(toBox(box));
        show();
      };
      return box;
    };
    Object.assign(vscode.window, {
      createQuickPick: () => watched(createQuickPick(), (list) => ({ list, says: list.placeholder ?? '' })),
      createInputBox: () =>
        watched(createInputBox(), (input) => ({ input, says: `${input.title ?? ''} | ${input.prompt ?? ''}` })),
    });
  });

  afterEach(async () => {
    Object.assign(vscode.window, { createQuickPick, createInputBox });
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
  });

  after(async () => {
    await stopPlayground();
  });

  const enter = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

  /** Answers until the command has ended; Enter where nothing is answered. */
  async function add(answers: Answers): Promise<{ readonly named: NamedDefinition; readonly said: readonly string[] }> {
    const said: string[] = [];
    const asked: string[] = [];
    const run = { ended: false };
    const added = withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () =>
      vscode.commands.executeCommand<string | undefined>('countersign.addCredential'),
    ).finally(() => (run.ended = true));
    for (let turn = 0; turn < 400 && !run.ended; turn++) {
      const box = shown.shift();
      if (!box) {
        await delay(50);
        continue;
      }
      asked.push(box.says);
      const answer = answers.find(([about]) => about.test(box.says))?.[1];
      await delay(150);
      if (box.input && answer !== undefined) box.input.value = answer;
      if (box.list) {
        said.push(...box.list.items.map(({ label, detail = '' }) => `${label} ${detail}`));
        const item = box.list.items.find(({ label }) => answer !== undefined && label.includes(answer));
        assert.ok(answer === undefined || item, `“${box.says}” has no ${String(answer)}: ${said.join(' | ')}`);
        if (item) box.list.activeItems = [item];
        if (!item && !box.list.items.some((one) => 'id' in one && one.id !== undefined)) continue;
      }
      await delay(150);
      await enter();
    }
    assert.ok(run.ended, `it did not end; asked were ${asked.join(' → ')}`);
    const name = await added;
    const named = name === undefined ? undefined : await app.composed.vault.find(name, undefined);
    assert.ok(named, `nothing was added; asked were ${asked.join(' → ')}`);
    return { named, said };
  }

  const api: Answers[number] = [/Origins it may be sent to/, 'https://api.example.com'];
  const only: Answers[number] = [/Nothing is saved yet/, '$(check) Add'];
  const secretOf = async (named: NamedDefinition, slot = ''): Promise<string | undefined> =>
    (await app.composed.vault.findSecret(named, slot))?.reveal();

  it('takes a definition of JetBrains as it is pasted, its secret into the secret store', async () => {
    plant('h1dden-by-jetbrains');
    const entry = {
      Type: 'OAuth2',
      'Grant Type': 'Client Credentials',
      'Token URL': 'https://idp.example.com/token',
      'Client ID': 'job',
      'Client Secret': 'h1dden-by-jetbrains',
    };
    const { named } = await add([
      [/What do you have/, 'A curl command or another'],
      [/Paste a curl command/, JSON.stringify({ batch: entry })],
      api,
      only,
    ]);
    assert.equal(named.name, 'batch');
    assert.deepEqual(
      { ...named.definition },
      {
        ...named.definition,
        scheme: 'oauth2',
        grant: 'client_credentials',
        token_endpoint: 'https://idp.example.com/token',
        client_id: 'job',
        origins: ['https://api.example.com'],
      },
    );
    assert.equal(await secretOf(named), 'h1dden-by-jetbrains');
  }).timeout(60_000);

  it('takes variables of httpYac', async () => {
    plant('h1dden-by-httpyac');
    const { named } = await add([
      [/What do you have/, 'A curl command or another'],
      [
        /Paste a curl command/,
        JSON.stringify({
          shop_tokenEndpoint: 'https://idp.example.com/token',
          shop_clientId: 'shop',
          shop_clientSecret: 'h1dden-by-httpyac',
        }),
      ],
      [/How does the client prove itself|client have a secret/, 'HTTP Basic'],
      api,
      only,
    ]);
    assert.match(JSON.stringify(named.definition), /"client_id":"shop"/);
    assert.equal(await secretOf(named), 'h1dden-by-httpyac');
  }).timeout(60_000);

  it('sets up a service that signs an assertion', async () => {
    const key = createPrivateKey(await readFile(info.clients.jwt.key, 'utf8')).export({ format: 'jwk' });
    plant(String(key['d']));
    const { named } = await add([
      [/What do you have/, 'A service'],
      [/Address of the identity provider/, info.issuer],
      [/How should it sign in/, 'With a signed assertion'],
      [/Client ID/, info.clients.jwt.client_id],
      api,
      only,
      [/private key/, JSON.stringify(key)],
    ]);
    assert.match(JSON.stringify(named.definition), /grant-type:jwt-bearer/);
    assert.deepEqual(JSON.parse((await secretOf(named, 'private_key')) ?? '{}'), key);
  }).timeout(60_000);

  it('sets up a device without a browser', async () => {
    const { named } = await add([
      [/What do you have/, 'A device without a browser'],
      [/Address of the identity provider/, info.issuer],
      [/How should it sign in/, 'code'],
      [/Who is this tool/, 'Use a Client ID You Have'],
      [/Client ID/, info.clients.device.client_id],
      [/client have a secret/, 'No'],
      api,
      only,
    ]);
    assert.match(JSON.stringify(named.definition), /grant-type:device_code/);
    assert.match(JSON.stringify(named.definition), new RegExp(`"client_id":"${info.clients.device.client_id}"`));
  }).timeout(60_000);

  it('sets up a call on behalf of someone', async () => {
    plant('subject-t0ken-of-a-person');
    plant('s3cret-of-the-caller');
    const { named } = await add([
      [/What do you have/, 'on behalf of someone'],
      [/Address of the identity provider/, info.issuer],
      [/Client ID/, 'caller'],
      api,
      only,
      [/subject token/, 'subject-t0ken-of-a-person'],
      [/secret/, 's3cret-of-the-caller'],
    ]);
    assert.match(JSON.stringify(named.definition), /grant-type:token-exchange/);
    assert.equal(await secretOf(named, 'subject_token'), 'subject-t0ken-of-a-person');
  }).timeout(60_000);

  it('says what to register at GitHub, and fills its endpoints in', async () => {
    plant('s3cret-of-the-app');
    const { named, said } = await add([
      [/What do you have/, 'An issuer URL'],
      [/Address of the identity provider/, 'https://github.com'],
      [/How should it sign in/, 'Sign in with a browser'],
      [/Client ID/, 'app'],
      api,
      only,
      [/secret/, 's3cret-of-the-app'],
    ]);
    assert.match(
      JSON.stringify(named.definition),
      /"token_endpoint":"https:\/\/github\.com\/login\/oauth\/access_token"/,
    );
    const rows = said.join('\n');
    assert.match(rows, /At https:\/\/github\.com\/settings\/developers/);
    assert.match(rows, /Redirect: http:\/\/127\.0\.0\.1\/cb/);
  }).timeout(60_000);
});
