/** How the response panel opens and looks, from settings; those of REST Client count where ours are not set (E1). */
import { env, UIKind, ViewColumn, workspace } from 'vscode';
import type { PanelPreferences } from './response-panel/panel-actions.ts';

export function readPanelPreferences(): PanelPreferences {
  const own = workspace.getConfiguration('countersign');
  const other = own.get<boolean>('compat.readRestClientSettings', true)
    ? workspace.getConfiguration('rest-client')
    : undefined;
  const isSet = (name: string): boolean => {
    const found = own.inspect(name);
    return (found?.globalValue ?? found?.workspaceValue) !== undefined;
  };
  const column = isSet('response.column')
    ? own.get('response.column')
    : (other?.get<string>('previewColumn') ?? 'beside');
  const fontSize = own.get<number | null>('response.fontSize') ?? other?.get<number | null>('fontSize') ?? undefined;
  const fontFamily =
    own.get<string | null>('response.fontFamily') ?? other?.get<string | null>('fontFamily') ?? undefined;
  const mac = isMac();
  return {
    column: column === 'active' || column === 'current' ? ViewColumn.Active : 'beside',
    reuse: isSet('response.reuse')
      ? own.get<boolean>('response.reuse', true)
      : !(other?.get<boolean>('showResponseInDifferentTab') ?? false),
    takeFocus: own.get<boolean>('response.takeFocus', false),
    sendKey: mac ? 'Cmd+Alt+R' : 'Ctrl+Alt+R',
    mac,
    ...(fontSize === undefined ? {} : { fontSize }),
    ...(fontFamily === undefined ? {} : { fontFamily }),
  };
}

function isMac(): boolean {
  return env.uiKind === UIKind.Desktop && process.platform === 'darwin';
}
