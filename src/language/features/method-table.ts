/** What each method asks of a server, in one sentence. Data only. Sources: RFC 9110 §9.3, RFC 5789, RFC 4918. */

export const methodDocs: Readonly<Record<string, string>> = {
  GET: 'Reads the resource and changes nothing (RFC 9110 §9.3.1).',
  POST: 'Gives the resource a body to work on, often to create something (RFC 9110 §9.3.3).',
  PUT: 'Replaces the resource by the body; twice is the same as once (RFC 9110 §9.3.4).',
  PATCH: 'Changes a part of the resource (RFC 5789).',
  DELETE: 'Removes the resource; twice is the same as once (RFC 9110 §9.3.5).',
  HEAD: 'Reads the head of the answer that GET would give (RFC 9110 §9.3.2).',
  OPTIONS: 'Asks what the resource allows (RFC 9110 §9.3.7).',
  QUERY: 'Reads by a query in the body and changes nothing (IETF draft).',
  TRACE: 'Asks for the request as it arrived (RFC 9110 §9.3.8).',
  CONNECT: 'Asks a proxy for a tunnel (RFC 9110 §9.3.6).',
  PROPFIND: 'Reads the properties of a WebDAV resource (RFC 4918 §9.1).',
  PROPPATCH: 'Changes the properties of a WebDAV resource (RFC 4918 §9.2).',
  MKCOL: 'Makes a WebDAV collection (RFC 4918 §9.3).',
  COPY: 'Copies a WebDAV resource (RFC 4918 §9.8).',
  MOVE: 'Moves a WebDAV resource (RFC 4918 §9.9).',
  LOCK: 'Locks a WebDAV resource (RFC 4918 §9.10).',
  UNLOCK: 'Unlocks a WebDAV resource (RFC 4918 §9.11).',
  REPORT: 'Asks for a report on a WebDAV resource (RFC 3253 §3.6).',
  SEARCH: 'Searches WebDAV resources (RFC 5323).',
  PURGE: 'Asks a cache to forget the resource; not standardised.',
  GRAPHQL: 'Sends the query below as a GraphQL POST.',
  WS: 'Opens a WebSocket (RFC 6455).',
  WEBSOCKET: 'Opens a WebSocket (RFC 6455).',
  SSE: 'Reads an event stream.',
  GRPC: 'Calls a gRPC method; known here by name only.',
};

/** The order in which methods are offered; the rest follow as they are in the language’s own list. */
export const likelyMethods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'GRAPHQL'];
