/**
 * The questions that a request asks before it is sent: `# @prompt name [description]`, `# @secret name [text]`.
 * Source: dialects.md §10.1.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { RequestNode, Span } from '../language/types.ts';
import type { Prompts } from '../ports.ts';
import { plain, secret, type Tracked } from './tracked.ts';
import { shownName } from './words.ts';

export interface PromptedVariable {
  readonly name: string;
  /** Words of the author; '' when there are none. */
  readonly description: string;
  /** Asked with dots, and kept as a secret. */
  readonly secret: boolean;
  readonly span: Span;
  readonly line: number;
}

/** Names that REST Client masks, in its three spellings. */
const maskedNames = new Set(
  ['password', 'passwd', 'pass'].flatMap((word) => [
    word,
    `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
    word.toUpperCase(),
  ]),
);

/** The questions in the order they are asked; of two for one name the last counts. */
export function promptedVariables(request: Pick<RequestNode, 'directives'>): readonly PromptedVariable[] {
  const found = new Map<string, PromptedVariable>();
  for (const directive of request.directives) {
    const kind = directive.name.toLowerCase();
    if (kind !== 'prompt' && kind !== 'secret') continue;
    const match = /^\s*(\S+)\s*(.*?)\s*$/s.exec(directive.value);
    if (!match) continue;
    const name = match[1]!;
    found.set(name, {
      name,
      description: match[2]!,
      secret: kind === 'secret' || maskedNames.has(name),
      span: directive.span,
      line: directive.line,
    });
  }
  return [...found.values()];
}

/**
 * Asks every question that `given` does not answer, one after another. Closing one ends with CS-NET-CANCELLED;
 * where nobody can be asked the result holds no answer, and using the name is CS-VAR-PROMPT.
 */
export async function acquireAnswers(
  request: Pick<RequestNode, 'directives'>,
  prompts: Prompts,
  given: ReadonlyMap<string, Tracked> = new Map(),
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Tracked>> {
  const answers = new Map<string, Tracked>();
  for (const question of promptedVariables(request)) {
    if (given.has(question.name) || !prompts.interactive) continue;
    const shown = shownName(question.name);
    const answer = await prompts.input(
      {
        title: shown,
        prompt: question.description === '' ? shown : shownName(question.description, 200),
        secret: question.secret,
      },
      signal,
    );
    if (answer === undefined) {
      throw new CountersignError('CS-NET-CANCELLED', `The question for ${shown} was closed without an answer.`);
    }
    answers.set(question.name, question.secret ? secret(answer, `answer to ${shown}`) : plain(answer));
  }
  return answers;
}
