/**
 * A device authorization endpoint's answer, vetted before a person or a browser sees any of it: addresses, code and
 * times. Pure. Source: RFC 8628 §3.2; auth.md M8, M18, H29.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { isLoopbackHost } from './endpoint-vetting.ts';
import { toInertText } from './server-text.ts';
import { parseJsonObject } from '../credentials/json-object.ts';

export interface DeviceAnswer {
  readonly deviceCode: string;
  readonly userCode: string;
  /** As `URL` writes it: the host in punycode. */
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  readonly intervalMs: number;
  readonly expiresAt: number;
  readonly warnings: readonly string[];
}

/** No sign-in waits longer for a person. */
export const longestSeconds = 1800;

/**
 * @param onCode called with the device code before anything else sees it
 * @returns the answer, and what the library may read of it. Throws CS-AUTH-ENDPOINT, CS-AUTH-TOKEN.
 */
export function toDeviceAnswer(
  text: string,
  host: string,
  now: number,
  onCode: (code: string) => void,
): { readonly answer: DeviceAnswer; readonly json: Record<string, unknown> } {
  const json = parseJsonObject(text);
  const deviceCode = json?.['device_code'];
  const userCode = toInertText(json?.['user_code'], 40);
  if (!json || typeof deviceCode !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(deviceCode) || userCode === '') {
    throw new CountersignError('CS-AUTH-TOKEN', `The answer of ${host} holds no usable device code.`);
  }
  onCode(deviceCode);
  const warnings: string[] = [];
  // Google and others wrote it so before the RFC.
  const given = json['verification_uri'] ?? json['verification_url'];
  const verificationUri = toPage(given);
  if (verificationUri === undefined) {
    throw new CountersignError('CS-AUTH-ENDPOINT', `The verification_uri of ${host} is not an https address.`, {
      next: 'Nothing was opened. Tell the owner of the identity provider.',
      facts: { endpoint: 'verification_uri' },
    });
  }
  const complete = json['verification_uri_complete'];
  let verificationUriComplete = toPage(complete);
  if (verificationUriComplete !== undefined) {
    const same = new URL(verificationUriComplete).origin === new URL(verificationUri).origin;
    if (!same) verificationUriComplete = undefined;
  }
  if (complete !== undefined && verificationUriComplete === undefined) {
    warnings.push('verification_uri_complete is of another kind or origin and is not used');
  }
  const interval = clampSeconds(json['interval'], 5, 60);
  const expires = clampSeconds(json['expires_in'], longestSeconds, longestSeconds);
  if (interval.changed)
    warnings.push(`interval ${toInertText(String(json['interval']), 20)} counts as ${interval.value} s`);
  if (expires.changed)
    warnings.push(`expires_in ${toInertText(String(json['expires_in']), 20)} counts as ${expires.value} s`);
  const answer = {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete,
    intervalMs: interval.value * 1000,
    expiresAt: now + expires.value * 1000,
    warnings,
  };
  const plain = {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: verificationUri,
    interval: interval.value,
    expires_in: expires.value,
  };
  return { answer, json: plain };
}

/** An https page, or one on this machine; the text that `URL` makes of it, so that no other script looks like it. */
function toPage(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2048 || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const plain = url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if ((url.protocol !== 'https:' && !plain) || url.username !== '' || url.password !== '') return undefined;
  return url.href;
}

/** From one second to `most`; what is no number counts as `fallback`. */
export function clampSeconds(value: unknown, fallback: number, most: number): { value: number; changed: boolean } {
  if (value === undefined) return { value: fallback, changed: false };
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return { value: fallback, changed: true };
  const kept = Math.min(most, Math.max(1, Math.ceil(number)));
  return { value: kept, changed: kept !== number };
}
