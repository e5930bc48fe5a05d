/**
 * Which credential a command is about: a row of the view, a name, the view's selection, else the person chooses among
 * those the command fits (design.md H1.3). It changes nothing.
 */
import { window, type QuickPickItem } from 'vscode';
import type { NamedDefinition } from '../../credentials/types.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { loadCredentialState, type CredentialState } from '../../run/credential-state.ts';
import type { App } from '../app.ts';
import { argument, type CommandContext } from './command.ts';

export interface TargetQuestion {
  readonly title: string;
  /** Whether the command can do something for a credential in this state. */
  fits(state: CredentialState, named: NamedDefinition): boolean;
  /** Said when it fits none: one sentence. */
  readonly none: string;
}

/**
 * The credential with its variables filled in, as the view shows it.
 * @throws CountersignError CS-DEF-UNKNOWN for a name that is not defined
 */
export async function acquireCredential(
  context: CommandContext,
  target: unknown,
  question: TargetQuestion,
): Promise<NamedDefinition | undefined> {
  const { app, credentialsView } = context;
  await app.workspaceReady;
  const given = argument(target);
  const name = typeof target === 'string' ? target : given['name'];
  if (typeof name === 'string') return findCredential(app, name);
  const named = given['selection'] === true ? credentialsView.selected : given['named'];
  if (isNamed(named)) return named;
  return pickCredential(app, question);
}

/** @throws CountersignError CS-DEF-UNKNOWN */
export async function findCredential(app: App, name: string): Promise<NamedDefinition> {
  const root = activeRoot(app);
  const found = await app.composed.vault.find(name, root);
  if (found) return resolved(app, found);
  throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${name.slice(0, 60)}”.`, {
    facts: { name, names: await app.composed.vault.names(root) },
  });
}

/** All there are here, with their states, in the view's order. */
export async function listCredentials(
  app: App,
): Promise<readonly { readonly named: NamedDefinition; readonly state: CredentialState }[]> {
  await app.workspaceReady;
  const found = await app.composed.vault.definitions(activeRoot(app));
  return Promise.all(
    found.map(async (each) => {
      const named = await resolved(app, each);
      return { named, state: await loadCredentialState(named, app.composed) };
    }),
  );
}

/** One of the person's own as it is stored, variables and all; undefined for a workspace's. */
export async function findOwnDefinition(app: App, named: NamedDefinition): Promise<NamedDefinition | undefined> {
  const all = await app.composed.vault.definitions(undefined);
  return named.owner === 'user' ? all.find(({ name, owner }) => owner === 'user' && name === named.name) : undefined;
}

/** A definition whose variables are unknown here is taken as it stands; its use will say which is unknown. */
export function resolved(app: App, named: NamedDefinition): Promise<NamedDefinition> {
  return app.composed.vault.resolve(named, app.resolveTextOf(undefined)).catch(() => named);
}

function activeRoot(app: App): string | undefined {
  const document = window.activeTextEditor?.document;
  return (document && app.placeOf(document.uri).root) ?? app.root;
}

async function pickCredential(app: App, question: TargetQuestion): Promise<NamedDefinition | undefined> {
  const fitting = (await listCredentials(app)).filter(({ named, state }) => question.fits(state, named));
  if (fitting.length === 0) {
    void window.showInformationMessage(question.none);
    return undefined;
  }
  const items = fitting.map(({ named, state }): QuickPickItem & { readonly named: NamedDefinition } => ({
    label: named.name,
    description: state.short,
    named,
  }));
  return (await window.showQuickPick(items, { title: question.title, placeHolder: 'Which credential?' }))?.named;
}

/** A row of the view, as a command gets it. */
export function isNamed(value: unknown): value is NamedDefinition {
  return typeof value === 'object' && value !== null && 'definition' in value && 'name' in value && 'hash' in value;
}
