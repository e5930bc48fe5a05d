/** Send, Send As…, cancel and what belongs to a response. */
import { env, ViewColumn, window, workspace, type QuickPickItem } from 'vscode';
import { toCurl } from '../../convert/exporters/curl.ts';
import { isCountersignError } from '../../errors/countersign-error.ts';
import { saveResponseBody } from '../save-body.ts';
import { saveHar } from '../save-har.ts';
import { argument, type CommandContext, type CommandGroup } from './command.ts';
import { isNamed } from './credential-target.ts';
import { sendAs, sendAsEach } from './send-as.ts';
import { toSendTarget } from './send-target.ts';

export const sending: CommandGroup = {
  send: ({ sender }, target) => sender.send(toSendTarget(target)),
  sendAll: ({ sender }) => sender.sendAll(),
  sendSelection: ({ sender }) => sender.sendSelection(),
  runLine: ({ sender }, target) => {
    const { uri, line } = argument(target);
    return typeof uri === 'string' && typeof line === 'number' ? sender.runLine(uri, line) : Promise.resolve();
  },
  resend: ({ sender }) => sender.resend(),
  sendAs,
  sendAsEach,
  sendAsCredential,
  cancel: async ({ app }, target) => {
    const { key } = argument(target);
    app.runs.cancel(typeof key === 'string' ? key : undefined);
    return Promise.resolve();
  },
  showResponse: ({ app, panels }, target) => {
    const { key } = argument(target);
    const result = typeof key === 'string' ? app.runs.last(key) : app.runs.latest;
    if (result) panels.showTab('body', result.id);
    return Promise.resolve();
  },
  showSecurity: ({ panels }) => Promise.resolve(panels.showTab('security')),
  saveBody: ({ panels }) => saveResponseBody(panels.currentRun()?.result),
  saveHar: ({ app, panels }) => saveHar(app, panels.currentRun()?.result),
  compareResponse: ({ panels }) => panels.compare(),
  explainOrigin,
  previewRequest,
  copyAsCurl,
};

/** The request at the cursor, as the credential whose row was pressed; its binding is checked as ever. */
async function sendAsCredential({ app, sender }: CommandContext, target: unknown): Promise<unknown> {
  const { named } = argument(target);
  if (!isNamed(named)) return undefined;
  const located = await sender.locate(undefined);
  if (!located) {
    void window.showInformationMessage('Open a request file and put the cursor into the request to send.');
    return undefined;
  }
  const { document, request } = located;
  const meant = await app.composed.vault.find(named.name, app.placeOf(document.uri).root);
  if (meant?.owner !== named.owner || meant.file !== named.file) {
    const file = workspace.asRelativePath(document.uri);
    void window.showInformationMessage(
      `In ${file}, ${named.name} is another credential than this one. Nothing was sent.`,
    );
    return undefined;
  }
  return sender.send({ uri: document.uri.toString(), request: request.index }, { as: { credential: named.name } });
}

/** Where the request goes and where its credential may go, as a list that leaves by itself; refused: what to do. */
async function explainOrigin({ app, sender }: CommandContext, target: unknown): Promise<void> {
  const located = await sender.locate(toSendTarget(target));
  if (!located) return;
  const { refused, originError, credential, origin } = await app.facts.describe(located.document, located.request);
  const problem = refused ?? originError;
  const allowed = credential ? app.composed.vault.originsOf(credential) : [];
  const ways = [
    {
      label: '$(account) Send As…',
      description: 'choose another credential',
      run: () => app.runCommand('sendAs', target),
    },
    {
      label: '$(circle-slash) Send With No Credential',
      description: 'once',
      run: () => sender.send(toSendTarget(target), { as: 'none' }),
    },
  ];
  const items: (QuickPickItem & { run?(): Promise<unknown> })[] = [
    ...(origin === undefined ? [] : [{ label: `$(globe) ${origin}`, description: 'this request goes here' }]),
    ...allowed
      .filter((each) => each !== origin)
      .map((each) => ({ label: `$(lock) ${each}`, description: `${credential?.name ?? ''} may go here` })),
    ...(refused ? ways : []),
  ];
  const placeHolder = problem
    ? `${problem.message} ${problem.next}`
    : credential
      ? `${credential.name} goes to ${allowed.length === 1 ? 'this origin' : 'these origins'} and nowhere else.`
      : 'No credential of Countersign goes along.';
  const choice = await window.showQuickPick(items, { title: 'Where This Request Goes', placeHolder });
  await choice?.run?.();
}

/** The exact request before sending: variables resolved, secrets as dots, what is stripped said. */
async function previewRequest({ app, sender }: CommandContext, target: unknown): Promise<void> {
  const located = await sender.locate(toSendTarget(target));
  if (!located) return;
  await app.workspaceReady;
  try {
    const input = {
      text: located.file.text,
      ...app.placeOf(located.document.uri),
      request: located.request.index,
      environments: app.environments.current,
      signal: new AbortController().signal,
    };
    const shown = await app.composed.engine.preview(input, located.file);
    const lines = (located.request.body?.stripped ?? []).map(({ start, end }) => located.file.text.slice(start, end));
    const stripped = lines.length > 0 ? `\n\n# Not sent:\n${lines.join('\n')}` : '';
    const head = [
      `${shown.method} ${shown.url.text} ${shown.httpVersion}`,
      ...shown.headers.map((each) => `${each.name}: ${each.value.text}`),
    ];
    const text = `${head.join('\n')}\n\n${shown.body?.text ?? ''}${stripped}\n`;
    const document = await workspace.openTextDocument({
      language: 'http',
      content: app.composed.redactor.redact(text),
    });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    await window.showWarningMessage(`${error.code}: ${error.message} ${error.next}`);
  }
}

async function copyAsCurl({ app, sender }: CommandContext, target: unknown): Promise<void> {
  const located = await sender.locate(toSendTarget(target));
  if (!located) return;
  await app.workspaceReady;
  try {
    const input = {
      text: located.file.text,
      ...app.placeOf(located.document.uri),
      request: located.request.index,
      environments: app.environments.current,
      signal: new AbortController().signal,
    };
    const shown = await app.composed.engine.preview(input, located.file);
    const who = await app.facts.describe(located.document, located.request);
    const name = who.credentialName ?? who.credential?.name;
    const credential = name === undefined ? undefined : { name, definition: who.credential?.definition };
    await env.clipboard.writeText(app.composed.redactor.redact(toCurl(shown, credential)));
    void window.setStatusBarMessage('Copied as curl, without secrets.', 3000);
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    await window.showWarningMessage(`${error.code}: ${error.message} ${error.next}`);
  }
}
