import { describe, expect, it } from 'vitest';
import type { ApiFindings, IssuerFindings } from '../../../../src/oauth/api-discovery/findings.ts';
import { toChallengeFacts } from '../../../../src/oauth/api-discovery/challenge-facts.ts';
import { toIssuerFacts } from '../../../../src/oauth/api-discovery/issuer-facts.ts';
import { toProposal, type ProposalChoice } from '../../../../src/oauth/api-discovery/proposal.ts';
import { toRecommendations } from '../../../../src/oauth/api-discovery/recommendations.ts';
import { parseProtectedResource } from '../../../../src/oauth/api-discovery/resource-metadata.ts';
import type { DiscoveredServer } from '../../../../src/oauth/discovery.ts';

const asked = new URL('https://api.example/v1/orders');

function issuer(name: string, metadata: Record<string, unknown> = {}): IssuerFindings {
  const server: DiscoveredServer = {
    metadata: { issuer: name, ...metadata },
    wellKnown: `${name}/.well-known/openid-configuration`,
    kind: 'oidc',
    skewMs: 0,
    at: 0,
    warnings: [],
  };
  const { origin } = new URL(name);
  const about = { issuer: name, origin, elsewhere: true, namedBy: 'resource', network: 'public' } as const;
  return { ...about, server, facts: toIssuerFacts(server) };
}

interface Said {
  readonly challenges?: readonly string[];
  readonly resource?: Record<string, unknown>;
  readonly issuers?: readonly IssuerFindings[];
}

function findings({ challenges: lines = ['Bearer'], resource, issuers = [] }: Said): ApiFindings {
  const challenges = toChallengeFacts(lines.map((line) => ['www-authenticate', line] as const));
  const from = { metadataUrl: 'https://api.example/prm', foundBy: 'well-known' } as const;
  const parsed = resource && parseProtectedResource({ resource: 'https://api.example', ...resource }, asked, from);
  return {
    url: asked.href,
    origin: asked.origin,
    status: 401,
    open: false,
    challenges,
    ...(parsed?.ok ? { resource: parsed.resource } : {}),
    issuers,
    recommendations: toRecommendations(challenges, issuers, false),
    warnings: [],
    steps: [],
  };
}

const propose = (said: Said, choice?: ProposalChoice) => toProposal(findings(said), choice);
const definition = (said: Said, choice?: ProposalChoice): unknown => propose(said, choice)?.definition;
const idp = 'https://idp.example';

describe('the definition that findings lead to', () => {
  it('signs a person in where the issuer lets one', () =>
    expect(definition({ issuers: [issuer(idp)] })).toEqual({
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer: idp,
      client_id: '',
      origins: ['https://api.example'],
    }));
  it.each([
    [['authorization_code', 'client_credentials'], 'authorization_code'],
    [['client_credentials'], 'client_credentials'],
    [['urn:ietf:params:oauth:grant-type:device_code'], 'urn:ietf:params:oauth:grant-type:device_code'],
    [['password', 'implicit'], 'authorization_code'],
    [[], 'authorization_code'],
  ])('takes of the grants %s %s', (grant_types_supported, grant) =>
    expect(definition({ issuers: [issuer(idp, { grant_types_supported })] })).toMatchObject({ grant }),
  );
  it('asks for the scope of the challenge, not for all there is', () => {
    const resource = { scopes_supported: ['orders.read', 'admin'] };
    const issuers = [issuer(idp, { scopes_supported: ['openid', 'profile', 'email'] })];
    const challenges = ['Bearer scope="orders.read"'];
    expect(definition({ challenges, resource, issuers })).toMatchObject({ scope: 'openid profile orders.read' });
    expect(definition({ resource, issuers })).toMatchObject({ scope: 'openid profile orders.read admin' });
    expect(definition({ challenges, issuers }, { scope: 'mine' })).toMatchObject({ scope: 'mine' });
    expect(definition({ challenges, issuers }, { grant: 'client_credentials' })).toMatchObject({
      scope: 'orders.read',
    });
  });
  it('binds tokens to a key where the API takes no others', () => {
    const issuers = [issuer(idp)];
    const bound = { dpop_bound_access_tokens: true, resource: 'https://api.example' };
    expect(definition({ resource: { dpop_bound_access_tokens_required: true }, issuers })).toMatchObject(bound);
    expect(definition({ challenges: ['DPoP algs="ES256"'], issuers })).toMatchObject({
      dpop_bound_access_tokens: true,
    });
    expect(definition({ issuers })).not.toHaveProperty('dpop_bound_access_tokens');
  });
  it('takes the issuer that was chosen, and no other for it', () => {
    const issuers = [issuer(idp), issuer('https://second.example/realm')];
    expect(definition({ issuers }, { issuer: 'https://second.example/realm' })).toMatchObject({
      issuer: 'https://second.example/realm',
    });
    expect(propose({ issuers }, { issuer: 'https://evil.example' })).toBeUndefined();
  });
  it('writes the issuer as it was named where its metadata names a pattern', () => {
    const named = issuer('https://login.microsoftonline.com/common/v2.0');
    const pattern = { ...named.server!.metadata, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' };
    const issuers = [{ ...named, server: { ...named.server!, metadata: pattern } }];
    expect(definition({ issuers })).toMatchObject({ issuer: 'https://login.microsoftonline.com/common/v2.0' });
  });
  it('names the ways to a client, one’s own first', () => {
    const open = issuer(idp, { registration_endpoint: `${idp}/r`, client_id_metadata_document_supported: true });
    expect(propose({ issuers: [open] })?.clients).toEqual(['own', 'document', 'registration']);
    expect(propose({ issuers: [issuer(idp)] })?.clients).toEqual(['own']);
    expect(propose({ issuers: [open] })?.missing).toEqual(['client_id']);
    expect(propose({ issuers: [open] }, { client_id: 'mine' })?.missing).toEqual([]);
  });
  it.each<[string, string, readonly string[], object]>([
    ['ApiKey in=query, name=api_key', 'apiKey', [], { in: 'query', name: 'api_key' }],
    ['ApiKey', 'apiKey', ['name'], { in: 'header' }],
    ['Basic realm="x"', 'basic', ['username'], {}],
    ['Digest realm="x", nonce="n"', 'digest', ['username'], {}],
    ['Bearer', 'bearer', [], {}],
    ['NTLM', 'ntlm', ['username'], {}],
    ['Hawk', 'hawk', ['id'], {}],
  ])('for %s is %s', (challenge, scheme, missing, fields) => {
    const proposal = propose({ challenges: [challenge] });
    expect(proposal?.definition).toEqual({ scheme, ...fields, origins: ['https://api.example'] });
    expect([proposal?.missing, proposal?.clients]).toEqual([missing, []]);
  });
  it('is none for schemes that are not known here', () => expect(propose({ challenges: ['Mutual'] })).toBeUndefined());
  it('is a key where the API says nothing', () =>
    expect(propose({ challenges: [] })?.definition).toMatchObject({ scheme: 'apiKey' }));
});
