/**
 * Which OAuth and OpenID Connect features the identity provider has, and the pages that some of them show. Everything a
 * client may want to try is on; each is switched by the name the library gives it.
 */
import { TLSSocket } from 'node:tls';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Approvals } from './approvals.ts';
import { renderPage } from './page.ts';
import type { Page } from './page.ts';
import * as pages from './pages.ts';
import { findPerson } from './people.ts';
import type { People } from './people.ts';
import type { IdentityOptions } from './identity-options.ts';
import { toResourceFeature } from './resource.ts';

/** Makes the page the answer. */
export function show(ctx: KoaContextWithOIDC, page: Page): void {
  const { text, headers } = renderPage(page);
  ctx.set(headers);
  ctx.body = text;
}

function toCertificate(ctx: KoaContextWithOIDC) {
  const { socket } = ctx.req;
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

function toDeviceNote(name: string): string {
  if (name === 'AbortedError') return 'The sign-in was stopped. The device gets no access.';
  if (name === 'ExpiredError') return 'That code has ended. Start again on the device.';
  if (name === 'AlreadyUsedError') return 'That code was used already. Start again on the device.';
  return 'No device waits with that code. Look at it again.';
}

export function toFeatures(
  options: IdentityOptions,
  people: People,
  approvals: Approvals,
): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
    jwtIntrospection: { enabled: true },
    jwtUserinfo: { enabled: true },
    jwtResponseModes: { enabled: true },
    claimsParameter: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    ciba: approvals.feature,
    encryption: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    dPoP: {
      enabled: true,
      nonceSecret: Buffer.from(options.secrets.nonceSecret, 'base64url'),
      requireNonce: () => true,
    },
    mTLS: {
      enabled: true,
      tlsClientAuth: true,
      certificateBoundAccessTokens: true,
      getCertificate: (ctx) => toCertificate(ctx)?.toString(),
      certificateAuthorized: (ctx) => ctx.req.socket instanceof TLSSocket && ctx.req.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === 'tls_client_auth_san_dns' &&
        (toCertificate(ctx)?.subjectAltName ?? '').split(', ').includes(`DNS:${expected}`),
    },
    resourceIndicators: toResourceFeature(options.api, options.accessTokenTtl),
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, _form, _out, error) => {
        const secret = ctx.oidc.session?.state?.['secret'];
        const xsrf = typeof secret === 'string' ? secret : '';
        const code = (ctx.state as { userCode?: string }).userCode ?? '';
        const note = error === undefined ? undefined : toDeviceNote(error.name);
        show(ctx, pages.deviceCodePage({ action: '/device', xsrf, code, note }));
      },
      userCodeConfirmSource: (ctx, form, client, _info, code) => {
        show(ctx, pages.deviceConfirmPage(form, client.clientName ?? client.clientId, code));
      },
      successSource: (ctx) => {
        show(ctx, pages.deviceDonePage);
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const person = findPerson(people, ctx.oidc.session?.accountId ?? '');
        show(ctx, pages.signOutPage(form, person?.name ?? 'somebody'));
      },
      postLogoutSuccessSource: (ctx) => {
        show(ctx, pages.signedOutPage);
      },
    },
  };
}
