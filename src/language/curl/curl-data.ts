/** Bodies of a cURL command: `-d` and its kin joined with `&`, and `-F` as multipart/form-data (RFC 7578). */
import { TemplateBuilder } from '../template-builder.ts';
import type { BodyPart, Span, Template } from '../types.ts';
import type { CurlArgument } from './curl-arguments.ts';

export interface CurlBody {
  readonly parts: readonly BodyPart[];
  readonly span: Span;
}

function spanOf(args: readonly CurlArgument[]): Span {
  return { start: args[0]!.span.start, end: args.at(-1)!.span.end };
}

class PartList {
  readonly parts: BodyPart[] = [];
  private readonly source: string;
  private builder: TemplateBuilder;

  constructor(source: string) {
    this.source = source;
    this.builder = new TemplateBuilder(source);
  }

  literal(text: string): this {
    this.builder.literal(text);
    return this;
  }

  template(value: Template, from = 0): this {
    let at = from;
    for (const piece of value.pieces) {
      const cut = Math.max(0, at - piece.at);
      if (cut >= piece.length) continue;
      this.builder.literal(value.text.slice(at, piece.at + cut));
      this.builder.add(piece.source + cut, piece.source + piece.length);
      at = piece.at + piece.length;
    }
    this.builder.literal(value.text.slice(at));
    return this;
  }

  file(path: Template, span: Span): this {
    this.flush();
    this.parts.push({ kind: 'file', path, variables: false, span });
    return this;
  }

  flush(emptyAt = 0): readonly BodyPart[] {
    if (!this.builder.isEmpty) this.parts.push({ kind: 'text', text: this.builder.build(undefined, emptyAt) });
    this.builder = new TemplateBuilder(this.source);
    return this.parts;
  }
}

/** `-d`, `--data-raw`, `--data-binary`, `--data-urlencode`, `--json`, in the order given. */
export function buildCurlData(source: string, args: readonly CurlArgument[]): CurlBody {
  const list = new PartList(source);
  args.forEach((arg, index) => {
    if (index > 0 && arg.effect !== 'json') list.literal('&');
    const { text } = arg.value;
    if (arg.effect === 'data-urlencode') addEncoded(source, list, arg);
    else if (text.startsWith('@') && arg.effect !== 'data-raw') list.file(cut(source, arg.value, 1), arg.span);
    else list.template(arg.value);
  });
  const parts = list.flush(args[0]!.span.start);
  const span = spanOf(args);
  return { parts: parts.length > 0 ? parts : [{ kind: 'text', text: { text: '', pieces: [], span } }], span };
}

/** `name=content`, `=content`, `content`; content is encoded but for its placeholders. */
function addEncoded(source: string, list: PartList, arg: CurlArgument): void {
  const { text } = arg.value;
  const equals = text.indexOf('=');
  const at = text.indexOf('@');
  if (at >= 0 && (equals < 0 || at < equals)) {
    if (at > 0) list.literal(`${text.slice(0, at)}=`);
    list.file(cut(source, arg.value, at + 1), arg.span);
    return;
  }
  if (equals > 0) list.literal(text.slice(0, equals + 1));
  list.literal(
    text
      .slice(equals + 1)
      .split(/(\{\{.*?\}\})/s)
      .map((piece, index) => (index % 2 === 1 ? piece : encodeURIComponent(piece.toWellFormed())))
      .join(''),
  );
}

function cut(source: string, value: Template, from: number): Template {
  const list = new PartList(source).template(value, from).flush(value.span.start);
  const first = list[0];
  return first?.kind === 'text' ? first.text : { text: '', pieces: [], span: value.span };
}

/** `-F name=value`, `name=@file;type=…;filename=…`, `name=<file`. */
export function buildCurlForm(
  source: string,
  args: readonly CurlArgument[],
): CurlBody & { readonly boundary: string; readonly dropped: readonly CurlArgument[] } {
  let boundary = 'countersign-form-boundary';
  while (args.some((arg) => arg.value.text.includes(boundary))) boundary += '-x';
  const list = new PartList(source);
  const dropped: CurlArgument[] = [];
  for (const arg of args) {
    const { text } = arg.value;
    const equals = text.indexOf('=');
    if (equals <= 0) {
      dropped.push(arg);
      continue;
    }
    const name = text.slice(0, equals);
    const sign = arg.effect === 'form' ? text[equals + 1] : undefined;
    list.literal(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`);
    if (sign === '@' || sign === '<') {
      const rest = text.slice(equals + 2);
      const path = /^(?:"((?:[^"\\]|\\.)*)"|[^;]*)/.exec(rest)!;
      const file = (path[1] ?? path[0]).trim();
      const type = /;\s*type=([^;]+)/i.exec(rest)?.[1]?.trim();
      const shown = /;\s*filename=("?)([^";]+)\1/i.exec(rest)?.[2] ?? file.split(/[\\/]/).at(-1)!;
      if (sign === '@') list.literal(`; filename="${quoted(shown)}"`);
      list.literal('\r\n');
      if (type !== undefined || sign === '@') list.literal(`Content-Type: ${type ?? 'application/octet-stream'}\r\n`);
      list.literal('\r\n').file({ text: file, pieces: [], span: arg.value.span }, arg.span).literal('\r\n');
    } else
      list
        .literal('\r\n\r\n')
        .template(arg.value, equals + 1)
        .literal('\r\n');
  }
  list.literal(`--${boundary}--\r\n`);
  return { parts: list.flush(args[0]!.span.start), span: spanOf(args), boundary, dropped };
}

function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
