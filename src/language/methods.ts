/**
 * The verbs a request line may begin with and the protocol each stands for. Other protocols are recognised so
 * that they are never sent as HTTP to a URL named after them. Source: dialects.md §4, §7.
 */
import type { RequestProtocol } from './types.ts';

const http = (
  'GET POST PUT DELETE PATCH HEAD OPTIONS CONNECT TRACE LOCK UNLOCK PROPFIND PROPPATCH COPY MOVE MKCOL MKCALENDAR ACL ' +
  'SEARCH CHECKOUT CHECKIN REPORT MERGE MKACTIVITY MKWORKSPACE VERSION-CONTROL BASELINE-CONTROL QUERY PURGE LINK UNLINK'
).split(' ');

const table: Record<string, RequestProtocol> = {
  GRAPHQL: 'graphql',
  GRPC: 'grpc',
  WS: 'websocket',
  WSS: 'websocket',
  WEBSOCKET: 'websocket',
  SSE: 'sse',
  EVENTSOURCE: 'sse',
  MQTT: 'mqtt',
  MQTTS: 'mqtt',
  AMQP: 'amqp',
  AMQPS: 'amqp',
  RSOCKET: 'rsocket',
  KAFKA: 'none',
  NOP: 'none',
};
for (const verb of http) table[verb] = 'http';

const protocols: ReadonlyMap<string, RequestProtocol> = new Map(Object.entries(table));

/** Every verb, upper case, HTTP first: what completion offers. */
export const methods: readonly string[] = [...http, ...Object.keys(table).filter((verb) => table[verb] !== 'http')];

/** The protocol of an upper-case verb, undefined when the verb is not one we know. */
export function methodProtocol(verb: string): RequestProtocol | undefined {
  return protocols.get(verb);
}

const schemes: Record<string, RequestProtocol> = {
  ws: 'websocket',
  wss: 'websocket',
  grpc: 'grpc',
  mqtt: 'mqtt',
  mqtts: 'mqtt',
  amqp: 'amqp',
  amqps: 'amqp',
};

/** The protocol a URL's scheme asks for when the verb does not say: `ws://` is a WebSocket. */
export function schemeProtocol(url: string): RequestProtocol | undefined {
  const first = url.charCodeAt(0);
  // `{{host}}` and `/path` are by far the most; they have no scheme.
  if (first === 123 || first === 47) return undefined;
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1];
  return scheme === undefined ? undefined : schemes[scheme.toLowerCase()];
}
