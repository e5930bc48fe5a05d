/** Choosing the dialect a file is read as, for the file, its folder or the workspace; kept in settings. */
import { ConfigurationTarget, window, workspace, type QuickPickItem, type TextDocument } from 'vscode';
import { dialectTitle, type DialectChoice } from '../../language/dialects/choose-dialect.ts';
import { dialects } from '../../language/dialects/registry.ts';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import type { CommandContext, CommandGroup } from './command.ts';

export const dialect: CommandGroup = { selectDialect };

interface DialectPick extends QuickPickItem {
  readonly choice: DialectChoice;
}

async function selectDialect({ app }: CommandContext): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document || !app.documents.holdsRequests(document)) return;
  const chosen = app.documents.chosenDialect(document.uri) ?? 'auto';
  const file = app.documents.parse(document);
  const told = parseRequestFile(file.text);
  const mark = (choice: DialectChoice): string => (choice === chosen ? 'current' : '');
  const picks: readonly DialectPick[] = [
    {
      choice: 'auto',
      label: 'Automatic',
      description: mark('auto'),
      detail: `Told from the file: ${dialectTitle(told.dialect)}${told.signals.length > 0 ? `, by ${told.signals.slice(0, 4).join('; ')}` : ''}`,
    },
    ...dialects.map(({ id, title, doc }) => ({ choice: id, label: title, description: mark(id), detail: doc })),
    {
      choice: 'union',
      label: dialectTitle('union'),
      description: mark('union'),
      detail: 'What the tools share, and our rule where they disagree.',
    },
  ];
  const pick = await window.showQuickPick(picks, { title: 'Read This File As', matchOnDetail: true });
  if (pick) await keep(document, pick.choice);
}

/** Settings of the folder for what is in one; else the person's own. */
async function keep(document: TextDocument, choice: DialectChoice): Promise<void> {
  const { uri } = document;
  const folder = workspace.getWorkspaceFolder(uri);
  const settings = workspace.getConfiguration('countersign', uri);
  if (!folder) return settings.update('dialect', choice, ConfigurationTarget.Global);
  const path = workspace.asRelativePath(uri, false);
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const places = [
    { label: 'This File', description: path, key: path },
    ...(parent === '' ? [] : [{ label: 'This Folder', description: parent, key: parent }]),
    { label: 'All Request Files', description: folder.name, key: '' },
  ];
  const place = await window.showQuickPick(places, { title: 'For Which Files' });
  if (!place) return;
  if (place.key === '') return settings.update('dialect', choice, ConfigurationTarget.WorkspaceFolder);
  const table = settings.inspect<Record<string, unknown>>('dialects')?.workspaceFolderValue ?? {};
  await settings.update('dialects', { ...table, [place.key]: choice }, ConfigurationTarget.WorkspaceFolder);
}
