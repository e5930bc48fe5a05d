/**
 * What the response panel asks the rest of the extension to do, and what it tells about itself. The panel implements
 * none of it; whoever builds the panels does. Text handed over is already without secrets.
 */
import type { RunResult } from '../../run/types.ts';

/** The run a panel shows, as far as it is known; after a reload only where the request stands. */
export interface PanelRun {
  readonly runId: string;
  readonly title: string;
  readonly name: string | null;
  /** Absolute path of the request file. */
  readonly path: string | undefined;
  /** 1-based line of the request line. */
  readonly line: number;
  readonly result: RunResult | undefined;
}

export type TrustChoice = 'pin' | 'any' | 'ca-file' | 'show' | 'revoke';

export interface PanelActions {
  resend(run: PanelRun): void;
  cancel(run: PanelRun): void;
  /** Opens a read-only document beside; `language` is a VS Code language id. */
  openInEditor(text: string, language: string, run: PanelRun): void;
  /** Two read-only texts in VS Code's own editor for differences. */
  openDifferences(before: string, after: string, language: string, title: string): void;
  /** One of several answers to compare with, by its place in the list; undefined when none was chosen. */
  pickAnswer(answers: readonly { readonly label: string; readonly description: string }[]): Promise<number | undefined>;
  /** Places that comparisons pass over, as the person set them. */
  ignoredPaths(): readonly string[];
  /** Asks where, then writes the body as received. */
  saveBody(run: PanelRun): void | Promise<void>;
  /** Asks where, then writes the exchange as HAR, without secrets. */
  saveHar(run: PanelRun): void | Promise<void>;
  copyAsCurl(run: PanelRun): void;
  copy(text: string): void;
  /** Shows the dialog for it; `origin` is the one whose certificate was seen. */
  trustCertificate(origin: string, choice: TrustChoice, run: PanelRun): void;
  showCredential(name: string): void;
  /** Signs in again, asking for `scope` on top when given, then sends again. */
  signIn(name: string, scope: string | undefined, run: PanelRun): void;
  /** Begins Add Credential at the API that refused the request, which is sent again at the end. */
  setUpSignIn(run: PanelRun): void;
  sendAs(run: PanelRun): void;
  /** The person opened the tab Security: a step of the walkthrough. */
  securitySeen(): void;
  /** Shows the request in its file; another line of that file when given (1-based). */
  openRequestLine(run: PanelRun, line: number | undefined): void;
  openSettings(key: string): void;
  /** Opens http(s) addresses only, after a click. */
  openExternal(url: string): void;
  /** The action of the error on screen (`toErrorReport(error).action`), chosen by its code. */
  errorAction(run: PanelRun): void;
}

export interface PanelPreferences {
  /** `beside` or a column number of VS Code's. */
  readonly column: 'beside' | number;
  readonly reuse: boolean;
  readonly takeFocus: boolean;
  readonly fontSize?: number;
  readonly fontFamily?: string;
  /** What sends a request, as a person reads it: `Ctrl+Alt+R`. */
  readonly sendKey: string;
  readonly mac: boolean;
}
