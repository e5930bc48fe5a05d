/** What anybody may ask for: a greeting, the metadata of the protected resource (RFC 9728), the API's description. */
import type { Route } from '../call.ts';
import { toOpenApi } from '../openapi.ts';
import { sendJson } from '../respond.ts';

export const openRoutes: readonly Route[] = [
  {
    methods: ['GET'],
    path: /^\/$/,
    handle: async (call) => {
      const { origin, issuer } = call.api;
      await sendJson(call, 200, {
        name: 'Countersign playground API',
        issuer,
        openapi: `${origin}/orders/openapi.json`,
      });
    },
  },
  {
    methods: ['GET'],
    path: /^\/public$/,
    handle: async (call) => {
      await sendJson(call, 200, {
        message: 'Hello. Nobody had to sign in for this.',
        time: new Date().toISOString(),
        practiceValues: `${call.api.pages}/`,
        tryNext: ['/orders', '/me', '/weather', '/echo', '/stream'],
      });
    },
  },
  {
    methods: ['GET'],
    path: /^\/\.well-known\/oauth-protected-resource$/,
    handle: async (call) => {
      const { origin, issuer } = call.api;
      await sendJson(call, 200, {
        resource: origin,
        resource_name: 'Countersign playground API',
        authorization_servers: [issuer],
        scopes_supported: ['orders.read', 'orders.write', 'admin'],
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
        tls_client_certificate_bound_access_tokens: true,
        resource_documentation: `${origin}/orders/openapi.json`,
      });
    },
  },
  {
    methods: ['GET'],
    path: /^\/orders\/openapi\.json$/,
    handle: async (call) => {
      await sendJson(call, 200, toOpenApi(call.api));
    },
  },
];
