/** Menus of the table view: of the current value and its column, and of all columns. */
import type { Entry } from './menus.ts';
import type { Panel } from './panel.ts';
import type { TableView } from './table-view.ts';

export function cellEntries(panel: Panel): readonly (readonly Entry[])[] {
  const { table } = panel;
  const view = document.querySelector<TableView>('cs-table');
  const column = table.columns[table.place];
  if (!view || column === undefined) return [];
  const { current } = view;
  const { sort } = table;
  const sorted = sort?.column === column ? sort : undefined;
  const { path } = panel;
  return [
    current
      ? [
          { label: 'Copy Value', key: 'c', act: () => view.copy() },
          ...(path === '' ? [] : [{ label: 'Copy Path', key: 'p', act: () => panel.copy('text', { text: path }) }]),
          {
            label: 'Show Whole Value',
            key: 'Enter',
            act: () => void table.showCell(current.row, current.column),
          },
          ...(current.node < 0 ? [] : [{ label: 'Show in Tree', act: () => void panel.showInTree(current.node) }]),
        ]
      : [],
    [
      {
        label: 'Sort Ascending',
        key: 's',
        checked: sorted?.descending === false,
        act: () => void table.sortBy(column, false),
      },
      { label: 'Sort Descending', checked: sorted?.descending === true, act: () => void table.sortBy(column, true) },
      ...(sort ? [{ label: 'Order of the Body', act: () => table.unsort() }] : []),
    ],
    [{ label: 'Hide Column', key: 'h', act: () => table.toggleColumn(column) }],
  ];
}

export function columnEntries(panel: Panel): readonly (readonly Entry[])[] {
  const { table } = panel;
  const all = table.facts?.columns ?? [];
  return [
    [{ label: 'Show All Columns', act: () => table.showAllColumns() }],
    all.map((_, column) => ({
      label: table.nameOf(column) || '(no name)',
      checked: !table.isHidden(column),
      act: () => table.toggleColumn(column),
    })),
  ];
}
