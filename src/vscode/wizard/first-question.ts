/**
 * The first question: what a person has, pasted as it is or chosen from a list, or who is calling. What was pasted is
 * said in words before it is taken. Source: ux.md D1, design.md D1.1.
 */
import { toCountersignError } from '../../errors/countersign-error.ts';
import type { Reading, Recognised } from '../../setup/pasted.ts';
import { readPasted } from '../../setup/read-pasted.ts';
import { firstChoices } from './choices.ts';
import { setIssuer, startFrom, type Draft } from './draft.ts';
import { toItems } from './field-question.ts';
import type { IssuerFindings } from './issuer-watch.ts';
import type { PickItem, Step } from './question-loop.ts';
import type { Ask, WizardFacts } from './wizard-facts.ts';

export function whatQuestion(facts: WizardFacts): Ask {
  return {
    id: 'what',
    stage: 'what',
    async ask(step, draft) {
      let reading: Reading | undefined;
      let text = '';
      let findings: IssuerFindings = {};
      const chosen = await step.pick({
        placeholder: 'What do you have, or who is calling? Paste it here, or choose.',
        items: toItems(firstChoices()),
        chosen: draft.start,
        value: draft.typed,
        typed: (typed, show, busy) => {
          [text, reading] = [typed, readPasted(typed, { now: facts.now() })];
          const rows = toRows(reading);
          show(rows);
          const [first] = reading?.found ?? [];
          if (first?.kind !== 'issuer' || first.draft.issuer === undefined) return { dispose: () => undefined };
          const said = (message: string): readonly PickItem[] =>
            rows.map((row, index) => (index === 0 ? { ...row, detail: message } : row));
          return facts.watch.watch(first.draft.issuer, (report) => report && show(said(report.message)), busy);
        },
        settle: async (id) => {
          findings = await findingsOf(facts, pastedBy(id, reading));
        },
      });
      const pasted = pastedBy(chosen, reading);
      if (pasted) {
        takePasted(draft, 'pasted', pasted, findings);
        // What holds a secret is not shown again.
        draft.typed = pasted.kind === 'issuer' || pasted.kind === 'api' ? text : '';
      } else if (chosen !== draft.start) {
        const scheme = /^scheme:(.+)$/.exec(chosen)?.[1];
        startFrom(draft, chosen, scheme ?? (chosen === 'issuer' || chosen.startsWith('who:') ? 'oauth2' : undefined));
        draft.typed = '';
      }
    },
  };
}

function pastedBy(id: string, reading: Reading | undefined): Recognised | undefined {
  const index = /^pasted:(\d+)$/.exec(id)?.[1];
  return index === undefined ? undefined : reading?.found[Number(index)];
}

function takePasted(draft: Draft, start: string, pasted: Recognised, findings: IssuerFindings): void {
  startFrom(draft, start, undefined, pasted);
  if (pasted.draft.issuer !== undefined) setIssuer(draft, pasted.draft.issuer, findings);
}

async function findingsOf(facts: WizardFacts, pasted: Recognised | undefined): Promise<IssuerFindings> {
  const issuer = pasted?.draft.issuer;
  return issuer === undefined ? {} : facts.watch.result(issuer);
}

/** Rows for what was recognised; a row without an id for what was not. */
function toRows(reading: Reading | undefined): readonly PickItem[] {
  if (!reading) return [];
  if (reading.problem !== undefined) return [{ icon: 'error', label: reading.problem }];
  return reading.found.map(({ icon, title, about, reasons }, index): PickItem => ({
    id: `pasted:${index}`,
    icon,
    label: title,
    description: about,
    detail: reasons.join(' '),
  }));
}

/** A curl command or a definition in a box of its own, for who chose that. */
export function textQuestion(facts: WizardFacts): Ask {
  return {
    id: 'text',
    stage: 'server',
    async ask(step, draft) {
      const read = (text: string): Reading | undefined => readPasted(text, { now: facts.now() });
      const text = await step.input({
        prompt:
          'Paste a curl command, a Security.Auth entry (JetBrains) or oauth2_ variables (httpYac). Secrets in it go to the secret store.',
        placeholder: 'curl https://api.example.com/orders -H "Authorization: Bearer …"',
        check: (typed) => checkPasted(read(typed)),
        watch: (typed, report) => {
          const [first] = read(typed)?.found ?? [];
          if (first) report({ message: `${first.title} ${first.about}. ${first.reasons.join(' ')}`, kind: 'info' });
          return { dispose: () => undefined };
        },
      });
      const reading = read(text);
      const pasted = await chooseOne(step, reading?.found ?? []);
      takePasted(draft, 'text', pasted, await findingsOf(facts, pasted));
    },
  };
}

function checkPasted(reading: Reading | undefined): string | undefined {
  if (reading?.problem !== undefined) return reading.problem;
  return reading && reading.found.length > 0
    ? undefined
    : 'This is neither a curl command nor a definition that is known here.';
}

async function chooseOne(step: Step, found: readonly Recognised[]): Promise<Recognised> {
  const [first] = found;
  if (!first) throw toCountersignError(new Error('Nothing was recognised.'));
  if (found.length === 1) return first;
  const chosen = await step.pick({ placeholder: 'Which one?', items: toRows({ found }) });
  return pastedBy(chosen, { found }) ?? first;
}
