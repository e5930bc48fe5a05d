/**
 * The API's request listener: finds the route, answers HEAD, OPTIONS and CORS alike for all, and turns an unexpected
 * error into a 500 without words of its own. Knows nothing of sockets.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api, Call } from './call.ts';
import { sendProblem } from './respond.ts';
import { routes } from './routes/registry.ts';

function toAllowed(path: string): string[] {
  const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods ?? ['*']);
  if (methods.length === 0) return [];
  if (methods.includes('*')) return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];
}

function answerOptions(call: Call, allowed: readonly string[]): void {
  const { response, request } = call;
  response.setHeader('Allow', allowed.join(', '));
  if (request.headers['access-control-request-method'] !== undefined) {
    response.setHeader('Access-Control-Allow-Methods', allowed.join(', '));
    response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
    response.setHeader('Access-Control-Max-Age', '600');
    response.setHeader('Vary', 'Access-Control-Request-Headers');
  }
  response.statusCode = 204;
  response.end();
}

function matches(method: string, methods: readonly string[] | undefined): boolean {
  return methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

async function answer(call: Call): Promise<void> {
  const { method, url, request } = call;
  const allowed = toAllowed(url.pathname);
  if (allowed.length === 0) {
    await sendProblem(call, 404, 'Nothing here', 'The API has no such path.');
    return;
  }
  const isPreflight = request.headers['access-control-request-method'] !== undefined;
  for (const route of routes) {
    const match = route.path.exec(url.pathname);
    if (match === null || !matches(method, route.methods)) continue;
    if (method === 'OPTIONS' && isPreflight) break;
    await route.handle({ ...call, parameters: match.slice(1) });
    return;
  }
  if (method === 'OPTIONS') answerOptions(call, allowed);
  else
    await sendProblem(call, 405, 'Not with that method', `Here go ${allowed.join(', ')}.`, {
      Allow: allowed.join(', '),
    });
}

/** The listener for any of the API's servers, good or broken. */
export function createApiHandler(api: Api, note: (text: string) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = URL.parse(request.url ?? '/', api.origin);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, DPoP-Nonce, Link, Location, X-Total-Count');
    const place = url ?? new URL(api.origin);
    const call: Call = { api, request, response, url: place, method: request.method ?? 'GET', parameters: [] };
    answer(call)
      .catch(async (error: unknown) => {
        if (response.destroyed || request.destroyed) return;
        note(`the API could not answer ${place.pathname}: ${String(error)}`);
        if (response.headersSent) response.destroy();
        else await sendProblem(call, 500, 'The playground broke', 'This is a fault of the playground itself.');
      })
      .finally(() => {
        request.resume();
        note(`${String(response.statusCode)} ${call.method} ${place.pathname}`);
      });
  };
}
