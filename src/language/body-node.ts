/**
 * Builds a request's `BodyNode` from its lines: comments taken out, form lines joined, includes apart, line ends
 * as they are sent. Source: dialects.md §6, conflicts C1, F1, B1.
 */
import { kindByLook, looksLikeGraphql, mediaTraits } from './body-kind.ts';
import { joinForm, type FormLine } from './form-body.ts';
import { LINE } from './scan/line-kinds.ts';
import { skipSpace, trimEnd } from './scan/line-shapes.ts';
import { TemplateBuilder, templateOf } from './template-builder.ts';
import type { BodyKind, BodyNode, BodyPart, Span } from './types.ts';

export interface BodyLine {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  /** Where the next line starts: after this one's line end. */
  readonly next: number;
}

export interface BodyFacts {
  readonly contentType: string | null;
  readonly graphql: boolean;
}

/** @returns the body, or null when no line is one; `joined` are form lines that got an `&` (F1). */
export function buildBody(
  source: string,
  lines: readonly BodyLine[],
  facts: BodyFacts,
): { readonly body: BodyNode; readonly joined: readonly Span[] } | null {
  const sent = lines.filter((line) => line.kind === LINE.body || line.kind === LINE.bodyFile);
  if (sent.length === 0) return null;
  const media = mediaTraits(facts.contentType);
  const isForm = media.kind === 'form';
  const parts: BodyPart[] = [];
  const joined: Span[] = [];
  let builder = new TemplateBuilder(source);
  let form: FormLine[] = [];
  const flush = () => {
    if (isForm) {
      for (const index of joinForm(source, form, builder)) joined.push(form[index]!);
      form = [];
    }
    if (!builder.isEmpty) parts.push({ kind: 'text', text: builder.build() });
    builder = new TemplateBuilder(source);
  };
  let before: BodyLine | null = null;
  for (const line of sent) {
    if (before && !(isForm && line.kind === LINE.body && before.kind === LINE.body))
      builder.newline(before.end, before.next, media.newline);
    if (line.kind === LINE.bodyFile) {
      flush();
      parts.push(parseInclude(source, line));
    } else if (line.kind === LINE.body) {
      const gql = facts.graphql || media.kind === 'json' || !media.declared ? parseGql(source, line) : null;
      if (gql) {
        flush();
        parts.push(gql);
      } else if (isForm) form.push(line);
      else builder.add(line.start, line.end);
    }
    before = line;
  }
  if (media.finalNewline && sent.at(-1)!.kind === LINE.body) builder.literal('\n');
  flush();
  const span = { start: sent[0]!.start, end: sent.at(-1)!.end };
  const stripped = lines.filter((line) => line.kind === LINE.bodyComment).map(({ start, end }) => ({ start, end }));
  return { body: { kind: kindOf(source, parts, sent, facts), parts, span, stripped }, joined };
}

function kindOf(source: string, parts: readonly BodyPart[], sent: readonly BodyLine[], facts: BodyFacts): BodyKind {
  const media = mediaTraits(facts.contentType);
  if (media.kind === 'multipart') return 'multipart';
  const first = sent.find((line) => skipSpace(source, line.start, line.end) < line.end)!;
  const look = source.slice(first.start, first.end);
  if (facts.graphql || ((!media.declared || media.kind === 'json') && looksLikeGraphql(look))) return 'graphql';
  if (parts.every((part) => part.kind === 'file')) return 'file';
  if (parts.some((part) => part.kind === 'file')) return 'mixed';
  return media.kind ?? kindByLook(look);
}

function parseInclude(source: string, line: BodyLine): BodyPart {
  const match = /^<(@(\w+)?)?\s+/.exec(source.slice(line.start, line.end))!;
  const from = line.start + match[0].length;
  return {
    kind: 'file',
    path: templateOf(source, from, trimEnd(source, from, line.end)),
    variables: match[1] !== undefined,
    ...(match[2] === undefined ? {} : { encoding: match[2] }),
    span: { start: line.start, end: line.end },
  };
}

/** httpYac's `gql NAME < file`: a GraphQL document from a file. */
function parseGql(source: string, line: BodyLine): BodyPart | null {
  const match = /^\s*gql\s+\w+\s+<\s*(?=\S)/.exec(source.slice(line.start, line.end));
  if (!match) return null;
  const from = line.start + match[0].length;
  return {
    kind: 'file',
    path: templateOf(source, from, trimEnd(source, from, line.end)),
    variables: false,
    span: { start: line.start, end: line.end },
  };
}
