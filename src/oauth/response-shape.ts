/**
 * What is asked for at the authorization endpoint and how its answer comes back: a code, or a code with an ID token;
 * plain, or as a signed JWT; in the query, the fragment or a posted form. Chosen from the definition first, then from
 * what the provider demands. Source: OIDC Core §3.3, OAuth 2.0 Multiple Response Type Encoding Practices, JARM §2.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { findReceiver } from './receivers/registry.ts';
import type { AnswerPlace } from './pending-flows.ts';
import type { Operation } from './operation.ts';

export interface ResponseShape {
  readonly type: 'code' | 'code id_token';
  /** As sent; undefined leaves it to the provider. */
  readonly mode: string | undefined;
  readonly place: AnswerPlace;
  /** True when the answer is a JWT that the provider signs (JARM). */
  readonly signed: boolean;
  /** What a person may want to know of the choice. */
  readonly note: string | undefined;
}

/** Throws CS-DEF-FIELD for what cannot go together, CS-AUTH-DISCOVERY when what is signed could not be checked. */
export function toResponseShape(operation: Operation): ResponseShape {
  const { provider, credential } = operation;
  const { response_type: wanted, response_mode: mode } = credential.definition;
  const types = toTexts(provider.metadata['response_types_supported']);
  const demanded = types.length > 0 && !types.includes('code') && types.some(isHybrid);
  const type = isHybrid(wanted ?? (demanded ? 'code id_token' : 'code')) ? 'code id_token' : 'code';
  const modes = toTexts(provider.metadata['response_modes_supported']);
  const signed = mode?.endsWith('jwt') === true;
  if ((signed || type === 'code id_token') && !canCheck(operation)) {
    throw new CountersignError('CS-AUTH-DISCOVERY', `${provider.host} publishes no keys to check its answer with.`, {
      next: 'Name the issuer or its jwks_uri in the definition, or ask for a plain code.',
      facts: { host: provider.host },
    });
  }
  if (type === 'code id_token') return toHybrid(operation, mode, modes, wanted === undefined);
  if (mode?.startsWith('form_post') === true) requireForms(operation, mode);
  const unlisted = mode !== undefined && modes.length > 0 && !modes.includes(mode);
  const offered = !signed && modes.includes('jwt') ? 'signed answers are on offer (response_mode jwt)' : undefined;
  return {
    type,
    mode,
    place: mode?.startsWith('form_post') ? 'form_post' : mode === 'fragment' ? 'fragment' : 'query',
    signed,
    note: unlisted ? `response_mode ${mode} is not in its metadata` : offered,
  };
}

function toHybrid(
  operation: Operation,
  mode: string | undefined,
  modes: readonly string[],
  demanded: boolean,
): ResponseShape {
  if (mode !== undefined && mode !== 'fragment' && mode !== 'form_post') {
    const { name } = operation.credential;
    throw new CountersignError('CS-DEF-FIELD', `“response_mode” of ${name} cannot be ${mode} with an ID token.`, {
      next: 'Use form_post or fragment, or leave it out.',
      facts: { name, field: 'response_mode' },
    });
  }
  if (mode === 'form_post') requireForms(operation, mode);
  const place = mode ?? (modes.includes('form_post') && takesForms(operation) ? 'form_post' : 'fragment');
  const note = demanded ? 'the provider gives a code only together with an ID token' : undefined;
  // Always said: some servers use the query when they are not told.
  return { type: 'code id_token', mode: place, place, signed: false, note };
}

function isHybrid(type: string): boolean {
  return type.split(' ').sort().join(' ') === 'code id_token';
}

function takesForms({ credential, share }: Operation): boolean {
  return findReceiver(credential.definition.redirect, share.ports.redirect ?? 'loopback').takesForms;
}

function requireForms(operation: Operation, mode: string): void {
  if (takesForms(operation)) return;
  const { name } = operation.credential;
  throw new CountersignError('CS-DEF-FIELD', `“response_mode” of ${name} cannot be ${mode} with this redirect.`, {
    next: 'A page can post its answer to the loopback only; leave response_mode out, or set redirect to loopback.',
    facts: { name, field: 'response_mode' },
  });
}

function canCheck({ provider }: Operation): boolean {
  return provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
}

function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
