/** YAML as plain data, in a chunk of its own. Parts that a text names again may not make it grow without end. */
import { parse } from 'yaml';

/** @throws what the parser throws at a text that is no YAML */
export function parseYaml(text: string): unknown {
  return parse(text, { maxAliasCount: 100, logLevel: 'silent' });
}
