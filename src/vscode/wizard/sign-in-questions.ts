/**
 * The questions of a credential that signs in: issuer, grant where there is a choice, client, how the client proves
 * itself where that matters, scope. Endpoints are asked for only when the issuer has no metadata. Source: design.md D1.
 */
import { fieldsOf, newDefinition } from '../../credentials/new-definition.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { clientChoices, grantChoices, grantsFor, initialScope } from './choices.ts';
import { grantOf, whoOf, type Draft } from './draft.ts';
import { fieldQuestion, toItems } from './field-question.ts';
import { checkIssuer, type IssuerWatch } from './issuer-watch.ts';
import type { Question } from './multi-step.ts';

type Ask = Question<Draft>;

export function signInQuestions(scheme: string, draft: Draft, watch: IssuerWatch): readonly Ask[] {
  const metadata = draft.findings.server?.metadata;
  const grant = grantOf(draft);
  const questions: Ask[] = [issuer(watch)];
  if (grantsFor(whoOf(draft), metadata).length > 1) questions.push(how());
  if (grant && draft.findings.silent) {
    const names = missingEndpoints(scheme, grant);
    const fields = fieldsOf(scheme).filter((field) => names.includes(field.name));
    questions.push(...fields.map((field) => fieldQuestion(scheme, field, { required: true })));
  }
  const field = (name: string, initial = ''): Ask[] =>
    fieldsOf(scheme)
      .filter((each) => each.name === name)
      .map((each) => fieldQuestion(scheme, each, { initial }));
  questions.push(...field('client_id'));
  const own = grant?.fields.filter((each) => each.required) ?? [];
  questions.push(...own.map((each) => fieldQuestion(scheme, each)));
  if (grant && clientChoices(grant, metadata).length > 1) questions.push(client(grant));
  return [...questions, ...field('scope', grant ? initialScope(grant, metadata) : '')];
}

/** What the scheme says is missing when there is no issuer to find it from. */
function missingEndpoints(scheme: string, grant: Grant): readonly (string | undefined)[] {
  const made = newDefinition(scheme, { grant: grant.name, client_id: 'client', origins: ['https://api.example.com'] });
  return made.ok ? [] : made.problems.map(({ field }) => field);
}

function issuer(watch: IssuerWatch): Ask {
  return {
    id: 'issuer',
    async ask(step, draft) {
      const before = draft.issuer;
      let findings: Draft['findings'] = {};
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
      draft.issuer = text.trim();
      draft.findings = findings;
      if (draft.issuer !== before) draft.fields = {};
    },
  };
}

function how(): Ask {
  return {
    id: 'how',
    async ask(step, draft) {
      draft.fields['grant'] = await step.pick({
        placeholder: 'How should it sign in?',
        items: toItems(grantChoices(whoOf(draft), draft.findings.server?.metadata)),
        chosen: draft.fields['grant'] as string | undefined,
      });
    },
  };
}

function client(grant: Grant): Ask {
  return {
    id: 'client',
    async ask(step, draft) {
      draft.fields['token_endpoint_auth_method'] = await step.pick({
        placeholder: 'Does the client have a secret?',
        items: toItems(clientChoices(grant, draft.findings.server?.metadata)),
        chosen: draft.fields['token_endpoint_auth_method'] as string | undefined,
      });
    },
  };
}
