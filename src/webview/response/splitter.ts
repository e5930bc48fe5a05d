/** The divider between two columns: dragged, or moved by the arrow keys; its place is remembered. */
import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Panel } from './panel.ts';

export function splitter(panel: Panel): TemplateResult {
  return html`<div
    class="splitter"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label="Width of the body"
    aria-valuenow=${panel.split}
    aria-valuemin="20"
    aria-valuemax="80"
    ${ref((element) => setColumns(element, panel.split))}
    @keydown=${(event: KeyboardEvent) => keys(panel, event)}
    @pointerdown=${(event: PointerEvent) => (event.currentTarget as Element).setPointerCapture(event.pointerId)}
    @pointermove=${(event: PointerEvent) => drag(panel, event)}
  ></div>`;
}

function setColumns(element: Element | undefined, percent: number): void {
  const columns = element?.parentElement;
  if (columns) columns.style.gridTemplateColumns = `${String(percent)}% 1px minmax(0, 1fr)`;
}

function keys(panel: Panel, event: KeyboardEvent): void {
  const step = event.key === 'ArrowLeft' ? -2 : event.key === 'ArrowRight' ? 2 : 0;
  if (step === 0) return;
  event.preventDefault();
  panel.setSplit(panel.split + step);
}

function drag(panel: Panel, event: PointerEvent): void {
  const element = event.currentTarget as HTMLElement;
  const columns = element.parentElement;
  if (!element.hasPointerCapture(event.pointerId) || !columns) return;
  const box = columns.getBoundingClientRect();
  panel.setSplit(((event.clientX - box.left) / box.width) * 100);
}
