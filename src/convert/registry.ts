/** What requests can be turned into. Adding a target is one file and one line. */
import { curl } from './exporters/curl.ts';
import { python } from './exporters/python.ts';
import type { Exporter } from './types.ts';

export const exporters: readonly Exporter[] = [curl, python];
