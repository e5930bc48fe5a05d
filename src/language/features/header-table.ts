/**
 * Headers a person writes or reads, with one sentence and the document that defines each. Order is likelihood in a
 * request file. Data only. Sources are named per row.
 */
import { authorizationValues, cacheValues, codingValues, mediaTypes, type ValueInfo } from './header-values.ts';

export interface HeaderInfo {
  readonly name: string;
  /** One sentence. */
  readonly doc: string;
  /** `RFC 9110 §8.3`. */
  readonly source: string;
  readonly url: string;
  readonly sent: 'request' | 'response' | 'both';
  readonly values?: readonly ValueInfo[];
}

const rfc = (number: number, section: string): Pick<HeaderInfo, 'source' | 'url'> => ({
  source: `RFC ${number} §${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});
const fetchStandard = { source: 'Fetch standard', url: 'https://fetch.spec.whatwg.org/' };

const row = (
  name: string,
  sent: HeaderInfo['sent'],
  from: Pick<HeaderInfo, 'source' | 'url'>,
  doc: string,
  values?: readonly ValueInfo[],
): HeaderInfo => ({ name, sent, doc, ...from, ...(values === undefined ? {} : { values }) });

const value = (text: string, doc: string): ValueInfo => ({ value: text, doc });

export const headerTable: readonly HeaderInfo[] = [
  row('Content-Type', 'both', rfc(9110, '8.3'), 'Says in which format the body is written.', mediaTypes),
  row('Accept', 'request', rfc(9110, '12.5.1'), 'Lists the formats the answer may come in.', [
    ...mediaTypes,
    value('*/*', 'Any format.'),
  ]),
  row(
    'Authorization',
    'request',
    rfc(9110, '11.6.2'),
    'Proves to the server who calls; # @auth NAME fills it in without a secret in the file.',
    authorizationValues,
  ),
  row('Accept-Language', 'request', rfc(9110, '12.5.4'), 'Lists the languages the answer may be written in.', [
    value('en', 'English.'),
    value('en-GB, en;q=0.8', 'British English first, then any English.'),
    value('de', 'German.'),
    value('fr', 'French.'),
    value('*', 'Any language.'),
  ]),
  row('Accept-Encoding', 'request', rfc(9110, '12.5.3'), 'Lists the compressions the answer may use.', codingValues),
  row(
    'Cache-Control',
    'both',
    rfc(9111, '5.2'),
    'Tells every cache on the way what it may keep and reuse.',
    cacheValues,
  ),
  row('If-None-Match', 'request', rfc(9110, '13.1.2'), 'Asks for the body only when its entity tag is another one.'),
  row('If-Match', 'request', rfc(9110, '13.1.1'), 'Lets a change happen only while the entity tag is still this one.'),
  row('If-Modified-Since', 'request', rfc(9110, '13.1.3'), 'Asks for the body only when it changed after this date.'),
  row('If-Unmodified-Since', 'request', rfc(9110, '13.1.4'), 'Lets a change happen only when nothing changed since.'),
  row('User-Agent', 'request', rfc(9110, '10.1.5'), 'Names the program that sends the request.'),
  row('Origin', 'request', rfc(6454, '7'), 'Names the site on whose behalf a browser would send this.'),
  row('Referer', 'request', rfc(9110, '10.1.3'), 'Names the page from which the address was reached.'),
  row('Host', 'request', rfc(9110, '7.2'), 'Names the host and port that is meant; taken from the URL when absent.'),
  row('Cookie', 'request', rfc(6265, '5.4'), 'Returns cookies that the server set before.'),
  row('Range', 'request', rfc(9110, '14.2'), 'Asks for a part of the body only.', [
    value('bytes=0-1023', 'The first 1024 bytes.'),
    value('bytes=-1024', 'The last 1024 bytes.'),
  ]),
  row('If-Range', 'request', rfc(9110, '13.1.5'), 'Makes a range count only while the content is unchanged.'),
  row(
    'X-Request-Id',
    'both',
    { source: 'custom, by convention', url: '' },
    'Names this request in the logs of servers.',
    [value('{{$guid}}', 'A new UUID for each send.')],
  ),
  row(
    'Idempotency-Key',
    'request',
    { source: 'IETF draft', url: '' },
    'Lets a repeated request take effect only once.',
    [value('{{$guid}}', 'A new UUID for each send.')],
  ),
  row(
    'X-API-Key',
    'request',
    { source: 'custom, by convention', url: '' },
    'Carries an API key; # @auth NAME keeps it out of the file.',
  ),
  row(
    'X-HTTP-Method-Override',
    'request',
    { source: 'custom, by convention', url: '' },
    'Asks a server to treat a POST as another method.',
    [value('PUT', 'Replace.'), value('PATCH', 'Change a part.'), value('DELETE', 'Remove.')],
  ),
  row(
    'X-Requested-With',
    'request',
    { source: 'custom, by convention', url: '' },
    'Says that a script sent the request.',
    [value('XMLHttpRequest', 'What browser scripts say.')],
  ),
  row('Prefer', 'request', rfc(7240, '2'), 'Says how the server may answer, where it has a choice.', [
    value('return=minimal', 'No body is needed.'),
    value('return=representation', 'The changed resource is wanted.'),
    value('respond-async', 'An answer may come later.'),
    value('wait=10', 'Wait up to ten seconds.'),
  ]),
  row('Expect', 'request', rfc(9110, '10.1.1'), 'Asks whether the body may be sent at all.', [
    value('100-continue', 'Wait for 100 before the body.'),
  ]),
  row('Connection', 'both', rfc(9110, '7.6.1'), 'Controls this one connection.', [
    value('keep-alive', 'Keep it open.'),
    value('close', 'Close it after the answer.'),
  ]),
  row('Content-Length', 'both', rfc(9110, '8.6'), 'Length of the body in bytes; worked out at sending.'),
  row('Content-Encoding', 'both', rfc(9110, '8.4'), 'Compressions that were applied to the body.', codingValues),
  row('Content-Language', 'both', rfc(9110, '8.5'), 'Language the body is written in.'),
  row(
    'Content-Disposition',
    'both',
    rfc(6266, '4'),
    'Says whether the body is a file, and its name; in multipart, which field it is.',
    [
      value('form-data; name="field"', 'A field of a multipart form.'),
      value('form-data; name="file"; filename="file.txt"', 'A file of a multipart form.'),
      value('attachment; filename="file.txt"', 'A file to save.'),
    ],
  ),
  row('Content-Location', 'both', rfc(9110, '8.7'), 'Address of exactly this representation.'),
  row('Transfer-Encoding', 'both', rfc(9112, '6.1'), 'Says how the body is framed on the connection.', [
    value('chunked', 'In chunks of stated length.'),
  ]),
  row('TE', 'request', rfc(9110, '10.1.4'), 'Transfer codings the answer may use.', [
    value('trailers', 'Trailers are read.'),
  ]),
  row('Upgrade', 'both', rfc(9110, '7.8'), 'Asks to speak another protocol on this connection.', [
    value('websocket', 'WebSocket.'),
  ]),
  row('Date', 'both', rfc(9110, '6.6.1'), 'When the message was made.'),
  row('Via', 'both', rfc(9110, '7.6.3'), 'Proxies that the message passed.'),
  row('From', 'request', rfc(9110, '10.1.2'), 'Mail address of the person behind the request.'),
  row('Forwarded', 'request', rfc(7239, '4'), 'What a proxy knows of the first sender.'),
  row(
    'X-Forwarded-For',
    'request',
    { source: 'custom, by convention', url: '' },
    'Addresses of the sender and of proxies on the way.',
  ),
  row(
    'X-Forwarded-Proto',
    'request',
    { source: 'custom, by convention', url: '' },
    'Scheme the sender used towards the proxy.',
  ),
  row(
    'X-Forwarded-Host',
    'request',
    { source: 'custom, by convention', url: '' },
    'Host the sender asked the proxy for.',
  ),
  row('Proxy-Authorization', 'request', rfc(9110, '11.7.2'), 'Proves to a proxy who calls.'),
  row('DPoP', 'request', rfc(9449, '4.1'), 'Proves possession of the key that an access token is bound to.'),
  row(
    'traceparent',
    'request',
    { source: 'W3C Trace Context', url: 'https://www.w3.org/TR/trace-context/' },
    'Ties this request to a distributed trace.',
  ),
  row(
    'tracestate',
    'request',
    { source: 'W3C Trace Context', url: 'https://www.w3.org/TR/trace-context/' },
    'What tracing systems add to a trace.',
  ),
  row('Sec-Fetch-Site', 'request', fetchStandard, 'How the page and the address are related, as a browser would say.'),
  row('Access-Control-Request-Method', 'request', fetchStandard, 'Asks in a preflight whether this method is allowed.'),
  row(
    'Access-Control-Request-Headers',
    'request',
    fetchStandard,
    'Asks in a preflight whether these headers are allowed.',
  ),
  row(
    'Last-Event-ID',
    'request',
    { source: 'HTML standard', url: 'https://html.spec.whatwg.org/' },
    'Resumes an event stream after this event.',
  ),
  row(
    'X-Request-Type',
    'request',
    { source: 'REST Client', url: '' },
    'Marks the body as a GraphQL query; it is not sent.',
    [value('GraphQL', 'The body is a query, a blank line and its variables.')],
  ),
  row('Depth', 'request', rfc(4918, '10.2'), 'How deep a WebDAV method goes.', [
    value('0', 'Only this resource.'),
    value('1', 'With its members.'),
    value('infinity', 'With everything below.'),
  ]),
  row('Destination', 'request', rfc(4918, '10.3'), 'Where COPY and MOVE of WebDAV put the resource.'),
  row('Overwrite', 'request', rfc(4918, '10.6'), 'Whether COPY and MOVE may replace what is there.', [
    value('T', 'It may.'),
    value('F', 'It may not.'),
  ]),
  row('Location', 'response', rfc(9110, '10.2.2'), 'Where a redirect leads, or where the new resource is.'),
  row('Set-Cookie', 'response', rfc(6265, '4.1'), 'Gives the client a cookie to keep.'),
  row('ETag', 'response', rfc(9110, '8.8.3'), 'Entity tag: names this version of the content.'),
  row('Last-Modified', 'response', rfc(9110, '8.8.2'), 'When the content last changed.'),
  row('WWW-Authenticate', 'response', rfc(9110, '11.6.1'), 'Says how the server wants to know who calls.'),
  row('Retry-After', 'response', rfc(9110, '10.2.3'), 'How long to wait before another try.'),
  row('Link', 'both', rfc(8288, '3'), 'Related addresses, such as the next page.'),
  row('Allow', 'response', rfc(9110, '10.2.1'), 'Methods that the resource knows.'),
  row('Vary', 'response', rfc(9110, '12.5.5'), 'Request headers the answer depends on.'),
  row('Age', 'response', rfc(9111, '5.1'), 'Seconds the answer has been in a cache.'),
  row('Expires', 'response', rfc(9111, '5.3'), 'Until when the answer is fresh.'),
  row('Server', 'response', rfc(9110, '10.2.4'), 'Names the program that answers.'),
  row('Accept-Ranges', 'response', rfc(9110, '14.3'), 'Whether parts of the content can be asked for.'),
  row('Content-Range', 'response', rfc(9110, '14.4'), 'Which part of the content this is.'),
  row('Strict-Transport-Security', 'response', rfc(6797, '6.1'), 'Asks browsers to use https from now on.'),
  row(
    'Content-Security-Policy',
    'response',
    { source: 'W3C CSP 3', url: 'https://www.w3.org/TR/CSP3/' },
    'What a page may load and run.',
  ),
  row('Access-Control-Allow-Origin', 'response', fetchStandard, 'Which sites may read the answer in a browser.'),
];

const byName: ReadonlyMap<string, HeaderInfo> = new Map(headerTable.map((info) => [info.name.toLowerCase(), info]));

export function headerByName(name: string): HeaderInfo | undefined {
  return byName.get(name.trim().toLowerCase());
}
