/**
 * Add Credential: asks, and at the very end saves a definition of the person's own with its secrets, signs in and sends.
 * Escape on the way saves nothing, and nothing is written into the workspace. Source: ux.md D1, design.md D1.1–D1.4.
 */
import { commands, ProgressLocation, window } from 'vscode';
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import { toSafeUrl } from '../../setup/safe-url.ts';
import type { App } from '../app.ts';
import { argument, type CommandContext } from '../commands/command.ts';
import { signIn } from '../commands/credential-sessions.ts';
import { toSendTarget } from '../commands/send-target.ts';
import type { SendTarget } from '../sender.ts';
import { questionsFor } from './add-credential-questions.ts';
import { emptyDraft, firstRequestOf, type Draft, type Suggested } from './draft.ts';
import { sendFirst } from './first-send.ts';
import { IssuerWatch } from './issuer-watch.ts';
import { keepCredential } from './keep-credential.ts';
import { createStep } from './multi-step.ts';
import { askQuestions } from './question-loop.ts';
import type { WizardFacts } from './wizard-facts.ts';

/**
 * @param given `{name?, scheme?, origin?, issuer?, api?, target?}` to start from; `target` is the request that waits
 * @returns the name of the new credential; undefined when the person gave up
 */
export async function addCredential(context: CommandContext, given?: unknown): Promise<string | undefined> {
  const { app } = context;
  await app.workspaceReady;
  await app.shouldTellOfMemoryStore();
  const facts = await toWizardFacts(app);
  const { suggested, target } = await toSuggested(context, given);
  const draft = emptyDraft(suggested);
  const complete = await askQuestions(titleOf, draft, (answers) => questionsFor(answers, facts), createStep);
  if (!complete) return undefined;
  await keep(app, draft);
  await commands.executeCommand('setContext', 'countersign.ownCredential', true);
  await finish(context, draft, target);
  return draft.name;
}

async function toWizardFacts(app: App): Promise<WizardFacts> {
  const { composed } = app;
  return {
    watch: new IssuerWatch(async (issuer, signal) => {
      await app.network.ready();
      return composed.discover(issuer, signal);
    }),
    discoverApi: async (address, { signal, mayAsk }) => {
      await app.network.ready();
      return composed.discoverApi(address, signal, mayAsk);
    },
    taken: await composed.vault.names(app.root),
    place: composed.deps.secretPlace().place,
    now: () => Date.now(),
  };
}

async function toSuggested(
  context: CommandContext,
  given: unknown,
): Promise<{ suggested: Partial<Suggested>; target: SendTarget | undefined }> {
  const { name, scheme, origin, issuer, api, target: asked } = argument(given);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const here = await requestHere(context, toSendTarget(asked));
  return {
    suggested: {
      scheme: schemeOf({ scheme: text(scheme) })?.id,
      name: text(name) || (here?.undefinedName ?? ''),
      origin: text(origin) || (here?.origin ?? ''),
      issuer: text(issuer),
      api: URL.canParse(text(api)) ? toSafeUrl(new URL(text(api))).text : '',
      request: here?.words ?? '',
    },
    target: here?.target,
  };
}

interface RequestHere {
  readonly target: SendTarget;
  /** Where it goes, as far as it is known; '' otherwise. */
  readonly origin: string;
  /** `GET /orders` */
  readonly words: string;
  /** The credential that it names and that nobody has defined. */
  readonly undefinedName: string | undefined;
}

/** The request that waits, else the one at the cursor when nothing says who calls it. */
async function requestHere(
  { app, sender }: CommandContext,
  target: SendTarget | undefined,
): Promise<RequestHere | undefined> {
  const located = await sender.locate(target);
  if (!located) return undefined;
  const { document, request } = located;
  const { origin, who, credentialName } = await app.facts.describe(document, request);
  // From the palette, a request without a credential may well be meant to have none.
  const waits = who === 'unknown-credential' || (target !== undefined && who !== 'credential');
  const path = request.url.text
    .replace(/^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*|\{\{[^{}]*\}\})/i, '')
    .replace(/[?#].*$/s, '');
  return {
    target: { uri: document.uri.toString(), request: request.index },
    origin: origin ?? '',
    words: waits && origin !== undefined ? `${request.method} ${path === '' ? '/' : path}` : '',
    undefinedName: who === 'unknown-credential' ? credentialName : undefined,
  };
}

function titleOf(draft: Draft): string {
  if (draft.findings.server) return `Add Credential: ${new URL(parseIssuer(draft.issuer)).host}`;
  return draft.discovered ? `Add Credential: ${new URL(draft.discovered.origin).host}` : 'Add Credential';
}

async function keep(app: App, draft: Draft): Promise<void> {
  const { composed } = app;
  const ports = { vault: composed.vault, clients: () => composed.clients() };
  if (draft.client !== 'registration') {
    await keepCredential(draft, ports);
    return;
  }
  const title = `Registering Countersign at ${new URL(parseIssuer(draft.issuer)).host}…`;
  await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return keepCredential(draft, ports, abort.signal);
  });
}

async function finish(context: CommandContext, draft: Draft, target: SendTarget | undefined): Promise<void> {
  const { name } = draft;
  const signsIn = draft.scheme === 'oauth2' && draft.finish !== 'add';
  if (signsIn && !(await signIn(context, { name }))) return;
  if (draft.finish === 'send')
    return sendFirst(context, draft, firstRequestOf(draft)?.kind === 'here' ? target : undefined);
  if (!signsIn) void window.setStatusBarMessage(`${name} is added. Name it in a request: # @auth ${name}`, 6000);
}
