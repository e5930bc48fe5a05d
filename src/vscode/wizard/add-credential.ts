/**
 * Add Credential: asks, and at the very end saves a definition of the person's own with its secrets. Escape on the way
 * saves nothing, and nothing is written into the workspace. Source: ux.md D1, design.md D1.1–D1.4.
 */
import { commands, window } from 'vscode';
import { newDefinition } from '../../credentials/new-definition.ts';
import { Secret } from '../../credentials/secret.ts';
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import type { App } from '../app.ts';
import { argument, type CommandContext } from '../commands/command.ts';
import { questionsFor } from './add-credential-questions.ts';
import { emptyDraft, toFields, type Draft } from './draft.ts';
import { IssuerWatch } from './issuer-watch.ts';
import { askQuestions } from './multi-step.ts';

/**
 * @param given `{name?, scheme?, origin?, issuer?}` to start from
 * @returns the name of the new credential; undefined when the person gave up
 */
export async function addCredential(context: CommandContext, given?: unknown): Promise<string | undefined> {
  const { app } = context;
  await app.workspaceReady;
  await app.shouldTellOfMemoryStore();
  const facts = {
    watch: new IssuerWatch(async (issuer, signal) => {
      await app.network.ready();
      return app.composed.discover(issuer, signal);
    }),
    taken: await app.composed.vault.names(app.root),
    place: app.composed.deps.secretPlace().place,
  };
  const draft = await toDraft(context, given);
  const complete = await askQuestions(titleOf, draft, (answers) => questionsFor(answers, facts));
  if (!complete) return undefined;
  await save(app, draft);
  void window.setStatusBarMessage(`${draft.name} is added. Name it in a request: # @auth ${draft.name}`, 6000);
  return draft.name;
}

async function toDraft(context: CommandContext, given: unknown): Promise<Draft> {
  const { name, scheme, origin, issuer } = argument(given);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return emptyDraft({
    scheme: schemeOf({ scheme: text(scheme) })?.id,
    name: text(name),
    origin: text(origin) || (await originAtCursor(context)),
    issuer: text(issuer),
  });
}

/** Where the request at the cursor goes, as far as it is known; '' otherwise. */
async function originAtCursor({ app, sender }: CommandContext): Promise<string> {
  const located = await sender.locate(undefined);
  if (!located) return '';
  return (await app.facts.describe(located.document, located.request)).origin ?? '';
}

function titleOf(draft: Draft): string {
  return draft.findings.server ? `Add Credential: ${new URL(parseIssuer(draft.issuer)).host}` : 'Add Credential';
}

async function save(app: App, draft: Draft): Promise<void> {
  const { vault } = app.composed;
  const made = newDefinition(draft.scheme ?? '', toFields(draft));
  if (!made.ok) {
    throw new CountersignError('CS-DEF-FIELD', made.problems[0]?.message ?? 'The definition is not complete.');
  }
  await vault.saveDefinition(draft.name, made.definition);
  const own = (await vault.definitions(undefined)).find(({ name, owner }) => owner === 'user' && name === draft.name);
  if (!own) throw new CountersignError('CS-DEF-FIELD', `${draft.name} was not kept.`);
  for (const slot of made.slots) {
    const value = draft.secrets.get(slot.id);
    if (value !== undefined) await vault.setSecret(own, slot.id, new Secret(value, `${draft.name} ${slot.label}`));
  }
  await commands.executeCommand('setContext', 'countersign.ownCredential', true);
}
