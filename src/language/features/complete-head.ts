/** Completion in the head of a request: method, protocol version, header names and values. */
import { methods } from '../methods.ts';
import type { RequestNode, Span } from '../types.ts';
import type { CompletionItem } from './completion.ts';
import type { FeatureContext } from './feature-context.ts';
import { headerByName, headerTable } from './header-table.ts';
import { likelyMethods, methodDocs } from './method-table.ts';

export function completeMethod(replace: Span): readonly CompletionItem[] {
  const ordered = [...likelyMethods, ...methods.filter((method) => !likelyMethods.includes(method))];
  return ordered.map((label) => ({
    label,
    kind: 'method',
    replace,
    ...(methodDocs[label] === undefined ? {} : { documentation: methodDocs[label] }),
  }));
}

export function completeHttpVersion(replace: Span): readonly CompletionItem[] {
  return ['HTTP/1.1', 'HTTP/2'].map((label) => ({ label, kind: 'value', replace }));
}

const bodyless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Those the request has already are left out; `Content-Type` leads only where a body is likely. */
export function completeHeaderName(
  request: RequestNode | undefined,
  replace: Span,
  hasColon: boolean,
): readonly CompletionItem[] {
  const here = new Set(
    request?.headers
      .filter((header) => header.span.end < replace.start || header.span.start > replace.end)
      .map((header) => header.name.text.trim().toLowerCase()),
  );
  const offered = headerTable.filter(({ name, sent }) => sent !== 'response' && !here.has(name.toLowerCase()));
  const first = request && bodyless.has(request.method) && !request.body ? 'Accept' : 'Content-Type';
  const leading = offered.filter(({ name }) => name === first);
  return [...leading, ...offered.filter(({ name }) => name !== first)].map((info) => ({
    label: hasColon ? info.name : `${info.name}: `,
    kind: 'header',
    detail: info.source,
    documentation: info.doc,
    replace,
    continues: !hasColon && info.values !== undefined,
  }));
}

const byBody: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data; boundary=boundary',
  graphql: 'application/json',
};

export async function completeHeaderValue(
  request: RequestNode | undefined,
  header: string,
  replace: Span,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const info = headerByName(header);
  const name = header.toLowerCase();
  const likely = name === 'content-type' ? byBody[request?.body?.kind ?? ''] : undefined;
  const values = [...(info?.values ?? [])].sort((a, b) => Number(b.value === likely) - Number(a.value === likely));
  const items: CompletionItem[] = values.map(({ value, doc }) => ({
    label: value,
    kind: 'value',
    documentation: doc,
    replace,
  }));
  if (name === 'authorization') {
    for (const credential of await context.credentials()) {
      if (credential.scheme !== 'OAuth 2.0') continue;
      items.push({
        label: `Bearer {{$auth.token("${credential.name}")}}`,
        kind: 'credential',
        detail: credential.origins.join(', '),
        documentation: `The access token of ${credential.name}; # @auth ${credential.name} does the same for the whole request.`,
        replace,
      });
    }
  }
  return items;
}
