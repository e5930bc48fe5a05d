/**
 * The questions of Add Credential as data: which are asked follows from the answers so far and from the registries. At
 * most four steps: what, whom to ask, how, details. Secrets come last, for every scheme. Source: design.md D1.
 */
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { grantChoices, isSignInScheme } from './choices.ts';
import { originsQuestion, secretQuestion, signInDetails } from './detail-questions.ts';
import { slotsOf, whoOf, type Draft } from './draft.ts';
import { fieldQuestion } from './field-question.ts';
import { textQuestion, whatQuestion } from './first-question.ts';
import { reviewQuestion } from './review-question.ts';
import { apiHowQuestion, apiQuestion, discoveryQuestion, howQuestion, issuerQuestion } from './server-questions.ts';
import type { Ask, WizardFacts } from './wizard-facts.ts';

/** In order; the list grows and shrinks with the answers. */
export function questionsFor(draft: Draft, facts: WizardFacts): readonly Ask[] {
  const { suggested } = draft;
  const questions: Ask[] = suggested.scheme === undefined && suggested.api === '' ? [whatQuestion(facts)] : [];
  // What an answer will add only makes the step count until then.
  const later = [issuerQuestion(facts), howQuestion(), originsQuestion('')];
  if (draft.start === 'text') questions.push(textQuestion(facts));
  if (questions.length > 0 && draft.start === undefined) return [...questions, ...later];
  if (draft.start === 'text' && !draft.pasted) return [...questions, ...later.slice(1)];
  if (asksApi(draft)) questions.push(...apiQuestions(draft, facts));
  const scheme = draft.scheme === undefined ? undefined : schemeOf({ scheme: draft.scheme });
  if (!scheme) return [...questions, ...later.slice(2)];
  if (isSignInScheme(scheme)) {
    if (!asksApi(draft) && !draft.pasted) questions.push(issuerQuestion(facts));
    if (draft.given['grant'] === undefined && grantChoices(whoOf(draft), draft.findings.server?.metadata).length > 1) {
      questions.push(howQuestion());
    }
    questions.push(...signInDetails(draft));
  } else {
    const open = scheme.fields.filter((field) => field.required && draft.given[field.name] === undefined);
    questions.push(...open.map((field) => fieldQuestion(scheme.id, field, { stage: 'how' })));
  }
  if (draft.given['origins'] === undefined) questions.push(originsQuestion(scheme.id));
  const known = draft.pasted?.draft.secrets;
  const slots = slotsOf(draft).filter(({ id }) => known?.has(id) !== true);
  return [...questions, reviewQuestion(facts), ...slots.map((slot) => secretQuestion(slot, facts))];
}

/** True when an API is to say itself how it wants to be called. */
function asksApi(draft: Draft): boolean {
  if (draft.pasted) return draft.pasted.draft.scheme === undefined;
  return draft.start === 'api' || (draft.start === undefined && draft.suggested.api !== '');
}

function apiQuestions(draft: Draft, facts: WizardFacts): readonly Ask[] {
  return [
    ...(draft.start === 'api' ? [apiQuestion(facts)] : []),
    discoveryQuestion(facts),
    apiHowQuestion(),
    ...(draft.how === 'other-issuer' ? [issuerQuestion(facts, 'how')] : []),
  ];
}
