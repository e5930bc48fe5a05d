/**
 * httpYac's questions inside a reference: `{{$input text? $value: default}}` and its kin (P1). With `-askonce` an
 * answer is kept for the session. Nothing is asked where there are no prompts. Source: dialects.md §10.1.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { plain, secret, type Tracked } from '../tracked.ts';
import { shownName } from '../words.ts';
import type { DynamicCall, DynamicVariable } from './dynamic-variable.ts';

interface Question {
  readonly text: string;
  /** What follows `$value:`; undefined when absent. */
  readonly value: string | undefined;
}

/** `text? $value: default` */
function parseQuestion(rest: string): Question {
  const at = rest.search(/\$value\s*:/);
  const text = (at < 0 ? rest : rest.slice(0, at)).trim();
  const value =
    at < 0
      ? undefined
      : rest
          .slice(at)
          .replace(/^\$value\s*:/, '')
          .trim();
  return { text: text.replace(/^(["'])(.*)\1$/, '$2'), value };
}

/** `a, b` or `["a", "b"]`. */
function parseChoices(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  if (value.startsWith('[')) {
    const items = [...value.matchAll(/"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)/g)];
    return items.map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  }
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function ask(name: string, what: string, kind: 'input' | 'secret' | 'pick', once: boolean): DynamicVariable {
  const full = once ? `${name}-askonce` : name;
  return {
    name: full,
    signature: kind === 'pick' ? `${full} question? $value: a, b` : `${full} question? [$value: default]`,
    parameters: [
      { name: 'question', description: 'What the person is asked.' },
      { name: '$value', description: kind === 'pick' ? 'The choices.' : 'The default.', optional: kind !== 'pick' },
    ],
    documentation: `Asks for ${what} ${once ? 'once in a session' : 'at each sending'}.`,
    asks: true,
    async value(call) {
      const key = `${full} ${call.rest}`;
      const known = once ? call.context.remembered?.get(key) : undefined;
      if (known) return known;
      const answer = await answerTo(call, kind);
      if (once) call.context.remembered?.set(key, answer);
      return answer;
    },
  };
}

async function answerTo(call: DynamicCall, kind: 'input' | 'secret' | 'pick'): Promise<Tracked> {
  const { prompts, signal } = call.context;
  const { text, value } = parseQuestion(call.rest);
  const title = shownName(text === '' ? call.name : text, 200);
  if (!prompts) {
    throw new CountersignError(
      'CS-VAR-AT-SEND',
      `The answer to “${shownName(title)}” is known only when the request is sent.`,
    );
  }
  if (!prompts.interactive) {
    throw new CountersignError(
      'CS-VAR-PROMPT',
      `The question “${shownName(title)}” needs an answer, and nobody can be asked.`,
      {
        next: 'Use a variable in its place and give that with --var.',
      },
    );
  }
  const answer =
    kind === 'pick'
      ? await prompts.pick({ title, items: parseChoices(value) }, signal)
      : await prompts.input(
          { title, prompt: title, secret: kind === 'secret', ...(value === undefined ? {} : { value }) },
          signal,
        );
  if (answer === undefined) {
    throw new CountersignError('CS-NET-CANCELLED', `The question “${shownName(title)}” was closed without an answer.`);
  }
  return kind === 'secret' ? secret(answer, `answer to ${shownName(title, 40)}`) : plain(answer);
}

export const askVariables: readonly DynamicVariable[] = [false, true].flatMap((once) => [
  ask('$input', 'a text', 'input', once),
  ask('$prompt', 'a text', 'input', once),
  ask('$password', 'a secret', 'secret', once),
  ask('$pick', 'one of some choices', 'pick', once),
]);
