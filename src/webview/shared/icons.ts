/**
 * The codicons that the views use, by name, as characters of the bundled font. An icon is decoration: words beside it
 * or the name of its button say the same.
 */
import { html, type TemplateResult } from 'lit';

const characters = {
  pass: '\ueba4',
  error: '\uea87',
  warning: '\uea6c',
  'arrow-right': '\uea9c',
  'debug-disconnect': '\uead0',
  shield: '\ueb53',
  lock: '\uea75',
  unlock: '\ueb74',
  globe: '\ueb01',
  account: '\ueb99',
  'server-process': '\ueba2',
  refresh: '\ueb37',
  ellipsis: '\uea7c',
  pin: '\ueb2b',
  pinned: '\ueba0',
  copy: '\uebcc',
  save: '\ueb4b',
  'go-to-file': '\uea94',
  search: '\uea6d',
  'chevron-down': '\ueab4',
  'chevron-right': '\ueab6',
  'chevron-up': '\ueab7',
  filter: '\ueaf1',
  check: '\ueab2',
  'circle-large': '\uebb5',
  loading: '\ueb19',
  close: '\uea76',
  vm: '\uea7a',
  server: '\ueb50',
  play: '\ueb2c',
  key: '\ueb11',
  info: '\uea74',
  'file-pdf': '\ueaeb',
  'word-wrap': '\ueb80',
  'case-sensitive': '\ueab1',
  'whole-word': '\ueb7e',
  regex: '\ueb38',
  'circle-slash': '\ueabd',
  'circle-filled': '\uea71',
  'debug-stop': '\uead7',
  'link-external': '\ueb14',
  'file-media': '\ueaea',
  history: '\uea82',
  question: '\ueb32',
  'list-selection': '\ueb85',
  diff: '\ueae1',
  'diff-added': '\ueadc',
  'diff-modified': '\ueade',
  'diff-removed': '\ueadf',
  circle: '\ueabc',
  'file-binary': '\ueae8',
  'expand-all': '\ueb95',
  'collapse-all': '\ueac5',
} as const;

export type IconName = keyof typeof characters;

export function icon(name: IconName, className = ''): TemplateResult {
  return html`<span class="icon ${className}" aria-hidden="true">${characters[name]}</span>`;
}
