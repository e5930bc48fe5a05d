/**
 * What the messages of a panel mean: which action each asks for, and what it is about, taken from the answer on screen
 * and never from the message where the answer knows it. Text that is handed over is without secrets.
 */
import { toTraceText } from '../../oauth/trace-text.ts';
import { maskedText, plainText, type FindSecrets } from '../../response/shown-text.ts';
import type { FromPanel } from '../../webview/protocol.ts';
import { languageOf } from './body-language.ts';
import type { PanelActions, PanelRun } from './panel-actions.ts';
import type { ShownAnswer } from './shown-answer.ts';

export interface PanelContext {
  readonly run: PanelRun;
  /** Undefined while there is none on this machine, after a reload for instance. */
  readonly answer: ShownAnswer | undefined;
  readonly actions: PanelActions;
  readonly findSecrets: FindSecrets;
  /** Says one sentence in the panel. */
  tell(sentence: string): void;
}

/** Messages about the panel itself are its own affair. */
export type PanelOrder = Exclude<
  FromPanel,
  { type: 'ready' | 'ask' | 'pin' | 'security-seen' | 'compare' | 'compare-ignore' | 'compare-text' | 'open-identity' }
>;

export async function obey(message: PanelOrder, context: PanelContext): Promise<void> {
  const { run, answer, actions } = context;
  const model = answer?.model;
  switch (message.type) {
    case 'resend':
      return actions.resend(run);
    case 'cancel':
      return actions.cancel(run);
    case 'copy':
      return copy(message, context);
    case 'copy-table':
      return put(await answer?.body?.copyTable(message), context);
    case 'open-in-editor': {
      const text = await answer?.body?.wholeText(message.view);
      return text === undefined ? actions.saveBody(run) : actions.openInEditor(text, languageOf(model?.body), run);
    }
    case 'save-body':
      return run.result?.exchange ? actions.saveBody(run) : undefined;
    case 'save-har':
      return run.result?.exchange ? actions.saveHar(run) : undefined;
    case 'copy-as-curl':
      return actions.copyAsCurl(run);
    case 'trust-certificate': {
      const inForce = model?.exceptions ?? [];
      const origin =
        message.choice === 'revoke'
          ? inForce.find((each) => each.origin === message.origin)?.origin
          : model?.security?.origin;
      return origin === undefined ? undefined : actions.trustCertificate(origin, message.choice, run);
    }
    case 'show-credential':
      return model?.who ? actions.showCredential(model.who.name) : undefined;
    case 'set-up-sign-in':
      return model?.setUp ? actions.setUpSignIn(run) : undefined;
    case 'sign-in': {
      const name = model?.who?.name ?? model?.trace?.credential;
      return name === undefined ? undefined : actions.signIn(name, message.scope, run);
    }
    case 'send-as':
      return actions.sendAs(run);
    case 'open-request-line':
      return actions.openRequestLine(run, message.line);
    case 'open-settings':
      return actions.openSettings(message.key);
    case 'open-external':
      return actions.openExternal(message.url);
    case 'error-action':
      return run.result?.error ? actions.errorAction(run) : undefined;
  }
}

async function copy({ what, node, text }: Extract<FromPanel, { type: 'copy' }>, context: PanelContext): Promise<void> {
  const { answer, run } = context;
  const model = answer?.model;
  let copied: string | undefined;
  if (what === 'text') copied = text;
  else if (what === 'headers')
    copied = model?.headers.map(({ name, value }) => `${plainText(name)}: ${plainText(value)}`).join('\n');
  else if (what === 'trace') copied = run.result?.trace ? toTraceText(run.result.trace) : undefined;
  else copied = await answer?.body?.copyText(what, node ?? 0);
  put(copied, context);
}

/** To the clipboard, and says so; undefined is what was too long. */
function put(copied: string | undefined, { actions, findSecrets, tell }: PanelContext): void {
  if (copied === undefined) return tell('Not copied: this is longer than 50 MB. Save the body instead.');
  actions.copy(maskedText(copied, findSecrets));
  tell('Copied.');
}
