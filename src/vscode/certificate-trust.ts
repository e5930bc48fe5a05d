/**
 * The dialogs by which a person trusts a certificate, or any certificate of an origin, until a date. The first button
 * is the safe one; nothing is offered from workspace content (ux.md D7, design.md D7.1–D7.2).
 */
import { window, workspace, ConfigurationTarget, type MessageItem } from 'vscode';
import type { CertificateInfo } from '../http/types.ts';
import type { App } from './app.ts';

const day = 24 * 3600 * 1000;

export interface CertificateQuestion {
  readonly origin: string;
  readonly chain: readonly CertificateInfo[];
  /** The reason in plain words, from the error. */
  readonly reason: string;
  /** True when it is the identity provider's: whoever holds it receives passwords, codes and tokens. */
  readonly signIn?: boolean;
}

/** @returns true when a decision was made and the request may be tried again */
export async function trustCertificate(app: App, question: CertificateQuestion): Promise<boolean> {
  const leaf = question.chain[0];
  if (!leaf) return false;
  const until = await pickEnd('Trust this certificate until…', Date.parse(leaf.validTo));
  if (until === undefined) return false;
  const detail = [
    question.reason,
    ...(question.signIn === true ? [signInWarning] : []),
    '',
    `For: ${leaf.san.join(', ') || leaf.subject}`,
    `Issued by: ${leaf.issuer}`,
    `Valid: ${date(Date.parse(leaf.validFrom))} to ${date(Date.parse(leaf.validTo))}`,
    `SHA-256: ${leaf.fingerprint256}`,
    '',
    'Only this certificate, only from this origin. Any other one is refused.',
  ].join('\n');
  const agreed = await confirm(
    app,
    `Trust this certificate of ${named(question)} until ${date(until)}?`,
    detail,
    'Trust Certificate',
    question,
  );
  if (!agreed) return false;
  await app.trust.add({ kind: 'pin', origin: question.origin, fingerprint256: leaf.fingerprint256, expires: until });
  return true;
}

/** @returns as `trustCertificate` */
export async function allowAnyCertificate(app: App, question: CertificateQuestion): Promise<boolean> {
  const until = await pickEnd('Allow any certificate from this origin until…', undefined);
  if (until === undefined) return false;
  const agreed = await confirm(
    app,
    `Allow any certificate from ${named(question)} until ${date(until)}?`,
    `${question.reason}${question.signIn === true ? `\n${signInWarning}` : ''}\n\nThis is the last resort: anyone on the path could read the secret. Every response it touches says so.`,
    'Allow Any Certificate',
    question,
  );
  if (!agreed) return false;
  await app.trust.add({ kind: 'any', origin: question.origin, expires: until });
  return true;
}

const signInWarning = 'You sign in there: whoever answers in its place receives passwords, codes and tokens.';

function named({ origin, signIn }: CertificateQuestion): string {
  return signIn === true ? `the identity provider ${origin}` : origin;
}

/** Adds a PEM file of authorities to the user's own settings. */
export async function useCaFile(app: App): Promise<boolean> {
  const chosen = await window.showOpenDialog({
    title: 'Use a CA File',
    openLabel: 'Trust This CA',
    filters: { Certificates: ['pem', 'crt', 'cer'], 'All files': ['*'] },
  });
  const file = chosen?.[0]?.fsPath;
  if (file === undefined) return false;
  const settings = workspace.getConfiguration('countersign');
  const files = settings.inspect<string[]>('tls.caFiles')?.globalValue ?? [];
  if (!files.includes(file)) await settings.update('tls.caFiles', [...files, file], ConfigurationTarget.Global);
  await app.network.ready();
  return true;
}

async function confirm(
  app: App,
  title: string,
  detail: string,
  agree: string,
  question: CertificateQuestion,
): Promise<boolean> {
  const look: MessageItem = { title: 'Show Certificate' };
  const accept: MessageItem = { title: agree };
  const cancel: MessageItem = { title: 'Cancel', isCloseAffordance: true };
  for (;;) {
    const choice = await app.dialogs.modal(title, detail, [look, accept, cancel]);
    if (choice?.title !== look.title) return choice?.title === accept.title;
    await showCertificate(question);
  }
}

export async function showCertificate(question: CertificateQuestion): Promise<void> {
  const parts = question.chain.map((each) =>
    [
      `subject      ${each.subject}`,
      `issuer       ${each.issuer}`,
      `names        ${each.san.join(', ')}`,
      `valid        ${each.validFrom} to ${each.validTo}`,
      `key          ${each.key}`,
      `SHA-256      ${each.fingerprint256}`,
      '',
      each.pem.trim(),
    ].join('\n'),
  );
  const document = await workspace.openTextDocument({ content: `${parts.join('\n\n')}\n` });
  await window.showTextDocument(document, { preview: true });
}

/** 1 day, 7 days, the certificate's own end, another date; 30 days at most without a certificate (D7.2). */
async function pickEnd(title: string, certificateEnd: number | undefined): Promise<number | undefined> {
  const now = Date.now();
  const most = now + 30 * day;
  const items = [
    { label: '1 day', description: `until ${date(now + day)}`, until: now + day },
    { label: '7 days', description: `until ${date(now + 7 * day)}`, until: now + 7 * day },
    ...(certificateEnd !== undefined && certificateEnd > now
      ? [{ label: 'The certificate’s own end', description: `until ${date(certificateEnd)}`, until: certificateEnd }]
      : []),
    { label: 'Another date…', description: certificateEnd === undefined ? '30 days at most' : '', until: undefined },
  ];
  const choice = await window.showQuickPick(items, { title });
  if (!choice) return undefined;
  if (choice.until !== undefined) return choice.until;
  const text = await window.showInputBox({
    title,
    prompt: 'A date as YYYY-MM-DD.',
    validateInput: (value) => {
      const at = Date.parse(`${value.trim()}T23:59:59`);
      if (Number.isNaN(at)) return 'Write a date as YYYY-MM-DD.';
      if (at <= now) return 'That date is past.';
      return certificateEnd === undefined && at > most ? 'Choose a date within 30 days.' : undefined;
    },
  });
  return text === undefined ? undefined : Date.parse(`${text.trim()}T23:59:59`);
}

function date(at: number): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}
