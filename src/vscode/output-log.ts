/** The output channel. Every line passes the redactor; nothing is written below the chosen level. */
import { window, workspace, type Disposable, type LogOutputChannel } from 'vscode';

const levels = ['off', 'error', 'warning', 'info', 'debug'] as const;
type Level = (typeof levels)[number];

export class OutputLog implements Disposable {
  readonly #redact: (text: string) => string;
  #channel: LogOutputChannel | undefined;

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  error(text: string): void {
    this.#write('error', text);
  }

  warning(text: string): void {
    this.#write('warning', text);
  }

  info(text: string): void {
    this.#write('info', text);
  }

  /** A line that a script wrote: the person asked for it, so no level hides it but `off`. */
  script(text: string): void {
    const chosen = workspace.getConfiguration('countersign').get<Level>('log.level', 'warning');
    if (chosen !== 'off') this.#open().info(this.#redact(text));
  }

  show(): void {
    this.#open().show(true);
  }

  #write(level: Exclude<Level, 'off'>, text: string): void {
    const chosen = workspace.getConfiguration('countersign').get<Level>('log.level', 'warning');
    if (levels.indexOf(level) > levels.indexOf(chosen)) return;
    const line = this.#redact(text);
    const channel = this.#open();
    if (level === 'error') channel.error(line);
    else if (level === 'warning') channel.warn(line);
    else channel.info(line);
  }

  #open(): LogOutputChannel {
    this.#channel ??= window.createOutputChannel('Countersign', { log: true });
    return this.#channel;
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
