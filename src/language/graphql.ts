/**
 * Splits the text of a GraphQL body into the members of a GraphQL-over-HTTP request. The variables are the last
 * top-level JSON object that a blank line precedes, so queries may hold blank lines themselves (conflict G1).
 * Placeholders may still stand in the text.
 */

export interface GraphqlRequest {
  readonly query: string;
  /** Parsed when it is JSON, absent when there is none. */
  readonly variables?: unknown;
  /** The name of the document's only or first named operation. */
  readonly operationName?: string;
}

/** @param text the body after placeholders were resolved; line ends LF or CRLF. */
export function splitGraphql(text: string): GraphqlRequest {
  const body = text.trim();
  const whole = wholeRequest(body);
  if (whole) return whole;
  const at = variablesAt(body);
  const query = (at < 0 ? body : body.slice(0, at)).trim();
  const variables: unknown = at < 0 ? undefined : parseJson(body.slice(at));
  const operationName = /(?:^|[\s}])(?:query|mutation|subscription)\s+([A-Za-z_]\w*)/.exec(withoutIgnored(query))?.[1];
  return {
    query,
    ...(variables === undefined ? {} : { variables }),
    ...(operationName === undefined ? {} : { operationName }),
  };
}

/** A body that is already `{"query": …}` passes as it is. */
function wholeRequest(body: string): GraphqlRequest | null {
  if (!body.startsWith('{')) return null;
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null || !('query' in parsed) || typeof parsed.query !== 'string')
    return null;
  return parsed as GraphqlRequest;
}

/** Offset of the variables' `{`, or -1. */
function variablesAt(body: string): number {
  for (let at = body.lastIndexOf('{'); at > 0; at = body.lastIndexOf('{', at - 1)) {
    const before = body.slice(0, at);
    if (!/(?:^|\n)[ \t]*\r?\n[ \t]*$/.test(before)) continue;
    if (parseJson(body.slice(at)) !== undefined) return at;
  }
  return -1;
}

/** The value of a JSON text, undefined when it is none; unquoted placeholders count as values. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!text.includes('{{')) return undefined;
  }
  try {
    return JSON.parse(
      text.replace(
        /("(?:[^"\\]|\\.)*")|\{\{[^{}]*\}\}/g,
        (match, quoted: string | undefined) => quoted ?? JSON.stringify(match),
      ),
    );
  } catch {
    return undefined;
  }
}

/** The document without comments and strings, in which words that look like keywords may stand. */
function withoutIgnored(query: string): string {
  return query.replace(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, ' ');
}
