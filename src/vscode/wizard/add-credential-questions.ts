/**
 * The questions of Add Credential as data: which are asked follows from the answers so far and from the registries.
 * Origins, name and secrets come last, for every scheme. Source: design.md D1.
 */
import { checkAnswer, checkName } from '../../credentials/new-definition.ts';
import { schemeOf, schemes } from '../../credentials/schemes/registry.ts';
import type { Definition, SecretSlot } from '../../credentials/types.ts';
import { checkSecret, toSecretPrompt } from '../secret-prompt.ts';
import { firstChoices, isSignInScheme } from './choices.ts';
import { slotsOf, toFields, type Draft } from './draft.ts';
import { fieldQuestion, toItems } from './field-question.ts';
import type { IssuerWatch } from './issuer-watch.ts';
import type { Question } from './multi-step.ts';
import { signInQuestions } from './sign-in-questions.ts';

export interface WizardFacts {
  readonly watch: IssuerWatch;
  /** Names that are taken. */
  readonly taken: readonly string[];
  /** Where secrets are kept, in words. */
  readonly place: string;
}

type Ask = Question<Draft>;

/** In order; the list grows and shrinks with the answers. */
export function questionsFor(draft: Draft, facts: WizardFacts): readonly Ask[] {
  const first = draft.suggested.scheme === undefined ? [what()] : [];
  const scheme = draft.scheme === undefined ? undefined : schemeOf({ scheme: draft.scheme });
  // Before the first answer the rest only makes the step count.
  if (!scheme) return [...first, origins(''), name(facts)];
  const own = isSignInScheme(scheme)
    ? signInQuestions(scheme.id, draft, facts.watch)
    : scheme.fields.filter((field) => field.required).map((field) => fieldQuestion(scheme.id, field));
  return [...first, ...own, origins(scheme.id), name(facts), ...slotsOf(draft).map((slot) => secret(slot, facts))];
}

function what(): Ask {
  return {
    id: 'what',
    async ask(step, draft) {
      const chosen = await step.pick({
        placeholder: 'What do you have, or who is calling?',
        items: toItems(firstChoices()),
        chosen: draft.start,
      });
      if (chosen !== draft.start) draft.fields = {};
      draft.start = chosen;
      draft.scheme = /^scheme:(.+)$/.exec(chosen)?.[1] ?? schemes.find(isSignInScheme)?.id;
      if (chosen.startsWith('scheme:')) draft.issuer = '';
    },
  };
}

/** `https://a.example, https://b.example` or with spaces, as a list. */
export function splitOrigins(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '');
}

function origins(scheme: string): Ask {
  return {
    id: 'origins',
    async ask(step, draft) {
      const before = draft.fields['origins'] as readonly string[] | undefined;
      const text = await step.input({
        prompt: 'Origins it may be sent to, separated by spaces. Nothing else ever receives it.',
        placeholder: 'https://api.example.com',
        value: before?.join(' ') ?? draft.suggested.origin,
        check: (typed) => checkAnswer(scheme, 'origins', splitOrigins(typed)),
      });
      draft.fields['origins'] = splitOrigins(text);
    },
  };
}

function name(facts: WizardFacts): Ask {
  return {
    id: 'name',
    async ask(step, draft) {
      const [origin] = draft.fields['origins'] as readonly string[];
      const text = await step.input({
        prompt: 'Name. Requests say it as # @auth NAME.',
        value: draft.name || draft.suggested.name || suggestName(origin ?? '', facts.taken),
        check: (typed) => checkName(typed.trim(), facts.taken),
      });
      draft.name = text.trim();
    },
  };
}

/** A free name from the first label of the host: `https://orders.example.com` gives `orders`. */
export function suggestName(origin: string, taken: readonly string[]): string {
  const host = URL.canParse(origin.replace('*.', '')) ? new URL(origin.replace('*.', '')).hostname : '';
  const labels = host.split('.').filter((label) => !/^(www|api|apis|gateway)$/.test(label));
  const label = /^[\d.]+$|^\[/.test(host) ? 'local' : (labels[0] ?? 'api');
  const base = label.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 40) || 'api';
  for (let number = 1; ; number++) {
    const found = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(found)) return found;
  }
}

function secret(slot: SecretSlot, facts: WizardFacts): Ask {
  return {
    id: `secret:${slot.id}`,
    async ask(step, draft) {
      const definition = { ...toFields(draft), scheme: draft.scheme } as unknown as Definition;
      const text = await step.input({
        prompt: `The ${slot.label} of ${draft.name}. ${toSecretPrompt(definition, definition.origins, slot.id, facts.place)}`,
        password: true,
        value: draft.secrets.get(slot.id),
        check: checkSecret,
      });
      draft.secrets.set(slot.id, text);
    },
  };
}
