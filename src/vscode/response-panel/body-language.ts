/** The VS Code language a body opens in. Only languages that colour text; none that would run or render it. */
import type { BodyModel } from '../../response/model.ts';

const bySubtype: readonly (readonly [RegExp, string])[] = [
  [/html/, 'html'],
  [/xml/, 'xml'],
  [/javascript|ecmascript/, 'javascript'],
  [/css/, 'css'],
  [/yaml/, 'yaml'],
  [/markdown/, 'markdown'],
  [/sql/, 'sql'],
];

export function languageOf(body: BodyModel | undefined): string {
  if (body?.kind === 'json') return 'json';
  if (body?.kind === 'ndjson') return 'jsonl';
  return bySubtype.find(([pattern]) => pattern.test(body?.mediaType ?? ''))?.[1] ?? 'plaintext';
}
