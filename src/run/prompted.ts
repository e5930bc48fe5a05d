/**
 * Questions a request asks before it is sent: `# @note` to confirm, `# @prompt` and `# @secret` for values.
 * A refusal cancels the request. Source: dialects.md §10.1, §12.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { RequestNode } from '../language/types.ts';
import type { Prompts } from '../ports.ts';
import { plain, secret, type Tracked } from '../variables/tracked.ts';
import { directiveKey } from './directives.ts';

const passwordNames = /^(password|passwd|pass)$/i;

/** @throws CountersignError CS-NET-CANCELLED when the person declines, CS-VAR-PROMPT when nobody is there */
export async function resolveInputs(
  node: RequestNode,
  prompts: Prompts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Tracked>> {
  const values = new Map<string, Tracked>();
  for (const directive of node.directives) {
    const key = directiveKey(directive.name);
    const place = { start: directive.span.start, end: directive.span.end, line: directive.line };
    if (key === 'note') {
      if (!prompts.interactive) continue;
      const send = 'Send';
      const choice = await prompts.choose(
        { title: directive.value.trim() || `Send ${node.name ?? node.method}?`, choices: [send, 'Cancel'] },
        signal,
      );
      if (choice !== send) throw new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', { place });
    } else if (key === 'prompt' || key === 'secret') {
      const [name = '', ...words] = directive.value.trim().split(/\s+/);
      if (name === '' || values.has(name)) continue;
      const hidden = key === 'secret' || passwordNames.test(name);
      const answer = await prompts.input(
        {
          title: node.title ?? node.name ?? node.method,
          prompt: words.join(' ') || `Value of ${name}`,
          secret: hidden,
        },
        signal,
      );
      if (answer === undefined) {
        throw prompts.interactive
          ? new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', { place })
          : new CountersignError('CS-VAR-PROMPT', `The request asks for “${name}”, and nobody is there to answer.`, {
              place,
            });
      }
      values.set(name, hidden ? secret(answer, `variable ${name}`) : plain(answer));
    }
  }
  return values;
}
