/**
 * The two headers of a message signature, over one request as it leaves: the signature base, its parameters, and the
 * signature. Source: RFC 9421 §2.3, §2.5, §3.1, §4.
 */
import type { KeyObject } from 'node:crypto';
import type { FinalRequest } from '../types.ts';
import { signBase, type Algorithm } from './algorithms.ts';
import { toIdentifier, valueOf, type Component } from './components.ts';

export interface SignatureInput {
  readonly label: string;
  readonly components: readonly Component[];
  /** In order: `created`, `keyid` …; numbers are seconds. */
  readonly parameters: readonly (readonly [name: string, value: string | number])[];
}

/** @throws CountersignError CS-DEF-FIELD when the request lacks a component */
export function toSignatureBase(request: FinalRequest, input: SignatureInput): string {
  const lines = input.components.map((each) => `${toIdentifier(each)}: ${valueOf(each, request)}`);
  return [...lines, `"@signature-params": ${toSignatureParams(input)}`].join('\n');
}

/** @param name of the credential, for errors @throws CountersignError CS-DEF-FIELD, CS-AUTH-KEY */
export function signMessage(
  request: FinalRequest,
  input: SignatureInput,
  algorithm: Algorithm,
  key: KeyObject | Buffer,
  name: string,
): { readonly signatureInput: string; readonly signature: string } {
  // Header values go out as Latin-1, so that is what the bytes are.
  const base = Buffer.from(toSignatureBase(request, input), 'latin1');
  return {
    signatureInput: `${input.label}=${toSignatureParams(input)}`,
    signature: `${input.label}=:${signBase(base, algorithm, key, name).toString('base64')}:`,
  };
}

function toSignatureParams({ components, parameters }: SignatureInput): string {
  const list = components.map(toIdentifier).join(' ');
  const rest = parameters.map(([key, value]) => `;${key}=${typeof value === 'number' ? String(value) : quoted(value)}`);
  return `(${list})${rest.join('')}`;
}

/** A string of structured fields; what it cannot hold was refused before (RFC 8941 §4.1.6). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
