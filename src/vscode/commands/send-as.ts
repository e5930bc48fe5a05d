/** Send As…: one of the credentials, several of them at once, or nobody. Source: design.md D1.5, E12. */
import { window, type QuickPickItem } from 'vscode';
import { describeRequest } from '../../run/describe.ts';
import { loadCredentialState } from '../../run/credential-state.ts';
import type { Identity } from '../../run/identities.ts';
import type { SendTarget } from '../sender.ts';
import { argument, type CommandContext } from './command.ts';
import { toSendTarget } from './send-target.ts';

interface CredentialPick extends QuickPickItem {
  readonly as?: Identity;
  readonly action?: 'add' | 'several';
}

interface Offer {
  readonly request: SendTarget;
  /** ` to https://api.example.com`, or nothing. */
  readonly where: string;
  readonly bound: readonly CredentialPick[];
  readonly others: readonly CredentialPick[];
}

const nobody: CredentialPick = { label: '$(circle-slash) No credential', as: 'none' };
const separator = (label: string): CredentialPick => ({ label, kind: -1 });

/** Bound to this origin first, then the others with their lock, none, add. */
export async function sendAs(context: CommandContext, target: unknown): Promise<unknown> {
  const { app, sender } = context;
  const offer = await toOffer(context, target);
  if (!offer) return undefined;
  const items: readonly CredentialPick[] = [
    ...listed(offer),
    separator(''),
    nobody,
    { label: '$(organization) Several Identities…', description: 'and compare the answers', action: 'several' },
    { label: '$(add) Add Credential…', action: 'add' },
  ];
  const choice = await window.showQuickPick(items, { title: `Send as…${offer.where}`, placeHolder: 'Who calls?' });
  if (!choice) return undefined;
  if (choice.action === 'several') return sendAsEach(context, offer.request);
  if (choice.action === 'add') return app.runCommand('addCredential', { target: offer.request });
  return choice.as ? sender.send(offer.request, { as: choice.as }) : undefined;
}

/**
 * Those that may go there are ticked, and nobody: the test of who may do what in one look. A key binding may name them
 * itself: `as: ["admin", "none"]`.
 */
export async function sendAsEach(context: CommandContext, target: unknown): Promise<unknown> {
  const offer = await toOffer(context, target);
  if (!offer) return undefined;
  const named = argument(target)['as'];
  if (Array.isArray(named)) {
    const names = new Set(named.filter((name) => typeof name === 'string'));
    const as = [...names].map((name): Identity => (name === 'none' ? 'none' : { credential: name }));
    return context.sender.sendAsEach(offer.request, as);
  }
  const picked = offer.bound.slice(0, mostTicked).map((item) => ({ ...item, picked: true }));
  const items: readonly CredentialPick[] = [
    ...listed({ ...offer, bound: [...picked, ...offer.bound.slice(mostTicked)] }),
    separator(''),
    { ...nobody, picked: true },
  ];
  const title = `Send as several identities${offer.where}`;
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: 'Who calls, one after another?',
    canPickMany: true,
  });
  const identities = chosen?.flatMap(({ as }) => as ?? []) ?? [];
  const [first] = identities;
  if (!first) return undefined;
  if (identities.length === 1) return context.sender.send(offer.request, { as: first });
  return context.sender.sendAsEach(offer.request, identities);
}

/** More are chosen by hand: each of them may have to sign in. */
const mostTicked = 6;

function listed({ bound, others }: Pick<Offer, 'bound' | 'others'>): readonly CredentialPick[] {
  return [
    ...(bound.length > 0 ? [separator('may go there'), ...bound] : []),
    ...(others.length > 0 ? [separator('bound to other origins'), ...others] : []),
  ];
}

async function toOffer({ app, sender }: CommandContext, target: unknown): Promise<Offer | undefined> {
  const located = await sender.locate(toSendTarget(target));
  if (!located) return undefined;
  await app.workspaceReady;
  const place = app.placeOf(located.document.uri);
  const description = await describeRequest(
    { file: located.file, request: located.request, ...place, environments: app.environments.current },
    app.composed.deps,
  );
  const origin = description.origin === undefined ? undefined : new URL(description.origin);
  const bound: CredentialPick[] = [];
  const others: CredentialPick[] = [];
  for (const found of await app.composed.vault.definitions(place.root)) {
    const named = await app.composed.vault.resolve(found, app.resolveTextOf(located.document)).catch(() => found);
    const refused = origin ? app.composed.vault.binding(named, origin) : undefined;
    const state = await loadCredentialState(named, app.composed);
    const as = { credential: named.name };
    if (refused) others.push({ label: `$(lock) ${named.name}`, description: refused.message, as });
    else bound.push({ label: `$(account) ${named.name}`, description: state.short, as });
  }
  return {
    request: { uri: located.document.uri.toString(), request: located.request.index },
    where: description.origin === undefined ? '' : ` to ${description.origin}`,
    bound,
    others,
  };
}
