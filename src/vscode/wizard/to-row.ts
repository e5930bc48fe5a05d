/** A row of a quick pick from words that may come from anybody: an icon is ours, or it is not drawn. Pure. */
import type { QuickPickItem } from 'vscode';
import type { PickItem } from './question-loop.ts';

export interface Row extends QuickPickItem {
  readonly id?: string;
}

/** VS Code draws `$(name)` in any text of a row. */
export function toRow({ icon, label, description, detail, ...rest }: PickItem): Row {
  const words = (text: string): string => text.replace(/\$\(/g, '$ (');
  return {
    ...rest,
    label: icon === undefined ? words(label) : `$(${icon}) ${words(label)}`,
    ...(description === undefined ? {} : { description: words(description) }),
    ...(detail === undefined ? {} : { detail: words(detail) }),
  };
}
