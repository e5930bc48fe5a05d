/**
 * A question made from a field's own metadata: a list where its values are known, else a box with its example, checked
 * as the definition will be. Source: house.md §3.
 */
import { checkAnswer } from '../../credentials/new-definition.ts';
import { schemeOf } from '../../credentials/schemes/registry.ts';
import type { FieldInfo } from '../../credentials/types.ts';
import type { Choice } from './choices.ts';
import { fieldOf, toFields, type Draft } from './draft.ts';
import type { PickItem, Question } from './question-loop.ts';

export interface FieldQuestionOptions {
  readonly stage: string;
  /** Offered when nothing was typed yet. */
  readonly initial?: string;
  /** When the scheme itself does not ask for it. */
  readonly required?: boolean;
  readonly prompt?: string;
}

export function fieldQuestion(
  scheme: string,
  field: FieldInfo,
  { stage, initial = '', required = field.required === true, prompt }: FieldQuestionOptions,
): Question<Draft> {
  return {
    id: `field:${field.name}`,
    stage,
    async ask(step, draft) {
      const before = fieldOf(draft, field.name) as string | undefined;
      if (field.values) {
        draft.fields[field.name] = await step.pick({
          placeholder: `${field.label}. ${firstSentence(field.description)}`,
          items: field.values.map((value) => ({ id: value, label: value })),
          chosen: before,
        });
        return;
      }
      const text = await step.input({
        prompt: prompt ?? `${field.label}. ${field.description}`,
        placeholder: field.example ?? '',
        value: before ?? initial,
        check: (typed) => checkField(scheme, field, required, draft, typed.trim()),
      });
      draft.fields[field.name] = text.trim() === '' ? undefined : text.trim();
    },
  };
}

/** A list has one line for its question, and does not wrap. */
function firstSentence(text: string): string {
  return /^[^.]*\./.exec(text)?.[0] ?? text;
}

function checkField(
  scheme: string,
  field: FieldInfo,
  required: boolean,
  draft: Draft,
  text: string,
): string | undefined {
  const problem = checkAnswer(scheme, field.name, text);
  if (problem !== undefined) return problem;
  if (text === '') return required ? `${field.label} is needed.` : undefined;
  const problems = schemeOf({ scheme })?.check({ ...toFields(draft), scheme, origins: [], [field.name]: text });
  return problems?.find((each) => each.field === field.name)?.message;
}

/** Choices as rows under their headings. */
export function toItems(choices: readonly Choice[]): readonly PickItem[] {
  return choices.flatMap((choice, index) => {
    const { id, label, description, detail, icon, group } = choice;
    const item: PickItem = {
      id,
      icon,
      label,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
    };
    return group === choices[index - 1]?.group ? [item] : [{ label: group, kind: -1 }, item];
  });
}
