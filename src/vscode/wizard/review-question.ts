/**
 * Everything before it is kept: what will be made, each part changeable where it stands, and what happens then. The
 * first row is the one that Enter takes. Source: ux.md D1 (nothing saved until the last step), design.md D1.1.
 */
import { toShownOrigin } from '../../credentials/origin.ts';
import { schemeOf } from '../../credentials/schemes/registry.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import {
  canRegister,
  changeableFields,
  fillDefaults,
  nameOf,
  nameQuestion,
  originsQuestion,
  problemOf,
} from './detail-questions.ts';
import { fieldOf, firstRequestOf, grantOf, originsOf, type Draft, type Finish } from './draft.ts';
import { fieldQuestion } from './field-question.ts';
import { within, type PickItem } from './question-loop.ts';
import type { Ask, WizardFacts } from './wizard-facts.ts';

export function reviewQuestion(facts: WizardFacts): Ask {
  return {
    id: 'review',
    stage: 'details',
    async ask(step, draft) {
      fillDefaults(draft);
      draft.name = nameOf(draft, facts.taken);
      let chosen: string | undefined;
      for (;;) {
        chosen = await step.pick({
          placeholder: 'Check it. Nothing is saved yet.',
          items: toRows(draft),
          chosen: chosen ?? (draft.finish && `finish:${draft.finish}`),
        });
        const finish = /^finish:(.+)$/.exec(chosen)?.[1];
        if (finish !== undefined) {
          draft.finish = finish as Finish;
          return;
        }
        const part = partOf(chosen, draft, facts);
        if (part) await within(() => part.ask(step, draft));
      }
    },
  };
}

function partOf(id: string, draft: Draft, facts: WizardFacts): Ask | undefined {
  const scheme = draft.scheme ?? '';
  if (id === 'name') return nameQuestion(facts);
  if (id === 'origins') return originsQuestion(scheme);
  const field = changeableFields(draft).find(({ name }) => name === id);
  return field && fieldQuestion(scheme, field, { stage: 'details' });
}

function toRows(draft: Draft): readonly PickItem[] {
  const problem = problemOf(draft);
  const rows: PickItem[] =
    problem === undefined ? [...finishes(draft)] : [{ icon: 'error', label: problem, detail: 'Change it below.' }];
  rows.push({ label: 'Change', kind: -1 });
  rows.push({
    id: 'name',
    icon: 'edit',
    label: 'Name',
    description: draft.name,
    detail:
      firstRequestOf(draft)?.kind === 'here'
        ? `Requests say it as # @auth ${draft.name}. Sending writes that line above it.`
        : `Requests say it as # @auth ${draft.name}.`,
  });
  const origins = originsOf(draft).map((origin) => toShownOrigin(origin));
  rows.push({
    id: 'origins',
    icon: 'lock',
    label: 'Sent to',
    description: toShownText(origins.join(' '), 200),
    detail: 'Nothing else ever receives it.',
  });
  for (const { name, label } of changeableFields(draft)) {
    const value = fieldOf(draft, name);
    rows.push({
      id: name,
      icon: 'edit',
      label,
      description: typeof value === 'string' && value !== '' ? toShownText(value, 120) : 'none',
    });
  }
  return [...rows, ...toFacts(draft)];
}

/** What cannot be changed here, and what was left out of what was pasted. */
function toFacts(draft: Draft): readonly PickItem[] {
  const said: PickItem[] = [];
  const scheme = schemeOf({ scheme: draft.scheme ?? '' });
  const grant = draft.scheme === 'oauth2' ? grantOf(draft) : undefined;
  const endpoint = fieldOf(draft, 'token_endpoint');
  const where = draft.findings.server?.metadata.issuer ?? (typeof endpoint === 'string' ? endpoint : draft.issuer);
  const how = grant ? `${grant.label} at ${toShownText(where, 120)}` : scheme?.label;
  if (how !== undefined) said.push({ icon: scheme?.icon ?? 'key', label: how });
  for (const reason of draft.pasted?.reasons ?? []) said.push({ icon: 'info', label: reason });
  said.push({ icon: 'home', label: 'Kept in your own store on this machine, not in this folder.' });
  return [{ label: 'What it is', kind: -1 }, ...said];
}

function finishes(draft: Draft): readonly PickItem[] {
  const signsIn = draft.scheme === 'oauth2';
  const first = firstRequestOf(draft);
  const rows: { id: Finish; icon: string; label: string; says: string }[] = [];
  if (first) {
    const says = first.kind === 'here' ? '' : 'From a new request file that is saved when you save it.';
    rows.push({ id: 'send', icon: 'play', label: `${signsIn ? 'Add, Sign In' : 'Add'} and Send ${first.words}`, says });
  }
  if (signsIn) rows.push({ id: 'sign-in', icon: 'sign-in', label: 'Add and Sign In', says: '' });
  rows.push({ id: 'add', icon: 'check', label: 'Add', says: '' });
  return rows.map(({ id, icon, label, says }, index) => {
    const detail = [index === 0 ? toRegistration(draft) : '', says].filter((each) => each !== '').join(' ');
    return { id: `finish:${id}`, icon, label, ...(detail === '' ? {} : { detail }) };
  });
}

/** What is made at the issuer, said on the row that Enter takes. */
function toRegistration(draft: Draft): string {
  const issuer = draft.findings.server?.metadata.issuer;
  const registers = draft.client === 'registration' && canRegister(draft, grantOf(draft));
  return registers && issuer !== undefined ? `Registers Countersign at ${toShownOrigin(new URL(issuer).origin)}.` : '';
}
