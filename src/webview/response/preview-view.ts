/**
 * HTML as it reads, not as it acts: what could run, load or lead away is taken out here, what is left stands in a frame
 * of its own without any permission (`sandbox`), and the panel's policy lets that frame load nothing either. Its styles
 * are kept under the panel's nonce. Source: ux.md E4, house.md §6.7.
 */
import { html, type TemplateResult } from 'lit';
import type { ResponseModel } from '../protocol.ts';
import type { Panel } from './panel.ts';

/** Elements that run, load, submit, or say how the document is to behave. */
const acting =
  'script, noscript, iframe, frame, frameset, object, embed, applet, portal, fencedframe, link, base, meta, template, audio, video, source, track, dialog';
/** Attributes that name an address or run. */
const leading =
  /^(on.*|href|xlink:href|src|srcset|srcdoc|action|formaction|background|data|poster|ping|cite|longdesc|usemap|manifest|autofocus|accesskey|tabindex|target|http-equiv|style|nonce|id|popover.*|command.*|invoketarget)$/i;

const asked = new WeakMap<Panel, string>();

export function previewView(panel: Panel, model: ResponseModel): TemplateResult {
  if (panel.preview === undefined && panel.refused === undefined && asked.get(panel) !== model.runId) {
    asked.set(panel, model.runId);
    void panel.ask({ kind: 'preview' }).then((answer) => {
      if (panel.model !== model) return;
      if (answer.kind === 'preview') panel.preview = toStillPage(answer.text);
      else if (answer.kind === 'refused') panel.refused = answer.message;
      panel.changed();
    });
  }
  if (panel.refused !== undefined) return html`<div class="state"><p>${panel.refused}</p></div>`;
  if (panel.preview === undefined) return html`<div class="state" aria-busy="true"></div>`;
  return html`<iframe
    class="still"
    sandbox=""
    referrerpolicy="no-referrer"
    credentialless
    tabindex="0"
    title="The page of this response, at rest: nothing in it runs, loads or leads anywhere"
    srcdoc=${panel.preview}
  ></iframe>`;
}

/** @param text a page as it was received, secrets as dots @returns a page of markup and styles alone */
export function toStillPage(text: string): string {
  // A document of this parser has no window: nothing in it runs or loads.
  const page = new DOMParser().parseFromString(text, 'text/html');
  const rules: string[] = [];
  for (const style of page.querySelectorAll('style')) {
    rules.push(style.textContent);
    style.remove();
  }
  for (const element of page.querySelectorAll(acting)) element.remove();
  let count = 0;
  for (const element of page.querySelectorAll('*')) {
    const own = element.getAttribute('style');
    for (const { name } of [...element.attributes]) if (leading.test(name)) element.removeAttribute(name);
    if (own === null) continue;
    count += 1;
    element.setAttribute('data-still', String(count));
    // Braces would end the rule and begin another.
    rules.push(`[data-still="${String(count)}"]{${own.replace(/[{}]/g, '')}}`);
  }
  const sheet = page.createElement('style');
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  if (nonce !== undefined) sheet.setAttribute('nonce', nonce);
  sheet.textContent = ['html{background:#fff;color:#000;color-scheme:light}', ...rules].map(quiet).join('\n');
  page.head.prepend(sheet);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

/** Styles without the addresses in them: the policy refuses those anyhow. No end of the element either. */
function quiet(css: string): string {
  return css
    .replace(/@import[^;]*(;|$)/gi, '')
    .replace(/url\([^)]*\)/gi, 'none')
    .replace(/<\//g, '<\\/');
}
