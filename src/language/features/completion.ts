/**
 * What may be written at an offset, likeliest first. An item inserts exactly what it shows (ux.md B5). Paths of files
 * are not here: they need a disk, which the adapter has.
 */
import type { RequestFile, Span } from '../types.ts';
import { completeDirectiveName, completeDirectiveValue, completeRequestName } from './complete-directive.ts';
import { completeHeaderName, completeHeaderValue, completeHttpVersion, completeMethod } from './complete-head.ts';
import { completeReference, completeUrl } from './complete-reference.ts';
import { completionPlace } from './completion-place.ts';
import { completePath, completeQuery } from './openapi.ts';
import type { FeatureContext } from './feature-context.ts';

/** Characters after which an editor may ask without being told to. */
export const completionTriggers = ['{', '@', ' ', ':', '$', '.', '/', '"', '[', '?', '&'];

export type CompletionKind =
  'method' | 'header' | 'value' | 'variable' | 'function' | 'request' | 'directive' | 'credential';

export interface CompletionItem {
  /** Shown, and inserted as it is. */
  readonly label: string;
  readonly kind: CompletionKind;
  /** Value, origin or signature, in plain text. */
  readonly detail?: string;
  /** One or two sentences, plain text. */
  readonly documentation?: string;
  readonly replace: Span;
  /** Completion goes on behind it: a header's value, a directive's argument. */
  readonly continues?: boolean;
}

export async function complete(
  file: RequestFile,
  offset: number,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const { place, request } = completionPlace(file, offset);
  switch (place.kind) {
    case 'reference':
      return completeReference(file, request, place, context);
    case 'url':
      return completeUrl(request, place.replace, context);
    case 'directive-name':
      return completeDirectiveName(file, request, place.replace);
    case 'directive-value':
      return completeDirectiveValue(file, request, place, context);
    case 'path':
      return completePath(await context.operations(), place.method, place.replace);
    case 'query':
      return completeQuery(await context.operations(), place, place.replace);
    case 'run-name':
      return completeRequestName(file, undefined, place.replace, context);
    case 'method':
      return completeMethod(place.replace);
    case 'http-version':
      return completeHttpVersion(place.replace);
    case 'header-name':
      return completeHeaderName(request, place.replace, place.hasColon);
    case 'header-value':
      return completeHeaderValue(request, place.header, place.replace, context);
    case 'none':
      return [];
  }
}
