/**
 * Expands a cURL command into method, URL, headers and body. Nothing is run and no file is read; `@file` becomes
 * an include. What is not understood is reported, never dropped in silence. Source: dialects.md §14.
 */
import { kindByLook, mediaTraits } from '../body-kind.ts';
import { literalTemplate, TemplateBuilder } from '../template-builder.ts';
import type { BodyNode, BodyPart, HeaderNode, Span, Template } from '../types.ts';
import { readCurlArguments, type CurlArgument } from './curl-arguments.ts';
import { buildCurlData, buildCurlForm, type CurlBody } from './curl-data.ts';
import { splitShell } from './split-shell.ts';

export interface CurlRequest {
  readonly method: string;
  readonly methodSpan: Span | null;
  readonly url: Template;
  readonly httpVersion: string | null;
  readonly headers: readonly HeaderNode[];
  readonly body: BodyNode | null;
  readonly remarks: readonly { readonly text: string; readonly span: Span }[];
}

/** @param lineOf the 1-based line of an offset. */
export function parseCurl(source: string, ranges: readonly Span[], lineOf: (offset: number) => number): CurlRequest {
  const { words, open } = splitShell(source, ranges);
  const { args, remarks } = readCurlArguments(words.slice(1));
  const whole = { start: ranges[0]!.start, end: ranges.at(-1)!.end };
  if (open) remarks.push({ text: 'a quote is not closed', span: whole });
  const of = (...effects: CurlArgument['effect'][]) => args.filter((arg) => effects.includes(arg.effect));
  const headers: HeaderNode[] = [];
  const addHeader = (name: string, value: Template, span: Span) =>
    headers.push({ name: literalTemplate(name, span), value, span, line: lineOf(span.start) });

  for (const arg of of('header')) {
    const header = splitHeader(source, arg.value, arg.span, lineOf);
    if (header) headers.push(header);
    else remarks.push({ text: 'a header from a file or without a colon is left out', span: arg.span });
  }
  const has = (name: string) => headers.some((header) => header.name.text.toLowerCase() === name);
  for (const arg of of('agent')) addHeader('User-Agent', arg.value, arg.span);
  for (const arg of of('referer')) addHeader('Referer', arg.value, arg.span);
  for (const arg of of('range')) addHeader('Range', prefixed('bytes=', arg.value), arg.span);
  for (const arg of of('bearer')) addHeader('Authorization', prefixed('Bearer ', arg.value), arg.span);
  for (const arg of of('user')) {
    if (!has('authorization'))
      addHeader('Authorization', prefixed(of('digest').length > 0 ? 'Digest ' : 'Basic ', arg.value), arg.span);
  }
  for (const arg of of('cookie')) {
    if (arg.value.text.includes('=') || arg.value.text.startsWith('{{')) addHeader('Cookie', arg.value, arg.span);
    else remarks.push({ text: 'a cookie file is left out', span: arg.span });
  }

  const urls = of('url');
  for (const extra of urls.slice(1)) remarks.push({ text: 'only its first URL is requested', span: extra.span });
  const data = of('data', 'data-raw', 'data-binary', 'data-urlencode', 'json');
  const forms = of('form', 'form-string');
  const uploads = of('upload');
  const toQuery = of('get').length > 0 || of('head').length > 0;
  let url = urls[0]?.value ?? literalTemplate('', whole);
  let content: CurlBody | null = null;
  if (data.length > 0) {
    content = buildCurlData(source, data);
    if (toQuery && content.parts.every((part) => part.kind === 'text')) {
      url = withQuery(url, content);
      content = null;
    } else {
      const json = of('json').length > 0;
      if (!has('content-type'))
        addHeader(
          'Content-Type',
          literalTemplate(json ? 'application/json' : 'application/x-www-form-urlencoded', data[0]!.span),
          data[0]!.span,
        );
      if (json && !has('accept'))
        addHeader('Accept', literalTemplate('application/json', data[0]!.span), data[0]!.span);
    }
  } else if (forms.length > 0) {
    const built = buildCurlForm(source, forms);
    for (const arg of built.dropped) remarks.push({ text: 'a form field without “=” is left out', span: arg.span });
    content = built;
    const own = headers.findIndex((header) => header.name.text.toLowerCase() === 'content-type');
    if (own >= 0) headers.splice(own, 1);
    addHeader(
      'Content-Type',
      literalTemplate(`multipart/form-data; boundary=${built.boundary}`, forms[0]!.span),
      forms[0]!.span,
    );
  } else if (uploads.length > 0) {
    content = {
      parts: [{ kind: 'file', path: uploads[0]!.value, variables: false, span: uploads[0]!.span }],
      span: uploads[0]!.span,
    };
  }
  const method = of('method').at(-1);
  const fallback = of('head').length > 0 ? 'HEAD' : uploads.length > 0 ? 'PUT' : content ? 'POST' : 'GET';
  return {
    method: method ? method.value.text.toUpperCase() : fallback,
    methodSpan: method ? method.value.span : null,
    url,
    httpVersion: of('http-version').at(-1)?.value.text ?? null,
    headers,
    body: content && toBody(content, headers),
    remarks,
  };
}

function splitHeader(
  source: string,
  value: Template,
  span: Span,
  lineOf: (offset: number) => number,
): HeaderNode | null {
  // `Name;` is curl's way to send a header without a value.
  const colon = value.text.startsWith('{{')
    ? value.text.indexOf(':', value.text.indexOf('}}'))
    : value.text.indexOf(':');
  const end = colon < 0 && value.text.endsWith(';') ? value.text.length - 1 : colon;
  if (end <= 0 || value.text.startsWith('@')) return null;
  const name = sliceTemplate(source, value, 0, value.text.slice(0, end).trimEnd().length);
  let from = Math.min(end + 1, value.text.length);
  while (value.text[from] === ' ' || value.text[from] === '\t') from++;
  return {
    name,
    value: sliceTemplate(source, value, from, value.text.trimEnd().length),
    span,
    line: lineOf(span.start),
  };
}

/** Part of a template, with the pieces that fall in it. */
function sliceTemplate(source: string, template: Template, from: number, to: number): Template {
  const builder = new TemplateBuilder(source);
  let at = from;
  for (const piece of template.pieces) {
    const start = Math.max(piece.at, from);
    const end = Math.min(piece.at + piece.length, to);
    if (start >= end) continue;
    builder.literal(template.text.slice(at, start));
    builder.add(piece.source + (start - piece.at), piece.source + (end - piece.at));
    at = end;
  }
  if (at < to) builder.literal(template.text.slice(at, to));
  return builder.build(undefined, template.span.start);
}

function prefixed(prefix: string, value: Template): Template {
  return {
    ...value,
    text: prefix + value.text,
    pieces: value.pieces.map((piece) => ({ ...piece, at: piece.at + prefix.length })),
  };
}

function withQuery(url: Template, content: CurlBody): Template {
  const joins = url.text.includes('?') ? (/[?&]$/.test(url.text) ? '' : '&') : '?';
  let text = url.text + joins;
  const pieces = [...url.pieces];
  for (const part of content.parts) {
    if (part.kind !== 'text') continue;
    for (const piece of part.text.pieces) pieces.push({ ...piece, at: piece.at + text.length });
    text += part.text.text;
  }
  return { text, pieces, span: url.span };
}

function toBody(content: CurlBody, headers: readonly HeaderNode[]): BodyNode {
  const type = headers.find((header) => header.name.text.toLowerCase() === 'content-type')?.value.text ?? null;
  const media = mediaTraits(type);
  const first = content.parts[0];
  const look = first?.kind === 'text' ? kindByLook(first.text.text) : 'text';
  const parts: readonly BodyPart[] = content.parts;
  const kind =
    media.kind === 'multipart'
      ? 'multipart'
      : parts.every((part) => part.kind === 'file')
        ? 'file'
        : parts.some((part) => part.kind === 'file')
          ? 'mixed'
          : media.kind === 'form' && look === 'json'
            ? 'json'
            : (media.kind ?? look);
  return { kind, parts, span: content.span, stripped: [] };
}
