/**
 * Reads a part of a kept message: header, cookie, status, or a path into a JSON or XML body (body-path.ts).
 * Header names are compared without regard to case. Source: dialects.md §10.2.
 */
import { readBodyPath } from './body-path.ts';
import { parsePath } from './expression.ts';
import type { CapturedExchange, CapturedMessage } from './types.ts';

export interface MessageReference {
  readonly request: string;
  readonly message: 'request' | 'response';
  readonly part: 'body' | 'headers' | 'cookies' | 'status';
  /** What follows the part, without a leading dot; '' or `*` is the whole. */
  readonly path: string;
  /** The reference as written. */
  readonly text: string;
}

export interface MessagePart {
  readonly text: string;
  /** The name of the header or member, when what it holds is a secret by its name. */
  readonly secretName?: string;
}

/** `login.response.body.$.token` in its parts; undefined when the text is no such reference. */
export function parseMessageReference(text: string): MessageReference | undefined {
  const match = /^([^\s.()[\]{}"']+)\.(request|response)\.(body|headers|cookies|status)(?![\w-])(.*)$/s.exec(text);
  if (!match) return undefined;
  const [, request, message, part, rest] = match as unknown as [string, string, string, string, string];
  return {
    request,
    message: message as MessageReference['message'],
    part: part as MessageReference['part'],
    path: rest.startsWith('.') && !rest.startsWith('..') ? rest.slice(1) : rest,
    text,
  };
}

/** The part's text; undefined when the message has nothing there. */
export async function readMessage(
  exchange: CapturedExchange,
  reference: MessageReference,
): Promise<MessagePart | undefined> {
  const message = exchange[reference.message];
  switch (reference.part) {
    case 'status':
      return reference.message === 'response' ? { text: String(exchange.response.status) } : undefined;
    case 'headers':
      return readHeader(message, reference.path);
    case 'cookies':
      return readCookie(message, reference.message, reference.path);
    case 'body':
      return readBody(message, reference.path);
  }
}

function readHeader(message: CapturedMessage, path: string): MessagePart | undefined {
  const parts = parsePath(path, true);
  const name = parts?.[0]?.segment;
  if (!parts || typeof name !== 'string' || parts.length > 2) return undefined;
  const values = valuesOf(message, name);
  const index = parts[1]?.segment;
  // Set-Cookie cannot be joined (RFC 9110 §5.3), so its first one stands for it.
  const single = index !== undefined || name.toLowerCase() === 'set-cookie';
  const text = single ? values.at(Number(index ?? 0)) : values.length === 0 ? undefined : values.join(', ');
  if (text === undefined) return undefined;
  return isSecretHeader(name) ? { text, secretName: name } : { text };
}

function readCookie(
  message: CapturedMessage,
  kind: MessageReference['message'],
  path: string,
): MessagePart | undefined {
  const segments = parsePath(path, true)?.map((part) => String(part.segment));
  const [name, member = 'value'] = segments ?? [];
  if (name === undefined || (segments?.length ?? 0) > 2) return undefined;
  const lines =
    kind === 'response'
      ? valuesOf(message, 'set-cookie')
      : valuesOf(message, 'cookie').flatMap((line) => line.split(';'));
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';').map((one) => one.trim());
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at) !== name) continue;
    if (member.toLowerCase() === 'value') return { text: pair.slice(at + 1), secretName: `cookie ${name}` };
    if (member.toLowerCase() === 'name') return { text: name };
    for (const attribute of attributes) {
      const [key = '', ...value] = attribute.split('=');
      if (key.toLowerCase() === member.toLowerCase()) return { text: value.join('=') };
    }
    return undefined;
  }
  return undefined;
}

async function readBody(message: CapturedMessage, path: string): Promise<MessagePart | undefined> {
  const body = await message.body();
  const text = path === '' || path === '*' ? body : await readBodyPath(body, message.contentType, path);
  if (text === undefined) return undefined;
  const name = /([\w-]+)['"\])\s]*$/.exec(path)?.[1];
  if (name !== undefined && isSecretMember(name)) return { text, secretName: name };
  return holdsSecretMember(text) ? { text, secretName: name ?? 'body' } : { text };
}

function valuesOf(message: CapturedMessage, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers.flatMap(([key, value]) => (key.toLowerCase() === wanted ? [value] : []));
}

function isSecretHeader(name: string): boolean {
  return /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?|dpop)$|api-?key|token|secret|password/i.test(name);
}

function isSecretMember(name: string): boolean {
  return /token$|secret|passw|passphrase|api-?_?key|private_?key|^assertion$|^jwt$/i.test(name);
}

/** JSON or a form with a token or password inside. */
function holdsSecretMember(text: string): boolean {
  return /["&?]?(?:access_token|refresh_token|id_token|client_secret|password)["']?\s*[:=]/i.test(text);
}
