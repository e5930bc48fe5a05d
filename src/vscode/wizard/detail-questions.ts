/**
 * The last step: what the definition still lacks (client, fields, origins), then everything to look at once, each part
 * changeable, with what happens at the end. Secrets come after it, out of sight. Source: design.md D1.1, D1.4.
 */
import { takesBrowser } from '../../credentials/common-fields.ts';
import { checkAnswer, checkName, fieldsOf, newDefinition } from '../../credentials/new-definition.ts';
import { toShownOrigin } from '../../credentials/origin.ts';
import { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import type { Definition, FieldInfo, SecretSlot } from '../../credentials/types.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { findPreset } from '../../oauth/presets/registry.ts';
import { freeName, suggestName } from '../../setup/credential-name.ts';
import { checkSecret, toSecretPrompt } from '../secret-prompt.ts';
import { clientChoices, initialScope } from './choices.ts';
import { grantOf, originsOf, toFields, type Draft } from './draft.ts';
import { fieldQuestion, toItems } from './field-question.ts';
import { fieldsOfProvider } from './known-provider.ts';
import { providerQuestion } from './provider-question.ts';
import type { Ask, WizardFacts } from './wizard-facts.ts';

const stage = 'details';

/** What a sign-in needs beside issuer and grant. */
export function signInDetails(draft: Draft): readonly Ask[] {
  const grant = grantOf(draft);
  const metadata = draft.findings.server?.metadata;
  const known = fieldsOfProvider(draft.issuer, grant?.name);
  const questions: Ask[] = [];
  const ask = (name: string, options: { initial?: string; required?: boolean; prompt?: string } = {}): void => {
    if (draft.given[name] !== undefined) return;
    const field = fieldsOf('oauth2').find((each) => each.name === name);
    if (field) questions.push(fieldQuestion('oauth2', field, { stage, ...options }));
  };
  if (draft.findings.silent && grant) {
    const hints = draft.pasted?.draft.hints ?? {};
    for (const name of grant.needs)
      if (known[name] === undefined) ask(name, { required: true, initial: hints[name] ?? '' });
  }
  if (canRegister(draft, grant) && draft.given['client_id'] === undefined) questions.push(clientQuestion());
  if (draft.client !== 'registration') {
    const provider = draft.given['client_id'] === undefined ? findPreset(draft.issuer) : undefined;
    if (provider && grant) questions.push(providerQuestion(provider, takesBrowser(grant.name)));
    const host = metadata
      ? new URL(metadata.issuer.replace(/\{.*?\}/g, 'tenant')).host
      : (findPreset(draft.issuer)?.label ?? 'the identity provider');
    ask('client_id', { prompt: `Client ID: the name this tool is registered under at ${host}.` });
  }
  for (const field of grant?.fields ?? []) if (field.required) ask(field.name, { required: true });
  if (grant && asksForMethod(draft, grant)) questions.push(methodQuestion(grant));
  return questions;
}

function asksForMethod(draft: Draft, grant: Grant): boolean {
  if (draft.client === 'registration' || draft.given['token_endpoint_auth_method'] !== undefined) return false;
  if (fieldsOfProvider(draft.issuer, grant.name)['token_endpoint_auth_method'] !== undefined) return false;
  return clientChoices(grant, draft.findings.server?.metadata).length > 1;
}

/** Where the issuer lets clients register themselves, and the grant is one that registration is for. */
export function canRegister(draft: Draft, grant: Grant | undefined): boolean {
  const endpoint = draft.findings.server?.metadata['registration_endpoint'];
  return (
    typeof endpoint === 'string' && grant !== undefined && (grant.interactive || grant.name === 'client_credentials')
  );
}

function clientQuestion(): Ask {
  return {
    id: 'client',
    stage,
    async ask(step, draft) {
      const issuer = toShownOrigin(new URL(draft.findings.server?.metadata.issuer ?? draft.issuer).origin);
      draft.client = (await step.pick({
        placeholder: `Who is this tool at ${issuer}?`,
        items: toItems([
          {
            id: 'registration',
            label: 'Register Countersign There',
            description: 'RFC 7591',
            detail: 'The issuer lets clients register themselves. It is done at the end.',
            icon: 'add',
            group: 'Recommended',
          },
          {
            id: 'own',
            label: 'Use a Client ID You Have',
            detail: 'From the owner of the identity provider, or from its web pages.',
            icon: 'key',
            group: 'Other ways',
          },
        ]),
        chosen: draft.client,
      })) as Draft['client'];
      if (draft.client === 'registration') delete draft.fields['client_id'];
    },
  };
}

function methodQuestion(grant: Grant): Ask {
  return {
    id: 'method',
    stage,
    async ask(step, draft) {
      draft.fields['token_endpoint_auth_method'] = await step.pick({
        placeholder: grant.interactive ? 'Does the client have a secret?' : 'How does the client prove itself?',
        items: toItems(clientChoices(grant, draft.findings.server?.metadata)),
        chosen: draft.fields['token_endpoint_auth_method'] as string | undefined,
      });
    },
  };
}

/** `https://a.example, https://b.example` or with spaces, as a list. */
export function splitOrigins(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '');
}

export function originsQuestion(scheme: string): Ask {
  return {
    id: 'origins',
    stage,
    async ask(step, draft) {
      const text = await step.input({
        prompt: 'Origins it may be sent to, separated by spaces. Nothing else ever receives it.',
        placeholder: 'https://api.example.com',
        value: originsOf(draft).join(' ') || draft.suggested.origin,
        check: (typed) => checkAnswer(scheme, 'origins', splitOrigins(typed)),
      });
      draft.fields['origins'] = splitOrigins(text);
    },
  };
}

export function nameQuestion(facts: WizardFacts): Ask {
  return {
    id: 'name',
    stage,
    async ask(step, draft) {
      const text = await step.input({
        prompt: 'Name. Requests say it as # @auth NAME.',
        value: nameOf(draft, facts.taken),
        check: (typed) => checkName(typed.trim(), facts.taken),
      });
      draft.name = text.trim();
    },
  };
}

/** The name as chosen, else one that is free. */
export function nameOf(draft: Draft, taken: readonly string[]): string {
  if (draft.name !== '') return draft.name;
  const known = draft.suggested.name || (draft.pasted?.draft.name ?? '');
  if (known !== '') return freeName(known, taken);
  return suggestName(originsOf(draft)[0] ?? '', taken);
}

/** Optional fields that are filled in beforehand: what the metadata knows. */
export function fillDefaults(draft: Draft): void {
  if (originsOf(draft).length === 0 && draft.suggested.origin !== '')
    draft.fields['origins'] = [draft.suggested.origin];
  const grant = grantOf(draft);
  if (draft.scheme !== 'oauth2' || !grant || Object.hasOwn(draft.fields, 'scope') || draft.given['scope']) return;
  const provider = fieldsOfProvider(draft.issuer, grant.name)['scope'];
  const scope = typeof provider === 'string' ? provider : initialScope(grant, draft.findings.server?.metadata);
  if (scope !== '') draft.fields['scope'] = scope;
}

/** The fields on view at the end, beside name, origins and client. */
export function changeableFields(draft: Draft): readonly FieldInfo[] {
  if (draft.scheme !== 'oauth2') return [];
  const names = draft.client === 'registration' ? ['scope'] : ['client_id', 'scope'];
  return fieldsOf('oauth2').filter(({ name }) => names.includes(name));
}

/** What is wrong with the definition as it stands, as a sentence. */
export function problemOf(draft: Draft): string | undefined {
  const made = newDefinition(draft.scheme ?? '', toFields(draft));
  return made.ok ? undefined : (made.problems[0]?.message ?? 'The definition is not complete.');
}

export function secretQuestion(slot: SecretSlot, facts: WizardFacts): Ask {
  return {
    id: `secret:${slot.id}`,
    async ask(step, draft) {
      const definition = { ...toFields(draft), scheme: draft.scheme } as unknown as Definition;
      const text = await step.input({
        title: `${draft.name}: ${slot.label}`,
        prompt: toShownText(toSecretPrompt(definition, definition.origins, slot.id, facts.place), 600),
        password: true,
        value: draft.secrets.get(slot.id)?.reveal(),
        check: checkSecret,
      });
      draft.secrets.set(slot.id, new Secret(text, `${draft.name} ${slot.label}`));
    },
  };
}
