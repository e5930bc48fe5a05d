/**
 * Asking for the secrets of a credential, one password box each, which says where the secret goes and where it is kept
 * before it is typed (design.md D1.4). Nothing is asked for a definition that is not approved.
 */
import type { NamedDefinition, SecretSlot } from '../../credentials/types.ts';
import { Secret } from '../../credentials/secret.ts';
import type { App } from '../app.ts';
import { checkSecret, toSecretPrompt } from '../secret-prompt.ts';
import { showCredentialError } from './credential-errors.ts';
import { acquireCredential } from './credential-target.ts';
import { argument, type CommandContext } from './command.ts';

/**
 * Asks for each of these slots and stores what was typed.
 * @returns false when the person gave up; what was entered before stays
 */
export async function askSecrets(app: App, named: NamedDefinition, slots: readonly SecretSlot[]): Promise<boolean> {
  const { vault } = app.composed;
  await app.shouldTellOfMemoryStore();
  const { place } = app.composed.deps.secretPlace();
  for (const slot of slots) {
    const text = await app.dialogs.input({
      title: `${named.name}: ${slot.label}`,
      prompt: toSecretPrompt(named.definition, vault.originsOf(named), slot.id, place),
      password: true,
      validateInput: checkSecret,
    });
    if (text === undefined || text === '') return false;
    await vault.setSecret(named, slot.id, new Secret(text, `${named.name} ${slot.label}`));
  }
  return true;
}

/** Asks for the required secrets that are missing. @returns true when none is missing any more */
export async function ensureSecrets(app: App, named: NamedDefinition): Promise<boolean> {
  const { slots } = await app.composed.vault.status(named);
  return askSecrets(
    app,
    named,
    slots.filter((slot) => slot.required && !slot.present),
  );
}

/** `countersign.enterSecret`: the missing ones, or another value for one that is there. Returns true when entered. */
export async function enterSecret(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Enter Secret of…',
    fits: (state) => state.status.slots.length > 0,
    none: 'No credential here takes a secret.',
  });
  if (!named) return false;
  try {
    const { vault, deps } = app.composed;
    await vault.ensureApproved(named, undefined, deps.prompts);
    const { slots } = await vault.status(named);
    const missing = slots.filter((slot) => slot.required && !slot.present);
    const asked = argument(target)['slot'];
    if (typeof asked === 'string') {
      return await askSecrets(
        app,
        named,
        slots.filter(({ id }) => id === asked),
      );
    }
    if (missing.length > 0) return await askSecrets(app, named, missing);
    const chosen = await chooseSlot(app, named, slots);
    return chosen ? await askSecrets(app, named, [chosen]) : false;
  } catch (error) {
    if (!(await wasDeclined(app, named, error))) showCredentialError(app, error, named.name);
    return false;
  }
}

async function chooseSlot(
  app: App,
  named: NamedDefinition,
  slots: readonly SecretSlot[],
): Promise<SecretSlot | undefined> {
  if (slots.length < 2) return slots[0];
  const label = await app.dialogs.pick(
    slots.map((slot) => slot.label),
    `Which secret of ${named.name}?`,
  );
  return slots.find((slot) => slot.label === label);
}

/** True when the error is the person's own “Not Now”, just given in the approval dialog. */
export async function wasDeclined(app: App, named: NamedDefinition, error: unknown): Promise<boolean> {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'CS-BIND-APPROVAL' &&
    app.composed.deps.prompts.interactive &&
    (await app.composed.vault.approvalState(named)) !== 'approved'
  );
}
