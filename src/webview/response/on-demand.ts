/**
 * Parts of the panel that are loaded when they are first shown: a tab, or a view of the body, with what only it needs.
 * Until one is there its place is empty and busy; if it cannot be loaded, it says so.
 */
import { html, type TemplateResult } from 'lit';
import type { ResponseModel } from '../protocol.ts';
import type { Panel } from './panel.ts';

export type Draw = (panel: Panel, model: ResponseModel) => TemplateResult;

/** @param load an `import()` of the part's file; asked once */
export function onDemand(load: () => Promise<Draw>): Draw {
  let draw: Draw | undefined;
  let asked = false;
  return (panel, model) => {
    if (draw) return draw(panel, model);
    if (!asked) {
      asked = true;
      void load()
        .catch(() => failed)
        .then((part) => {
          draw = part;
          panel.revision += 1;
          panel.changed();
        });
    }
    return html`<div class="state" aria-busy="true"></div>`;
  };
}

function failed(): TemplateResult {
  return html`<div class="state" role="alert">
    <p>This part of the panel could not be loaded. Close the panel and send again.</p>
  </div>`;
}
