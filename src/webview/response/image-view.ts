/** An image at rest: its bytes as a blob, drawn by the browser's image element, which runs and loads nothing else. */
import { html, type TemplateResult } from 'lit';
import type { ResponseModel } from '../protocol.ts';
import type { Panel } from './panel.ts';

const asked = new WeakMap<Panel, string>();

export function imageView(panel: Panel, model: ResponseModel): TemplateResult {
  if (panel.image === undefined && panel.refused === undefined && asked.get(panel) !== model.runId) {
    asked.set(panel, model.runId);
    void panel.ask({ kind: 'image' }).then((answer) => {
      if (panel.model !== model) return;
      if (answer.kind === 'image')
        panel.image = URL.createObjectURL(new Blob([answer.bytes], { type: answer.mediaType }));
      else if (answer.kind === 'refused') panel.refused = answer.message;
      panel.changed();
    });
  }
  if (panel.refused !== undefined) return html`<div class="state"><p>${panel.refused}</p></div>`;
  if (panel.image === undefined) return html`<div class="state"></div>`;
  return html`<div class="picture">
    <img src=${panel.image} alt=${`The image of this response, ${model.body.mediaType}`} />
  </div>`;
}
