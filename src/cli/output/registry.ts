/** The output formats of `countersign run`. Adding one is one file and one line. */
import type { OutputFormat } from './format.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { text } from './text.ts';

export const outputFormats: readonly OutputFormat[] = [text, json, junit];
