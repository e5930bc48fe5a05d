/** Values that stand in headers, with one sentence each, in order of likelihood. Media types by the IANA registry. */

export interface ValueInfo {
  readonly value: string;
  readonly doc: string;
}

const list = (rows: readonly (readonly [string, string])[]): readonly ValueInfo[] =>
  rows.map(([value, doc]) => ({ value, doc }));

export const mediaTypes = list([
  ['application/json', 'JSON.'],
  ['application/x-www-form-urlencoded', 'The fields of a form, as in a query.'],
  ['multipart/form-data; boundary=boundary', 'The fields and files of a form, in parts.'],
  ['text/plain', 'Text without markup.'],
  ['application/xml', 'XML.'],
  ['text/xml', 'XML, older name.'],
  ['text/html', 'HTML.'],
  ['application/graphql', 'A GraphQL query as it is.'],
  ['application/problem+json', 'An error of an API, as JSON (RFC 9457).'],
  ['application/ld+json', 'Linked data as JSON.'],
  ['application/hal+json', 'JSON with links.'],
  ['application/vnd.api+json', 'JSON:API.'],
  ['application/merge-patch+json', 'A change as a partial document (RFC 7396).'],
  ['application/json-patch+json', 'A change as a list of operations (RFC 6902).'],
  ['application/x-ndjson', 'One JSON value a line.'],
  ['application/yaml', 'YAML (RFC 9512).'],
  ['text/csv', 'Comma-separated values.'],
  ['text/markdown', 'Markdown.'],
  ['text/event-stream', 'Events, one after the other.'],
  ['application/octet-stream', 'Bytes of no stated format.'],
  ['application/pdf', 'PDF.'],
  ['application/zip', 'A ZIP archive.'],
  ['application/gzip', 'A gzip file.'],
  ['application/soap+xml', 'A SOAP 1.2 message.'],
  ['application/atom+xml', 'An Atom feed.'],
  ['application/jwt', 'A JSON Web Token.'],
  ['application/protobuf', 'Protocol buffers.'],
  ['application/cbor', 'CBOR.'],
  ['application/scim+json', 'SCIM users and groups.'],
  ['application/geo+json', 'Geographic features as JSON.'],
  ['application/javascript', 'JavaScript.'],
  ['text/css', 'CSS.'],
  ['image/png', 'PNG picture.'],
  ['image/jpeg', 'JPEG picture.'],
  ['image/svg+xml', 'SVG picture.'],
  ['image/webp', 'WebP picture.'],
  ['image/gif', 'GIF picture.'],
  ['audio/mpeg', 'MP3 sound.'],
  ['video/mp4', 'MP4 film.'],
]);

export const codingValues = list([
  ['gzip, deflate, br, zstd', 'All that can be read here.'],
  ['gzip', 'gzip (RFC 1952).'],
  ['br', 'Brotli (RFC 7932).'],
  ['zstd', 'Zstandard (RFC 8878).'],
  ['deflate', 'zlib (RFC 1950).'],
  ['identity', 'No compression.'],
]);

export const cacheValues = list([
  ['no-cache', 'Ask the server before an answer is reused.'],
  ['no-store', 'Keep nothing.'],
  ['max-age=0', 'Only an answer of this second is fresh.'],
  ['max-age=3600', 'An answer of the last hour is fresh.'],
  ['only-if-cached', 'Answer from a cache or not at all.'],
  ['no-transform', 'Do not change the content on the way.'],
]);

export const authorizationValues = list([
  ['Bearer', 'A token follows (RFC 6750).'],
  ['Basic', 'User name and password follow (RFC 7617).'],
  ['Digest', 'User name and password follow, and are never sent as they are (RFC 7616).'],
  ['AWS', 'Access key and secret key follow; the request is signed.'],
  ['DPoP', 'A token bound to a key follows (RFC 9449).'],
]);

/** What may follow `# @timeout` and `# @sleep`. */
export const durationValues = list([
  ['5 s', 'Five seconds.'],
  ['30 s', 'Half a minute.'],
  ['500 ms', 'Half a second.'],
  ['2 m', 'Two minutes.'],
]);
export const millisecondValues = list([
  ['500', 'Half a second.'],
  ['1000', 'One second.'],
  ['5000', 'Five seconds.'],
]);
