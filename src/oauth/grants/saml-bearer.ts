/**
 * A SAML assertion that a person already has is exchanged for a token. It comes from a file or the secret store, is taken
 * as it is, and goes to the token endpoint alone. Source: RFC 7522 §2.1, §3; RFC 7521 §4.1.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { abortable } from '../capped-fetch.ts';
import { toIdentity } from '../identity.ts';
import type { Operation } from '../operation.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

const name = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
const rfc = (section: string) => ({
  text: `RFC 7522, ${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc7522#section-${section}`,
});

export const samlBearer: Grant = {
  name,
  shortName: 'saml2_bearer',
  label: 'With a SAML assertion',
  who: 'on-behalf',
  reason: 'For a server that takes what a SAML identity provider has signed already.',
  fields: [
    {
      name: 'assertion_file',
      label: 'Assertion file',
      description: 'File with the SAML assertion, as XML or base64, beside this file; the secret store when absent.',
      type: 'string',
      example: 'assertion.xml',
    },
  ],
  needs: ['token_endpoint'],
  clientSecret: 'optional',
  secrets: [{ id: 'assertion', label: 'SAML assertion', required: true, unless: 'assertion_file' }],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'own-saml-assertion', 'own-saml-token', 'store'],
  steps: {
    'own-saml-assertion': { title: 'Read the SAML assertion', rule: rfc('3') },
    'own-saml-token': { title: 'Exchange the SAML assertion', rule: rfc('2.1') },
  },
  async obtain(operation) {
    const { definition } = operation.credential;
    const assertion = await readAssertion(operation);
    const parameters = new URLSearchParams({ assertion });
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
    for (const [key, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(key, value);
    const answer = await operation.requestTokens({
      step: 'own-saml-token',
      dropIdToken: true,
      run: (library, config, options) => library.genericGrantRequest(config, name, parameters, options),
    });
    const { issuer } = operation.provider;
    const fallback = { clientId: definition.client_id, issuer, verified: false };
    return { answer, identity: toIdentity(undefined, undefined, fallback) };
  },
};

/** As the parameter wants it: base64url without line ends (§2.1). */
function readAssertion(operation: Operation): Promise<string> {
  const { share, credential, signal, trace } = operation;
  const { ports } = share;
  const path = operation.field('assertion_file');
  return trace.step('own-saml-assertion', async ({ detail, warn }) => {
    let text: Secret;
    if (path === undefined) {
      text = await operation.requireSecret('assertion', 'SAML assertion');
    } else {
      const reading = ports.readFile?.(path, { credential, interactive: operation.interactive, signal });
      if (!reading) {
        throw new CountersignError('CS-AUTH-GRANT', 'No file can be read here.', {
          next: 'Take assertion_file out of the definition and enter the assertion as a secret.',
        });
      }
      text = new Secret(await abortable(reading, signal), `${credential.name} SAML assertion`);
      ports.onSecret(text);
    }
    const xml = toXml(text.reveal());
    const problem = toProblem(xml);
    if (xml === undefined || problem !== undefined) {
      throw new CountersignError('CS-AUTH-ASSERTION', `The SAML assertion of ${credential.name} ${problem}.`, {
        facts: { credential: credential.name },
      });
    }
    const encoded = Buffer.from(xml, 'utf8').toString('base64url');
    ports.onSecret(new Secret(encoded, `${credential.name} SAML assertion`));
    detail(`${path === undefined ? 'from the secret store' : 'from the file of the definition'} · ${xml.length} bytes`);
    const ended = toEnd(xml);
    if (ended !== undefined && ended <= ports.clock.now()) warn(`it ended ${new Date(ended).toISOString()}`);
    return encoded;
  });
}

/** The document itself, of XML or of its base64 in either alphabet; undefined when it is neither. */
function toXml(text: string): string | undefined {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed.startsWith('<')) return trimmed;
  const packed = trimmed.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  const inner = Buffer.from(packed, 'base64')
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  return inner.startsWith('<') ? inner : undefined;
}

/** Only what saves a person a puzzle is looked at; the server judges the assertion. */
function toProblem(xml: string | undefined): string | undefined {
  if (xml === undefined) return 'is neither XML nor its base64';
  const root = /^(?:<\?[^>]*\?>|<!--[\s\S]*?-->|\s)*<(?:[\w.-]+:)?([\w.-]+)/.exec(xml)?.[1];
  if (root === 'Assertion') return undefined;
  if (root === 'EncryptedAssertion') return 'is encrypted, which no token endpoint takes';
  return root === 'Response' ? 'is a whole Response; its Assertion element is needed' : 'is no Assertion element';
}

/** The latest end that its conditions name, in milliseconds. */
function toEnd(xml: string): number | undefined {
  const ends = [...xml.matchAll(/\bNotOnOrAfter\s*=\s*["']([^"']{1,40})["']/g)].map(([, at = '']) => Date.parse(at));
  const known = ends.filter(Number.isFinite);
  return known.length === 0 ? undefined : Math.max(...known);
}
