/**
 * What a hover says of the thing under the pointer: a variable, a credential, a header, a directive, a method. As pieces
 * of plain text; the adapter makes them Markdown and escapes them, since values and names may come from anywhere.
 * Source: ux.md B3, design.md B3.1.
 */
import { canonicalDirective, directiveByName } from '../directives/canonical.ts';
import { directiveDoc } from '../directives/directive.ts';
import { nodeAt } from '../lookup.ts';
import type { DirectiveNode, RequestFile, Span } from '../types.ts';
import type { CredentialFact, FeatureContext, OriginFact, ReferenceFact } from './feature-context.ts';
import { headerByName } from './header-table.ts';
import { methodDocs } from './method-table.ts';
import { referenceAt } from './references-in-file.ts';

export interface HoverRow {
  readonly label: string;
  readonly value: string;
  /** Shown in the editor’s font. */
  readonly code?: boolean;
  /** Behind the value, in the text’s font. */
  readonly tail?: string;
}

/** An address, or one of our commands without its prefix. */
export type HoverLink =
  | { readonly title: string; readonly url: string }
  | {
      readonly title: string;
      readonly command: 'showClaims' | 'showTrace' | 'signIn' | 'signOut';
      readonly argument: { readonly name: string };
    };

export interface HoverContent {
  readonly span: Span;
  readonly title: string;
  /** Behind the title, after a middle dot. */
  readonly about?: string;
  readonly icon?: 'pass' | 'warning';
  readonly rows?: readonly HoverRow[];
  readonly text?: readonly string[];
  readonly links?: readonly HoverLink[];
}

export async function hover(
  file: RequestFile,
  offset: number,
  context: FeatureContext,
): Promise<HoverContent | undefined> {
  const node = nodeAt(file, offset);
  if (node.kind === 'script') return undefined;
  const request = 'request' in node ? node.request : undefined;
  const reference = referenceAt(file, request, offset);
  if (reference) return hoverReference(reference.expression, reference.span, request?.index, context);
  switch (node.kind) {
    case 'variable': {
      const { name, nameSpan } = node.variable;
      if (offset > nameSpan.end) return undefined;
      return hoverReference(
        name,
        nameSpan,
        file.requests.find(({ line }) => line > node.variable.line)?.index,
        context,
      );
    }
    case 'directive':
      return hoverDirective(node.directive, offset, context);
    case 'header':
      return node.part === 'name' ? hoverHeader(node.header.name.text, node.header.name.span) : undefined;
    case 'method': {
      const doc = methodDocs[node.request.method];
      const span = node.request.methodSpan;
      return doc && span ? { span, title: node.request.method, text: [doc] } : undefined;
    }
    default:
      return undefined;
  }
}

async function hoverReference(
  expression: string,
  span: Span,
  request: number | undefined,
  context: FeatureContext,
): Promise<HoverContent> {
  const token = /^\$auth\.(?:token|idToken)\(\s*["']([^"']+)["']\s*\)$/.exec(expression);
  const credential = token && (await context.credential(token[1] ?? ''));
  if (credential) return credentialContent(credential, span);
  if (expression.startsWith('$')) {
    const name = /^\$[\w.]+/.exec(expression)?.[0].toLowerCase() ?? '';
    const found = context.dynamics.find(
      (one) =>
        one.name.toLowerCase() === name || (one.dotted === true && name.startsWith(`${one.name.toLowerCase()}.`)),
    );
    if (found) {
      return {
        span,
        title: found.signature,
        text: [found.documentation],
        rows: found.parameters.map(({ name: label, description }) => ({ label, value: description })),
      };
    }
  }
  return referenceContent(expression, span, await context.describe(expression, request), context);
}

function referenceContent(expression: string, span: Span, fact: ReferenceFact, context: FeatureContext): HoverContent {
  if (!fact.origin) {
    const unknown = context.complete
      ? [fact.problem?.message ?? 'Nothing defines this.', fact.problem?.next ?? '']
      : ['Nothing in this file defines it; environments are read once the folder is trusted.'];
    return { span, title: expression, text: unknown.filter((line) => line !== '') };
  }
  const rows: HoverRow[] = [
    fact.display === undefined
      ? { label: 'Value', value: fact.problem ? 'none yet' : 'known when the request is sent' }
      : { label: 'Value', value: fact.display === '' ? 'empty' : capped(fact.display), code: fact.display !== '' },
    { label: 'From', value: placeWords(fact.origin) },
  ];
  if (fact.overrides.length > 0) {
    rows.push({ label: 'Overrides', value: fact.overrides.slice(0, 5).map(placeWords).join(', ') });
  }
  const text = fact.problem ? [fact.problem.message, fact.problem.next] : [];
  return { span, title: expression, rows, text };
}

function capped(text: string): string {
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
}

/** `http-client.env.json:3`; the label alone where there is no line. */
function placeWords(origin: OriginFact): string {
  return origin.line === undefined ? origin.label : `${origin.label}, line ${origin.line}`;
}

async function hoverDirective(
  node: DirectiveNode,
  offset: number,
  context: FeatureContext,
): Promise<HoverContent | undefined> {
  const directive = directiveByName(node.name);
  if (!directive) {
    return {
      span: node.nameSpan,
      title: `@${node.name}`,
      text: ['This directive is not known here and has no effect.'],
    };
  }
  const onValue = offset >= node.valueSpan.start && node.value !== '';
  if (directive.argument === 'credential' && onValue) {
    const credential = node.value === 'none' ? undefined : await context.credential(node.value);
    if (credential) return credentialContent(credential, node.valueSpan);
  }
  return {
    span: node.span,
    title: `@${directive.name}`,
    text: [directiveDoc(directive), ...interpretation(node, context), ...readers(directive.dialects)],
  };
}

/** T1: how this file’s own number is read. */
function interpretation(node: DirectiveNode, context: FeatureContext): readonly string[] {
  const name = canonicalDirective(node.name);
  if (name !== 'timeout' && name !== 'connection-timeout') return [];
  const milliseconds = context.duration(node.value);
  if (milliseconds === undefined) return [];
  const read = milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
  return /[a-z]/i.test(node.value)
    ? [`Here: ${read}.`]
    : [`Here: ${read}. httpYac reads a bare number as milliseconds, JetBrains as seconds; a unit settles it.`];
}

const toolNames: Readonly<Record<string, string>> = {
  'rest-client': 'REST Client',
  httpyac: 'httpYac',
  jetbrains: 'JetBrains',
  'visual-studio': 'Visual Studio',
  kulala: 'Kulala',
};

function readers(dialects: readonly string[]): readonly string[] {
  const names = dialects.flatMap((dialect) => toolNames[dialect] ?? []);
  return names.length === 0 ? ['Read by Countersign only.'] : [`Read by ${names.join(', ')} too.`];
}

function hoverHeader(name: string, span: Span): HoverContent | undefined {
  const info = headerByName(name);
  if (!info) return undefined;
  return {
    span,
    title: info.name,
    text: [info.doc],
    links: info.url === '' ? [] : [{ title: info.source, url: info.url }],
    ...(info.url === '' ? { about: info.source } : {}),
  };
}

/** Five rows, then what can be done (design.md B3.1). */
function credentialContent(fact: CredentialFact, span: Span): HoverContent {
  const rows: HoverRow[] = [
    fact.origins.length === 0
      ? { label: 'Goes to', value: 'nowhere yet' }
      : { label: 'Goes to', value: fact.origins.join(', '), code: true, tail: 'only' },
    ...(fact.scope === undefined ? [] : [{ label: 'Scope', value: fact.scope, code: true }]),
    ...(fact.token === undefined ? [] : [{ label: 'Token', value: fact.token }]),
    { label: 'Kept in', value: fact.keptIn },
    { label: 'Defined in', value: placeWords(fact.definedIn) },
  ];
  const argument = { name: fact.name };
  const links: HoverLink[] = fact.signedIn
    ? [
        { title: 'Show claims', command: 'showClaims', argument },
        { title: 'Sign-in trace', command: 'showTrace', argument },
        { title: 'Sign out', command: 'signOut', argument },
      ]
    : fact.canSignIn
      ? [{ title: 'Sign in', command: 'signIn', argument }]
      : [];
  return { span, title: fact.name, about: fact.state, icon: fact.well ? 'pass' : 'warning', rows, links };
}
