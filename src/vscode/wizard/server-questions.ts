/**
 * Who is asked: an issuer for its metadata, or an API for how it wants to be called. An identity provider that an API
 * names is asked only after a person has seen both origins. Source: design.md D1.2, auth.md A05, RFC 9728.
 */
import { toShownOrigin } from '../../credentials/origin.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { toCountersignError } from '../../errors/countersign-error.ts';
import { parseApiAddress } from '../../oauth/api-discovery/discover-api.ts';
import type { ApiFindings, NamedIssuer } from '../../oauth/api-discovery/findings.ts';
import { toProposal } from '../../oauth/api-discovery/proposal.ts';
import { readPasted } from '../../setup/read-pasted.ts';
import { ApiWalk, type WalkState } from './api-walk.ts';
import { apiChoices, grantChoices } from './choices.ts';
import { setIssuer, whoOf, type Draft } from './draft.ts';
import { toItems } from './field-question.ts';
import { checkIssuer, type IssuerFindings } from './issuer-watch.ts';
import { Back, type PickItem, type Step } from './question-loop.ts';
import type { Ask, WizardFacts } from './wizard-facts.ts';

/** @param stage `how` when it follows the question how to come in */
export function issuerQuestion({ watch }: WizardFacts, stage = 'server'): Ask {
  return {
    id: 'issuer',
    stage,
    async ask(step, draft) {
      let findings: IssuerFindings = {};
      const text = await step.input({
        prompt: 'Address of the identity provider. Its metadata gives the rest.',
        placeholder: 'https://idp.example.com',
        value: draft.issuer || draft.suggested.issuer,
        check: checkIssuer,
        watch: watch.watch,
        settle: async (typed) => {
          findings = await watch.result(typed);
        },
      });
      setIssuer(draft, text.trim(), findings);
    },
  };
}

export function apiQuestion(facts: WizardFacts): Ask {
  return {
    id: 'api',
    stage: 'server',
    async ask(step, draft) {
      const text = await step.input({
        prompt: 'Address of the API, best of a request that needs a sign-in. It is asked without any credential.',
        placeholder: 'https://api.example.com/orders',
        value: draft.api || draft.suggested.origin,
        check: checkApi,
      });
      const reading = readPasted(text, { now: facts.now() });
      const safe = reading?.found.find(({ kind }) => kind === 'api')?.draft.api;
      const api = safe ?? parseApiAddress(text).href;
      if (api !== draft.api) Object.assign(draft, { discovered: undefined, how: undefined, fields: {}, given: {} });
      draft.api = api;
    },
  };
}

/** What is wrong with the address of an API as typed, as a sentence. */
export function checkApi(text: string): string | undefined {
  if (text.trim() === '') return 'Paste the address of the API.';
  if (/^[a-z]+:\/\/[^/]*@/i.test(text.trim()))
    return 'This address holds a user name or password. Paste it without them.';
  try {
    parseApiAddress(text);
    return undefined;
  } catch (error) {
    const { message, next } = toCountersignError(error);
    return `${message} ${next}`;
  }
}

/** Asks the API, shows each step, and asks a person before an identity provider is asked. */
export function discoveryQuestion({ discoverApi }: WizardFacts): Ask {
  return {
    id: 'discovery',
    stage: 'server',
    async ask(step, draft) {
      for (;;) {
        const walk = new ApiWalk(discoverApi, draft.api);
        try {
          draft.discovered = await follow(step, walk, draft.api);
          return;
        } catch (error) {
          if (error instanceof Error && 'code' in error) await showFailure(step, error, draft.api);
          else throw error;
        } finally {
          walk.stop();
        }
      }
    },
  };
}

async function follow(step: Step, walk: ApiWalk, api: string): Promise<ApiFindings> {
  const origin = shownOrigin(api);
  let words = `Asking ${origin} how it wants to be called…`;
  for (;;) {
    const state: WalkState = await step.wait(words, walk.next());
    if (state.kind === 'end') return state.findings;
    const chosen = await step.pick({
      placeholder: 'The API names an identity provider. May it be asked?',
      items: toConfirmation(origin, state.issuer),
      chosen: 'ask',
    });
    walk.answer(chosen === 'ask');
    words = `Asking ${toShownOrigin(state.issuer.origin)} for its metadata…`;
  }
}

/** Both origins, one under the other, so that a stranger's is seen. */
function toConfirmation(api: string, { origin, issuer }: NamedIssuer): readonly PickItem[] {
  const shown = toShownText(toShownOrigin(origin), 120);
  return [
    { icon: 'check', label: 'API', description: api, detail: 'It answered, and says who signs in for it.' },
    {
      id: 'ask',
      icon: 'globe',
      label: `Ask ${shown}`,
      description: issuer === origin || issuer === `${origin}/` ? '' : toShownText(issuer, 160),
      detail: 'Reads its public metadata. Nothing of you is sent, and nothing is registered yet.',
    },
    { id: 'skip', icon: 'circle-slash', label: 'Do Not Ask It', detail: 'You then choose yourself how to come in.' },
  ];
}

async function showFailure(step: Step, thrown: Error, api: string): Promise<void> {
  const { code, message, next } = toCountersignError(thrown);
  await step.pick({
    placeholder: `${shownOrigin(api)} could not be asked.`,
    items: [
      { icon: 'error', label: message, description: code, detail: next },
      { id: 'again', icon: 'refresh', label: 'Try Again' },
    ],
  });
}

function shownOrigin(address: string): string {
  return toShownText(toShownOrigin(URL.canParse(address) ? new URL(address).origin : address), 120);
}

/** How to come in: the grants of an issuer, or the ways an API offers. */
export function howQuestion(): Ask {
  return {
    id: 'how',
    stage: 'how',
    async ask(step, draft) {
      draft.fields['grant'] = await step.pick({
        placeholder: 'How should it sign in?',
        items: toItems(grantChoices(whoOf(draft), draft.findings.server?.metadata)),
        chosen: draft.fields['grant'] as string | undefined,
      });
    },
  };
}

export function apiHowQuestion(): Ask {
  return {
    id: 'how-api',
    stage: 'how',
    async ask(step, draft) {
      const findings = draft.discovered;
      if (!findings) throw new Back();
      const how = await step.pick({
        placeholder: toSummary(findings),
        items: [...toItems(apiChoices(findings)), ...toSteps(findings), ...toWarnings(findings)],
        chosen: draft.how,
      });
      if (how === draft.how) return;
      takeWay(draft, findings, how);
    },
  };
}

function takeWay(draft: Draft, findings: ApiFindings, how: string): void {
  const [, index, grant] = /^issuer:(\d+):(.+)$/.exec(how) ?? [];
  const issuer = index === undefined ? undefined : findings.issuers[Number(index)];
  const scheme = issuer || how === 'other-issuer' ? 'oauth2' : how.replace(/^scheme:/, '');
  const proposal =
    how === 'other-issuer'
      ? undefined
      : toProposal(findings, { scheme, ...(issuer && grant ? { issuer: issuer.issuer, grant } : {}) });
  const { scheme: _, ...known } = (proposal?.definition ?? {}) as unknown as Record<string, unknown>;
  for (const name of proposal?.missing ?? []) delete known[name];
  Object.assign(draft, { how, scheme, fields: {}, client: undefined, issuer: '', findings: {}, foundIssuer: issuer });
  draft.given = { ...known, origins: [findings.origin] };
  if (issuer?.server) setIssuer(draft, issuer.issuer, { server: issuer.server });
}

/** `https://api.example.com answers 401. How should it be called?` */
function toSummary({ origin, status, open }: ApiFindings): string {
  const said = open ? `answers ${status} and asks for nothing` : `answers ${status}`;
  return `${toShownOrigin(origin)} ${said}. How should it be called?`;
}

const outcomeIcons = { ok: 'pass', warning: 'warning', failed: 'error', skipped: 'circle-slash' } as const;

/** Each step of the discovery, and how it ended. */
function toSteps({ steps }: ApiFindings): readonly PickItem[] {
  if (steps.length === 0) return [];
  return [
    { label: 'What was asked', kind: -1 },
    ...steps.slice(0, 8).map(({ title, outcome, detail }) => ({
      icon: outcomeIcons[outcome],
      label: toShownText(title, 100),
      ...(detail === undefined ? {} : { description: toShownText(detail, 160) }),
    })),
  ];
}

function toWarnings({ warnings, issuers }: ApiFindings): readonly PickItem[] {
  const all = [...warnings, ...issuers.flatMap(({ problem }) => problem ?? [])];
  if (all.length === 0) return [];
  return [
    { label: 'Left out', kind: -1 },
    ...all
      .slice(0, 4)
      .map(({ code, message }) => ({ icon: 'info', label: toShownText(message, 200), description: code })),
  ];
}
