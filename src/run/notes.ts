/** `# @note text`: a person confirms before the request is sent. Source: dialects.md §12. */
import { CountersignError } from '../errors/countersign-error.ts';
import type { RequestNode } from '../language/types.ts';
import type { Prompts } from '../ports.ts';
import { directiveKey } from './directives.ts';

/** @throws CountersignError CS-NET-CANCELLED when the person declines; where nobody is there it sends */
export async function confirmNotes(node: RequestNode, prompts: Prompts, signal: AbortSignal): Promise<void> {
  if (!prompts.interactive) return;
  for (const directive of node.directives) {
    if (directiveKey(directive.name) !== 'note') continue;
    const send = 'Send';
    const title = directive.value.trim() || `Send ${node.name ?? node.method}?`;
    const choice = await prompts.choose({ title, choices: [send, 'Cancel'] }, signal);
    if (choice !== send) {
      const place = { start: directive.span.start, end: directive.span.end, line: directive.line };
      throw new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', { place });
    }
  }
}
