/** What a command gets: the parts of the extension, by name. A group of commands is one file and one line in the registry. */
import type { App } from '../app.ts';
import type { ResponsePanels } from '../response-panel/response-panels.ts';
import type { Sender } from '../sender.ts';
import type { CredentialsView } from '../views/credentials-view.ts';
import type { HistoryView } from '../views/history-view.ts';
import type { CommandId } from './ids.ts';

export interface CommandContext {
  readonly app: App;
  readonly sender: Sender;
  readonly panels: ResponsePanels;
  readonly credentialsView: CredentialsView;
  readonly historyView: HistoryView;
}

export type CommandHandler = (context: CommandContext, ...args: unknown[]) => Promise<unknown>;

export type CommandGroup = Partial<Readonly<Record<CommandId, CommandHandler>>>;

/** A lens or tree passes a record; from the palette there is none. */
export function argument(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
