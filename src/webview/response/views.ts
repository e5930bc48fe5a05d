/**
 * The views of a body: one file and one line each. Those that a body is most often shown in are there from the start,
 * the others are loaded when they are first shown. Which of them a body has is the host's decision.
 */
import type { ViewId } from '../protocol.ts';
import { lineRows } from './line-view.ts';
import { onDemand, type Draw } from './on-demand.ts';
import { treeRows } from './tree-view.ts';

export interface View {
  readonly name: string;
  readonly draw: Draw;
  /** What stands beside the names of the views, where there is nothing to look for. */
  readonly note?: string;
}

export const views: Readonly<Record<ViewId, View>> = {
  tree: { name: 'Tree', draw: treeRows },
  text: { name: 'Text', draw: (panel) => lineRows(panel, 'text') },
  raw: { name: 'Raw', draw: (panel) => lineRows(panel, 'raw') },
  table: { name: 'Table', draw: onDemand(async () => (await import('./table-view.ts')).tableView) },
  preview: {
    name: 'Preview',
    draw: onDemand(async () => (await import('./preview-view.ts')).previewView),
    note: 'Scripts, pictures and links are off.',
  },
  image: { name: 'Image', draw: onDemand(async () => (await import('./image-view.ts')).imageView) },
  hex: { name: 'Hex', draw: onDemand(async () => (await import('./hex-view.ts')).hexRows) },
};
