/** What needs an access token: orders, who you are, what only a fresh sign-in or a bound token opens. */
import { findPerson } from '../../identity/people.ts';
import { readBody, toNumber } from '../call.ts';
import type { Call, Route } from '../call.ts';
import { admit } from '../guard.ts';
import { parseOrder } from '../orders.ts';
import { sendJson, sendProblem } from '../respond.ts';

async function listOrders(call: Call): Promise<void> {
  if ((await admit(call, { scopes: ['orders.read'] })) === undefined) return;
  const status = call.url.searchParams.get('status');
  const found = call.api.orders.filter((order) => status === null || order.status === status).reverse();
  const limit = Math.max(1, Math.floor(toNumber(call, 'limit', 50, 100)));
  const page = Math.max(1, Math.floor(toNumber(call, 'page', 1, 1_000_000)));
  const orders = found.slice((page - 1) * limit, page * limit);
  const links: string[] = [];
  const link = (relation: string, to: number): void => {
    const url = new URL(call.url);
    url.searchParams.set('page', String(to));
    links.push(`<${url.href}>; rel="${relation}"`);
  };
  if (page > 1) link('prev', page - 1);
  if (page * limit < found.length) link('next', page + 1);
  const headers = { 'X-Total-Count': String(found.length), ...(links.length > 0 ? { Link: links.join(', ') } : {}) };
  await sendJson(call, 200, orders, headers);
}

async function createOrder(call: Call): Promise<void> {
  if ((await admit(call, { scopes: ['orders.write'] })) === undefined) return;
  const type = call.request.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    await sendProblem(call, 415, 'Send JSON', 'The body has to be application/json.', { Accept: 'application/json' });
    return;
  }
  const body = await readBody(call, 1_048_576);
  if (body === undefined) {
    await sendProblem(call, 413, 'Too long', 'An order has at most 1 MB.');
    return;
  }
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    await sendProblem(call, 400, 'This is not JSON', 'The body does not parse as JSON.');
    return;
  }
  const order = parseOrder(input, `ord_${String(1_001 + call.api.orders.length)}`, new Date());
  if ('problems' in order) {
    await sendProblem(call, 422, 'The order is not complete', 'See errors.', {}, { errors: order.problems });
    return;
  }
  call.api.orders.push(order);
  await sendJson(call, 201, order, { Location: `${call.api.origin}/orders/${order.id}` });
}

async function showOrder(call: Call): Promise<void> {
  if ((await admit(call, { scopes: ['orders.read'] })) === undefined) return;
  const id = call.parameters[0] ?? '';
  const order = call.api.orders.find((one) => one.id === id);
  if (order === undefined) await sendProblem(call, 404, 'No such order', 'No order has that id.');
  else await sendJson(call, 200, order);
}

async function showMe(call: Call): Promise<void> {
  const claims = await admit(call, {});
  if (claims === undefined) return;
  const person = findPerson(call.api.people, claims.sub ?? '');
  if (person === undefined) {
    await sendProblem(call, 403, 'Nobody', 'The token speaks for a program, not for a person.');
    return;
  }
  const { client_id, scope, acr, auth_time, act, exp } = claims;
  const { id, name, email, roles } = person;
  await sendJson(call, 200, { sub: id, name, email, roles, token: { client_id, scope, acr, auth_time, act, exp } });
}

export const protectedRoutes: readonly Route[] = [
  { methods: ['GET'], path: /^\/orders$/, handle: listOrders },
  { methods: ['POST'], path: /^\/orders$/, handle: createOrder },
  { methods: ['GET'], path: /^\/orders\/(ord_\d+)$/, handle: showOrder },
  { methods: ['GET'], path: /^\/me$/, handle: showMe },
  {
    methods: ['GET'],
    path: /^\/admin$/,
    handle: async (call) => {
      const claims = await admit(call, { fresh: true });
      if (claims === undefined) return;
      const { orders } = call.api;
      const revenue = orders.reduce((sum, order) => sum + order.total, 0);
      await sendJson(call, 200, {
        signedInAt: claims['auth_time'],
        orders: orders.length,
        revenue: revenue.toFixed(2),
      });
    },
  },
  {
    methods: ['GET'],
    path: /^\/admin\/audit$/,
    handle: async (call) => {
      const claims = await admit(call, { scopes: ['admin'] });
      if (claims !== undefined) await sendJson(call, 200, { reader: claims.sub, entries: [] });
    },
  },
  {
    methods: ['GET', 'POST'],
    path: /^\/dpop$/,
    handle: async (call) => {
      const claims = await admit(call, { dpop: true, nonce: call.url.searchParams.has('nonce') });
      if (claims !== undefined) await sendJson(call, 200, { boundTo: claims['cnf'], sub: claims.sub });
    },
  },
];
