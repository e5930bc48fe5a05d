/** The description of the API as OpenAPI 3.1, for clients that make requests from it. */
import type { Api } from './call.ts';

const json = (schema: object): object => ({ content: { 'application/json': { schema } } });
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const answer = (description: string, schema: object): object => ({ description, ...json(schema) });
const problem = (description: string): object => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const schemas = {
  Item: {
    type: 'object',
    required: ['sku'],
    properties: {
      sku: { type: 'string', examples: ['INK-002'] },
      title: { type: 'string' },
      quantity: { type: 'integer', minimum: 1, maximum: 999, default: 1 },
      unitPrice: { type: 'number' },
    },
  },
  Order: {
    type: 'object',
    properties: {
      id: { type: 'string', examples: ['ord_1001'] },
      status: { type: 'string', enum: ['open', 'paid', 'shipped', 'delivered', 'cancelled'] },
      customer: {
        type: 'object',
        properties: { name: { type: 'string' }, email: { type: 'string', format: 'email' } },
      },
      items: { type: 'array', items: ref('Item') },
      currency: { type: 'string', const: 'EUR' },
      total: { type: 'number' },
      createdAt: { type: 'string', format: 'date-time' },
      note: { type: ['string', 'null'] },
    },
  },
  NewOrder: {
    type: 'object',
    required: ['items'],
    properties: {
      customer: { type: 'string' },
      items: { type: 'array', items: ref('Item') },
      note: { type: 'string' },
    },
  },
  Problem: {
    type: 'object',
    properties: { title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
  },
};

export function toOpenApi(api: Api): object {
  const { issuer, origin } = api;
  const scopes = { 'orders.read': 'Read orders', 'orders.write': 'Create orders', admin: 'Administer' };
  const oauth = (scope: string): object[] => [{ oauth2: [scope] }];
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign playground API', version: '1.0.0' },
    servers: [{ url: origin }],
    paths: {
      '/public': { get: { operationId: 'getPublic', security: [], responses: { 200: answer('A greeting', {}) } } },
      '/orders': {
        get: {
          operationId: 'listOrders',
          security: oauth('orders.read'),
          parameters: [
            { name: 'status', in: 'query', schema: { type: 'string' } },
            { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 } },
          ],
          responses: { 200: answer('Orders', { type: 'array', items: ref('Order') }), 401: problem('No token') },
        },
        post: {
          operationId: 'createOrder',
          security: oauth('orders.write'),
          requestBody: { required: true, ...json(ref('NewOrder')) },
          responses: { 201: answer('The new order', ref('Order')), 422: problem('Something is missing') },
        },
      },
      '/orders/{id}': {
        get: {
          operationId: 'getOrder',
          security: oauth('orders.read'),
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: answer('One order', ref('Order')), 404: problem('There is none') },
        },
      },
      '/me': { get: { operationId: 'getMe', security: [{ oauth2: [] }], responses: { 200: answer('You', {}) } } },
      '/weather': {
        get: {
          operationId: 'getWeather',
          security: [{ keyHeader: [] }, { keyQuery: [] }, { keyCookie: [] }],
          parameters: [{ name: 'city', in: 'query', schema: { type: 'string', default: 'Oslo' } }],
          responses: { 200: answer('The weather', {}), 401: problem('No key') },
        },
      },
      '/basic': { get: { operationId: 'getBasic', security: [{ basic: [] }], responses: { 200: answer('You', {}) } } },
      '/digest': {
        get: { operationId: 'getDigest', security: [{ digest: [] }], responses: { 200: answer('You', {}) } },
      },
    },
    components: {
      schemas,
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          flows: {
            authorizationCode: {
              authorizationUrl: new URL('auth', issuer).href,
              tokenUrl: new URL('token', issuer).href,
              scopes,
            },
            clientCredentials: { tokenUrl: new URL('token', issuer).href, scopes },
          },
        },
        openId: { type: 'openIdConnect', openIdConnectUrl: new URL('.well-known/openid-configuration', issuer).href },
        keyHeader: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        keyQuery: { type: 'apiKey', in: 'query', name: 'api_key' },
        keyCookie: { type: 'apiKey', in: 'cookie', name: 'api_key' },
        basic: { type: 'http', scheme: 'basic' },
        digest: { type: 'http', scheme: 'digest' },
      },
    },
  };
}
