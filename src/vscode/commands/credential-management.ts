/**
 * Approving, removing and renaming a credential, and its origins. What is lost is said before (ux.md C3); definitions of
 * a workspace are changed in their file only.
 */
import { commands, env, Uri, window } from 'vscode';
import { checkName } from '../../credentials/new-definition.ts';
import { parseOrigin } from '../../credentials/origin.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import type { NamedDefinition } from '../../credentials/types.ts';
import { isOAuth } from '../../run/authorize.ts';
import type { App } from '../app.ts';
import { argument, type CommandContext } from './command.ts';
import { toMessage } from './credential-errors.ts';
import { confirm, endSessions } from './credential-sessions.ts';
import { wasDeclined } from './credential-secrets.ts';
import { acquireCredential, findOwnDefinition, resolved } from './credential-target.ts';

/** @returns true when the credential is approved afterwards */
export async function approveCredential(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Review and Approve…',
    fits: (state) => state.status.approval !== 'approved',
    none: 'No credential here waits for your approval.',
  });
  if (!named) return false;
  const { vault, deps } = app.composed;
  if ((await vault.approvalState(named)) === 'approved') {
    void window.showInformationMessage(`${named.name} is approved.`);
    return true;
  }
  try {
    await vault.ensureApproved(named, undefined, deps.prompts);
    return true;
  } catch (error) {
    if (await wasDeclined(app, named, error)) return false;
    throw error;
  }
}

/** @returns true when it was removed */
export async function removeCredential(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Remove Credential…',
    fits: () => true,
    none: 'There is no credential here yet.',
  });
  if (!named) return false;
  const { slots, hasSession } = await app.composed.vault.status(named);
  const kept = slots.filter((slot) => slot.present).map((slot) => slot.label);
  if (hasSession) kept.push('tokens');
  const what = kept.length === 0 ? '' : ` and its ${listed(kept)}`;
  const rest =
    named.owner === 'user'
      ? 'Its definition is deleted too. Requests that name it are not sent until it is defined again.'
      : `The definition in ${named.file?.split(/[\\/]/).at(-1) ?? 'its file'} stays, and has to be approved again.`;
  const agreed = await confirm(app, `Remove ${named.name}${what} from this machine?`, rest, 'Remove');
  if (!agreed) return false;
  if (hasSession && isOAuth(named)) await endSessions(app, [named]);
  const left = isOAuth(named) ? await forgetClient(app, named) : undefined;
  await app.composed.vault.removeCredential(named);
  if (left !== undefined) void window.showWarningMessage(toMessage(left));
  return true;
}

/** The client that was registered for it, if there is one; a sentence when the provider keeps it. */
async function forgetClient(app: App, named: NamedDefinition): Promise<string | undefined> {
  await app.network.ready();
  return (await app.composed.clients()).forget(named, app.root);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** @returns the new name */
export async function renameCredential(context: CommandContext, target: unknown): Promise<string | undefined> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Rename Credential…',
    fits: (_state, each) => each.owner === 'user',
    none: 'You have no credential of your own yet.',
  });
  const own = named && (await requireOwn(app, named));
  if (!own) return undefined;
  const taken = (await app.composed.vault.names(app.root)).filter((name) => name !== own.name);
  const { newName } = argument(target);
  const typed =
    typeof newName === 'string'
      ? newName
      : await app.dialogs.input({
          title: `Rename ${own.name}`,
          prompt: 'Request files that name it keep the old name. Its secrets go with it.',
          password: false,
          value: own.name,
          validateInput: (text) => checkName(text.trim(), taken),
        });
  const name = typed?.trim();
  if (!name || name === own.name || checkName(name, taken) !== undefined) return undefined;
  const session = await app.composed.vault.session(named);
  await app.composed.vault.renameCredential(own, name);
  if (session) await app.composed.vault.setSession({ ...named, name }, session);
  return name;
}

/** @param target may carry `origin`; else it is asked for. @returns true when it was added */
export async function addOrigin(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Add Origin to…',
    fits: (_state, each) => each.owner === 'user',
    none: 'You have no credential of your own yet.',
  });
  const own = named && (await requireOwn(app, named));
  if (!own) return false;
  const check = (text: string): string | undefined => {
    const parsed = parseOrigin(text.trim());
    if (!parsed.ok) return `“${toShownText(text.trim(), 60)}” ${parsed.why}.`;
    return own.definition.origins.includes(parsed.origin.text) ? `${own.name} may go there already.` : undefined;
  };
  const typed = await app.dialogs.input({
    title: `Add Origin to ${own.name}`,
    prompt: 'It may then be sent there as well. An origin is scheme, host and port.',
    password: false,
    ...(typeof argument(target)['origin'] === 'string' ? { value: String(argument(target)['origin']) } : {}),
    validateInput: check,
  });
  const parsed = typed === undefined ? undefined : parseOrigin(typed.trim());
  if (!parsed?.ok || check(parsed.origin.text) !== undefined) return false;
  await changeOrigins(app, own, [...own.definition.origins, parsed.origin.text]);
  return true;
}

/** @param target the row of an origin, or `{name, origin}`. @returns true when it was removed */
export async function removeOrigin(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const { origin } = argument(target);
  if (typeof origin !== 'string') return false;
  const named = await acquireCredential(context, target, { title: '', fits: () => false, none: '' });
  const own = named && (await requireOwn(app, named));
  if (!own) return false;
  // A row shows the origin with its variables filled in, the definition may hold them.
  const shown = (await resolved(app, own)).definition.origins;
  const left = own.definition.origins.filter((_text, index) => shown[index] !== origin);
  if (left.length === own.definition.origins.length) return false;
  if (left.length === 0) {
    void window.showInformationMessage(
      `${toShownText(origin)} is the only origin of ${own.name}. Add another one first, or remove the credential.`,
    );
    return false;
  }
  const agreed = await confirm(
    app,
    `Remove ${toShownText(origin)} from ${own.name}?`,
    'It is no longer sent there.',
    'Remove',
  );
  if (!agreed) return false;
  await changeOrigins(app, own, left);
  return true;
}

/** The person's own change of where it goes keeps the session: it was obtained for the same client and scope. */
async function changeOrigins(app: App, own: NamedDefinition, origins: readonly string[]): Promise<void> {
  const { vault } = app.composed;
  const before = await resolved(app, own);
  const session = isOAuth(before) ? await vault.session(before) : undefined;
  await vault.saveDefinition(own.name, { ...own.definition, origins });
  const after = await findOwnDefinition(app, own);
  if (!session || !after) return;
  const now = await resolved(app, after);
  await vault.setSession(now, { ...session, definitionHash: now.hash });
  await vault.deleteSession(before);
}

/** One of the person's own, as stored; else says where the definition is changed. */
async function requireOwn(app: App, named: NamedDefinition): Promise<NamedDefinition | undefined> {
  const own = await findOwnDefinition(app, named);
  if (own) return own;
  const file = named.file;
  const place = file?.split(/[\\/]/).at(-1) ?? 'a file of the workspace';
  void window
    .showInformationMessage(
      `${named.name} is defined in ${place}, and is changed there. A change asks for your approval again.`,
      ...(file === undefined ? [] : ['Open File']),
    )
    .then((chosen) => {
      if (chosen && file !== undefined) void commands.executeCommand('vscode.open', Uri.file(file));
    });
  return undefined;
}

/** `# @auth NAME`, as a request file says it. */
export async function copyReference(context: CommandContext, target: unknown): Promise<void> {
  const named = await acquireCredential(context, target, {
    title: 'Copy Reference to…',
    fits: () => true,
    none: 'There is no credential here yet.',
  });
  if (!named) return;
  await env.clipboard.writeText(`# @auth ${named.name}`);
  void window.setStatusBarMessage(`Copied # @auth ${named.name}`, 3000);
}
