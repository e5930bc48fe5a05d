/** Every preset, and the one that knows an address. */
import { auth0 } from './auth0.ts';
import { cognito } from './cognito.ts';
import { entra } from './entra.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { google } from './google.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import type { Preset } from './preset.ts';
import { salesforce } from './salesforce.ts';
import { slack } from './slack.ts';

export const presets: readonly Preset[] = [
  entra,
  google,
  github,
  gitlab,
  okta,
  auth0,
  keycloak,
  cognito,
  salesforce,
  slack,
];

/**
 * The preset of the provider at an address: an issuer, an endpoint, or a well-known address as a person pastes it.
 * Undefined for one that is not known, and for what is no address.
 */
export function findPreset(address: string): Preset | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return (
    presets.find(({ hosts }) => hosts.some((pattern) => matchesHost(pattern, hostname))) ??
    presets.find(({ path }) => path?.test(pathname.replace(/^\/\.well-known\/[^/]+/, '')))
  );
}

/** `*.` stands for one label or more, a star elsewhere for one label. */
function matchesHost(pattern: string, host: string): boolean {
  const [first, rest] = pattern.startsWith('*.') ? ['[^/]+\\.', pattern.slice(2)] : ['', pattern];
  const labels = rest.split('.').map((label) => (label === '*' ? '[^.]+' : label));
  return new RegExp(`^${first}${labels.join('\\.')}$`).test(host);
}
