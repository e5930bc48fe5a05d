/**
 * The quick fixes of a literal secret: move it to the secret store as a credential, use one that exists, or call it no
 * secret. The value is in the store before the text changes, and the text changes in one step (ux.md B4).
 */
import { Uri, window, workspace, type QuickPickItem, type TextDocument } from 'vscode';
import { parseAuthorization } from '../../credentials/literal-auth.ts';
import { findLiteralSecrets } from '../../credentials/literal-secrets.ts';
import { checkAnswer, checkName } from '../../credentials/new-definition.ts';
import { Secret } from '../../credentials/secret.ts';
import type { Definition, NamedDefinition } from '../../credentials/types.ts';
import { CountersignError, isCountersignError } from '../../errors/countersign-error.ts';
import type { TextChange } from '../../language/features/code-actions.ts';
import { literalsOf } from '../../language/features/diagnostics.ts';
import { authEdit, moveEdits, nearestLiteral, type SecretDiagnostic } from '../../language/features/move-literal.ts';
import type { RequestFile, RequestNode } from '../../language/types.ts';
import type { Vault } from '../../credentials/vault.ts';
import type { App } from '../app.ts';
import { applyChanges } from '../language/apply-changes.ts';
import { dismissSecret } from '../language/dismissed-secrets.ts';
import { suggestedName } from '../language/suggested-name.ts';
import { argument, type CommandContext, type CommandGroup } from './command.ts';
import { moveDefinitionSecret } from './move-definition-secret.ts';

export const literalSecrets: CommandGroup = { moveSecret, useExistingCredential, notASecret };

interface Located {
  readonly document: TextDocument;
  readonly file: RequestFile;
  readonly request: RequestNode;
  readonly literal: SecretDiagnostic;
}

/** Looks for the literal in the document as it is now; undefined when it is gone. */
async function locate(app: App, target: unknown): Promise<Located | undefined> {
  const { uri, start, header, request: index } = argument(target);
  if (typeof uri !== 'string' || typeof start !== 'number' || typeof header !== 'string') return undefined;
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const file = app.documents.parse(document);
  const context = { literals: findLiteralSecrets };
  const asked = typeof index === 'number' ? file.requests[index] : undefined;
  const here = asked && nearestLiteral(literalsOf(asked, context), { header, start });
  const literal =
    here ??
    nearestLiteral(
      file.requests.flatMap((request) => literalsOf(request, context)),
      { header, start },
    );
  const request = literal?.facts.request === undefined ? undefined : file.requests[literal.facts.request];
  return literal && request && { document, file, request, literal };
}

interface Parts {
  readonly scheme: Partial<Definition> & { scheme: string };
  /** Undefined when the definition has none: a sign-in with the browser takes its place. */
  readonly secret?: string;
  /** Of further slots. */
  readonly more?: Readonly<Record<string, string>>;
}

/** What a definition needs, and the secret itself, of a literal. */
function takeApart({ file, literal }: Located): Parts {
  const text = file.text.slice(literal.span.start, literal.span.end);
  const { secret: kind, header, where, line } = literal.facts;
  if (kind === 'bearer') return { scheme: { scheme: 'bearer' }, secret: text };
  const value = file.text.slice(line.start, line.end).replace(/^[^:]*:/, '');
  const parsed = where === 'query' ? undefined : parseAuthorization(value);
  if (parsed?.kind === 'basic' || parsed?.kind === 'digest' || parsed?.kind === 'ntlm') {
    return { scheme: { scheme: parsed.kind, username: parsed.username }, secret: parsed.password };
  }
  if (parsed?.kind === 'aws') {
    const { kind: _, accessKeyId, secretAccessKey, sessionToken, ...scope } = parsed;
    return {
      scheme: { scheme: 'aws-sigv4', access_key_id: accessKeyId, ...scope },
      secret: secretAccessKey,
      ...(sessionToken === undefined ? {} : { more: { session_token: sessionToken } }),
    };
  }
  if (parsed?.kind === 'cognito') {
    const issuer = `https://cognito-idp.${parsed.region}.amazonaws.com/${parsed.pool}`;
    const client = { client_id: parsed.clientId, token_endpoint_auth_method: 'none' };
    return { scheme: { scheme: 'oauth2', grant: 'authorization_code', issuer, ...client, scope: 'openid' } };
  }
  return { scheme: { scheme: 'apiKey', in: where === 'query' ? 'query' : 'header', name: header }, secret: text };
}

async function moveSecret(context: CommandContext, target: unknown): Promise<void> {
  const { app } = context;
  if (typeof argument(target)['credential'] === 'string') return moveDefinitionSecret(app, target);
  const found = await locate(app, target);
  if (!found) return;
  try {
    const named = await keepAsCredential(app, found);
    if (!named) return;
    // The document may have changed while the person was asked.
    const now = await locate(app, { ...argument(target), start: found.literal.span.start });
    const same = now && textOf(now) === textOf(found);
    if (same) await applyChanges(now.document, moveEdits(now.file, now.literal, named.name));
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    await window.showErrorMessage(`${error.code}: ${error.message} ${error.next}`);
  }
}

function textOf({ file, literal }: Located): string {
  return file.text.slice(literal.span.start, literal.span.end);
}

/** Asks for the name, stores definition and secret; undefined when the person declines. */
async function keepAsCredential(app: App, found: Located): Promise<NamedDefinition | undefined> {
  const { vault } = app.composed;
  const { root } = app.placeOf(found.document.uri);
  const origin = await originFor(app, found);
  if (origin === undefined) return undefined;
  const taken = await vault.names(root);
  const lasts = (await vault.durability()).kind !== 'memory';
  const prompt = lasts
    ? `Name of the credential. It may go to ${origin} only.`
    : 'Name of the credential. No secret store here lasts: its secret works until this window closes.';
  const name = await ask(app, prompt, suggestedName(origin, taken), (text) => checkName(text, taken));
  if (name === undefined) return undefined;
  const { scheme, secret, more = {} } = takeApart(found);
  await vault.saveDefinition(name, { ...scheme, origins: [origin] });
  const named = (await vault.definitions(root)).find((one) => one.name === name && one.owner === 'user');
  if (!named) return undefined;
  const slots = Object.entries({ ...(secret === undefined ? {} : { '': secret }), ...more });
  const kept = await keepAll(vault, named, slots).catch(async (error: unknown) => {
    await vault.removeCredential(named);
    throw error;
  });
  if (kept || !lasts) return named;
  await vault.removeCredential(named);
  throw new CountersignError('CS-STORE-REJECTED', `The secret store did not accept the secret of ${name}.`, {
    next: 'It stays in the file. Unlock the keyring of this system and try again.',
  });
}

/** True when all of them are kept. */
async function keepAll(vault: Vault, named: NamedDefinition, slots: readonly [string, string][]): Promise<boolean> {
  let kept = true;
  for (const [slot, text] of slots) {
    kept = (await vault.setSecret(named, slot, new Secret(text, `${named.name} secret`))) && kept;
  }
  return kept;
}

/** The resolved origin of the request; asked for where it is not known. */
async function originFor(app: App, { document, request }: Located): Promise<string | undefined> {
  const { origin } = await app.facts.describe(document, request);
  if (origin !== undefined) return origin;
  return ask(app, 'Origin it may go to, such as https://api.example.com', 'https://', (text) =>
    checkAnswer('bearer', 'origins', [text]),
  );
}

async function ask(
  app: App,
  prompt: string,
  value: string,
  validateInput: (text: string) => string | undefined,
): Promise<string | undefined> {
  const title = 'Move to the Secret Store';
  const check = (text: string): string | undefined => validateInput(text.trim());
  const answer = (await app.dialogs.input({ title, prompt, password: false, value, validateInput: check }))?.trim();
  return answer === undefined || check(answer) !== undefined ? undefined : answer;
}

interface CredentialChoice extends QuickPickItem {
  readonly credential?: string;
}

/** For a literal, and for a request whose credential may not go where it goes: those that may come first. */
async function useExistingCredential({ app }: CommandContext, target: unknown): Promise<void> {
  const located = await locate(app, target);
  const { uri, request: index } = argument(target);
  if (!located && (typeof uri !== 'string' || typeof index !== 'number')) return;
  const document = located?.document ?? (await workspace.openTextDocument(Uri.parse(String(uri))));
  const file = located?.file ?? app.documents.parse(document);
  const request = located?.request ?? file.requests[Number(index)];
  if (!request) return;
  await app.workspaceReady;
  const { vault } = app.composed;
  const { origin } = await app.facts.describe(document, request);
  const address = origin === undefined ? undefined : new URL(origin);
  const bound: CredentialChoice[] = [];
  const others: CredentialChoice[] = [];
  for (const each of await vault.definitions(app.placeOf(document.uri).root)) {
    const named = await vault.resolve(each, app.resolveTextOf(document)).catch(() => each);
    const refused = address && vault.binding(named, address);
    const description = refused ? refused.message : vault.originsOf(named).join(', ');
    (refused ? others : bound).push({
      label: `${refused ? '$(lock)' : '$(account)'} ${named.name}`,
      description,
      credential: named.name,
    });
  }
  const add: CredentialChoice = { label: '$(add) Add Credential…' };
  const choice = await window.showQuickPick([...bound, ...others, add], {
    title: `Use a credential${origin === undefined ? '' : ` for ${origin}`}`,
    placeHolder: 'Who calls?',
  });
  if (!choice) return;
  if (choice.credential === undefined) {
    await app.runCommand('addCredential', { target: { uri: document.uri.toString(), request: request.index } });
    return;
  }
  const now = app.documents.parse(document);
  const literal = located && (await locate(app, target));
  const current = now.requests[request.index];
  const changes: readonly TextChange[] = literal
    ? moveEdits(literal.file, literal.literal, choice.credential)
    : current
      ? [authEdit(now, current, choice.credential)]
      : [];
  await applyChanges(document, changes);
}

async function notASecret({ app }: CommandContext, target: unknown): Promise<void> {
  const { uri, start, end } = argument(target);
  if (typeof uri !== 'string' || typeof start !== 'number' || typeof end !== 'number') return;
  const located = await locate(app, target);
  const document = located?.document ?? (await workspace.openTextDocument(Uri.parse(uri)));
  const value = located ? textOf(located) : document.getText().slice(start, end);
  await dismissSecret(app.context.globalState, value);
  app.facts.clear();
}
