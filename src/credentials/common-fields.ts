/** The fields every definition has, as metadata, and the grants' short names. Source: contracts.md §3. */
import { grantForms } from './schemes/grant-forms.ts';
import type { FieldInfo } from './types.ts';

export const commonFields: readonly FieldInfo[] = [
  {
    name: 'title',
    label: 'Title',
    description: 'What people call it, for show only.',
    type: 'string',
    example: 'Orders API',
  },
  {
    name: 'origins',
    label: 'Origins',
    description:
      'Where it may go: scheme, host and port. https://*.example.com stands for one label and never covers a public suffix.',
    type: 'string[]',
    required: true,
    example: 'https://api.example.com',
  },
  {
    name: 'default',
    label: 'Default',
    description: 'Used for its origins when a request names no credential.',
    type: 'boolean',
  },
];

/** Short forms of grants and the URNs they stand for (RFC 8628, RFC 8693, RFC 7523). */
export const grantShortForms: Readonly<Record<string, string>> = Object.fromEntries(
  grantForms.flatMap(({ name, shortName }) => (shortName === undefined ? [] : [[shortName, name]])),
);

/** The registered name of a grant written in either form. */
export function toRegisteredGrant(grant: string): string {
  return Object.hasOwn(grantShortForms, grant) ? (grantShortForms[grant] as string) : grant;
}

/** What a person reads: `device_code` rather than the URN. */
export function toShortGrant(grant: string): string {
  return Object.entries(grantShortForms).find(([, urn]) => urn === grant)?.[0] ?? grant;
}

/** True for a grant that a browser on this machine takes part in. */
export function takesBrowser(grant: string): boolean {
  return grantForms.some(({ name, browser }) => browser && name === toRegisteredGrant(grant));
}
