/**
 * A request as a view on its lines: each part is built when it is first asked for and kept, so that a file of ten
 * thousand requests costs little until somebody looks at one. Behaves like a plain `RequestNode`.
 */
import { buildScripts, type BlockPlace, type PlaceSource } from './block-place.ts';
import { buildBody, type BodyLine } from './body-node.ts';
import { parseCurl, type CurlRequest } from './curl/curl-request.ts';
import { parseDirective, parseRedirect, parseSeparatorDirective } from './directive-node.ts';
import { schemeProtocol } from './methods.ts';
import { parseRequestTarget, type RequestTarget } from './request-target.ts';
import { lineEnd, lineKind, lineStart, type RequestRange } from './scan/block.ts';
import { LINE } from './scan/line-kinds.ts';
import { headerColon, skipSpace, trimEnd } from './scan/line-shapes.ts';
import { TemplateBuilder, templateOf } from './template-builder.ts';
import type {
  BodyNode,
  DirectiveNode,
  HeaderNode,
  RedirectNode,
  RequestNode,
  RequestProtocol,
  ScriptNode,
  Span,
  Template,
} from './types.ts';

const noSpans: readonly Span[] = [];

export class ParsedRequest implements RequestNode {
  readonly index: number;
  private readonly file: PlaceSource;
  private readonly blockIndex: number;
  private readonly range: RequestRange;
  private placeMemo: BlockPlace | undefined;
  private targetMemo: RequestTarget | undefined;
  private curlMemo: CurlRequest | undefined;
  private headersMemo: readonly HeaderNode[] | undefined;
  private bodyMemo: { readonly body: BodyNode; readonly joined: readonly Span[] } | null | undefined;
  private directivesMemo: readonly DirectiveNode[] | undefined;
  private scriptsMemo: readonly ScriptNode[] | undefined;

  constructor(index: number, file: PlaceSource, blockIndex: number, range: RequestRange) {
    this.index = index;
    this.file = file;
    this.blockIndex = blockIndex;
    this.range = range;
  }

  get block(): number {
    return this.blockIndex;
  }

  private get place(): BlockPlace {
    return (this.placeMemo ??= this.file.placeOf(this.blockIndex));
  }

  get line(): number {
    return this.place.firstLine + this.range.line;
  }

  get curl(): boolean {
    return this.kindOf(this.range.line) === LINE.curl;
  }

  get span(): Span {
    const { place, range } = this;
    const start = range.first === 0 ? place.start : this.startOf(range.first);
    return {
      start,
      end: this.startOf(range.end),
    };
  }

  get requestLine(): Span {
    if (!this.curl) return this.spanOf(this.range.line);
    const last = this.indexesOf(LINE.curlMore).at(-1) ?? this.range.line;
    return { start: this.startOf(this.range.line), end: this.endOf(last) };
  }

  /** What stands behind `###`. */
  private get heading(): string | null {
    const { place, range } = this;
    if (range.first !== 0 || this.kindOf(0) !== LINE.separator) return null;
    const line = place.text.slice(this.startOf(0), this.endOf(0));
    const title = line
      .replace(/^\s*#{3,}/, '')
      .replace(/(?:^|\s)#{3,}\s*$/, '')
      .replace(/^\s*@name(?:\s*=\s*|\s+)/, '')
      .trim();
    return title === '' ? null : title;
  }

  get title(): string | null {
    const { heading } = this;
    if (heading !== null) return heading;
    const titled = this.directives.find((directive) => directive.name.toLowerCase() === 'title')?.value ?? '';
    return titled === '' ? null : titled;
  }

  get name(): string | null {
    const named = this.nameDirective;
    if (named) return named.value;
    // `# @title` is a label alone.
    const { heading } = this;
    return heading !== null && /^[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$-]*$/u.test(heading) ? heading : null;
  }

  get nameSpan(): Span | null {
    const named = this.nameDirective;
    if (named) return named.valueSpan;
    const { name } = this;
    if (name === null) return null;
    const at = this.place.text.indexOf(name, this.span.start);
    return { start: at, end: at + name.length };
  }

  private get nameDirective(): DirectiveNode | undefined {
    return this.directives.find((directive) => directive.name.toLowerCase() === 'name' && directive.value !== '');
  }

  get protocol(): RequestProtocol {
    return this.curl ? (schemeProtocol(this.url.text) ?? 'http') : this.target.protocol;
  }

  get method(): string {
    return this.curl ? this.curlRequest.method : this.target.method;
  }

  get methodSpan(): Span | null {
    return this.curl ? this.curlRequest.methodSpan : this.target.methodSpan;
  }

  get url(): Template {
    return this.curl ? this.curlRequest.url : this.target.url;
  }

  get httpVersion(): string | null {
    return this.curl ? this.curlRequest.httpVersion : this.target.httpVersion;
  }

  get headers(): readonly HeaderNode[] {
    return (this.headersMemo ??= this.curl ? this.curlRequest.headers : this.buildHeaders());
  }

  get body(): BodyNode | null {
    return this.curl ? this.curlRequest.body : (this.builtBody?.body ?? null);
  }

  get directives(): readonly DirectiveNode[] {
    return (this.directivesMemo ??= this.buildDirectives());
  }

  get scripts(): readonly ScriptNode[] {
    return (this.scriptsMemo ??= buildScripts(this.place, this.range.first, this.range.end, this.range.line));
  }

  get redirects(): readonly RedirectNode[] {
    const { text, firstLine } = this.place;
    return this.indexesOf(LINE.redirect).map((index) => parseRedirect(text, this.spanOf(index), firstLine + index));
  }

  /** Form lines that were joined with an `&` nobody wrote (F1), and what of a cURL command is not used. */
  get remarks(): { readonly joined: readonly Span[]; readonly curl: CurlRequest['remarks'] } {
    return this.curl
      ? { joined: [], curl: this.curlRequest.remarks }
      : { joined: this.builtBody?.joined ?? [], curl: [] };
  }

  toJSON(): RequestNode {
    const { index, block, name, title, nameSpan, line, span, requestLine, protocol, curl, method, methodSpan, url } =
      this;
    const { httpVersion, headers, body, directives, scripts, redirects } = this;
    return {
      index,
      block,
      name,
      title,
      nameSpan,
      line,
      span,
      requestLine,
      protocol,
      curl,
      method,
      methodSpan,
      url,
      httpVersion,
      headers,
      body,
      directives,
      scripts,
      redirects,
    };
  }

  private get target(): RequestTarget {
    return (this.targetMemo ??= parseRequestTarget(this.place.text, this.spanOf(this.range.line), this.urlParts()));
  }

  private urlParts(): readonly Span[] {
    let parts: Span[] | undefined;
    for (let index = this.range.line + 1; index < this.range.end; index++) {
      const kind = this.kindOf(index);
      if (kind === LINE.blank || kind === LINE.body) break;
      if (kind === LINE.urlPart) (parts ??= []).push(this.spanOf(index));
    }
    return parts ?? noSpans;
  }

  private get curlRequest(): CurlRequest {
    return (this.curlMemo ??= parseCurl(
      this.place.text,
      [this.range.line, ...this.indexesOf(LINE.curlMore)].map((index) => this.spanOf(index)),
      (offset) => this.lineOf(offset),
    ));
  }

  private get builtBody() {
    if (this.bodyMemo !== undefined) return this.bodyMemo;
    const lines: BodyLine[] = [];
    for (let index = this.range.line + 1; index < this.range.end; index++) {
      const kind = this.kindOf(index);
      if (kind === LINE.body || kind === LINE.bodyFile || kind === LINE.bodyComment)
        lines.push({ kind, start: this.startOf(index), end: this.endOf(index), next: this.startOf(index + 1) });
    }
    const value = (name: string) =>
      this.headers.find((header) => header.name.text.toLowerCase() === name)?.value.text ?? null;
    const graphql = this.protocol === 'graphql' || value('x-request-type')?.toLowerCase() === 'graphql';
    this.bodyMemo =
      lines.length === 0 ? null : buildBody(this.place.text, lines, { contentType: value('content-type'), graphql });
    return this.bodyMemo;
  }

  private buildHeaders(): readonly HeaderNode[] {
    const { text } = this.place;
    const headers: HeaderNode[] = [];
    for (let index = this.range.line + 1; index < this.range.end; index++) {
      if (this.kindOf(index) !== LINE.header) continue;
      const start = this.startOf(index);
      const end = this.endOf(index);
      const ink = skipSpace(text, start, end);
      const colon = headerColon(text, ink, end);
      const from = skipSpace(text, colon + 1, end);
      let value = templateOf(text, from, trimEnd(text, from, end));
      let last = index;
      while (last + 1 < this.range.end && this.kindOf(last + 1) === LINE.headerFold) last++;
      if (last > index) value = this.unfold(value.span, index, last);
      headers.push({
        name: templateOf(text, ink, trimEnd(text, ink, colon)),
        value,
        span: { start, end: this.endOf(last) },
        line: this.place.firstLine + index,
      });
    }
    return headers;
  }

  /** A header value with its continuation lines, joined by single spaces. */
  private unfold(first: Span, index: number, last: number): Template {
    const { text } = this.place;
    const value = new TemplateBuilder(text).add(first.start, first.end);
    for (let line = index + 1; line <= last; line++) {
      const from = skipSpace(text, this.startOf(line), this.endOf(line));
      if (!value.isEmpty) value.literal(' ');
      value.add(from, trimEnd(text, from, this.endOf(line)));
    }
    return value.build(undefined, first.start);
  }

  private buildDirectives(): readonly DirectiveNode[] {
    const { place, range } = this;
    const directives: DirectiveNode[] = [];
    if (range.first === 0 && this.kindOf(0) === LINE.separator) {
      const named = parseSeparatorDirective(place.text, this.spanOf(0), place.firstLine);
      if (named) directives.push(named);
    }
    for (const index of this.indexesOf(LINE.directive))
      directives.push(parseDirective(place.text, this.spanOf(index), place.firstLine + index));
    return directives;
  }

  private indexesOf(kind: number): number[] {
    const found: number[] = [];
    for (let index = this.range.first; index < this.range.end; index++)
      if (this.kindOf(index) === kind) found.push(index);
    return found;
  }

  private kindOf(index: number): number {
    return lineKind(this.place.block, index);
  }

  private startOf(index: number): number {
    return this.place.start + lineStart(this.place.block, index);
  }

  private endOf(index: number): number {
    return this.place.start + lineEnd(this.place.block, index);
  }

  private spanOf(index: number): Span {
    return { start: this.startOf(index), end: this.endOf(index) };
  }

  private lineOf(offset: number): number {
    let index = this.range.line;
    while (index + 1 < this.range.end && this.startOf(index + 1) <= offset) index++;
    return this.place.firstLine + index;
  }
}
