/**
 * A variable context for tests: a request file written as a list of lines, in-memory files, a fixed clock and a
 * counted random. The file is put together here, so that these tests do not depend on the parser.
 */
import type {
  DialectId,
  DirectiveNode,
  RequestFile,
  RequestNode,
  Template,
  VariableNode,
} from '../../src/language/types.ts';
import { plain } from '../../src/variables/tracked.ts';
import type { CapturedExchange, VariableContext } from '../../src/variables/types.ts';
import { fakeFiles } from './fake-files.ts';

export interface ContextOptions extends Partial<Omit<VariableContext, 'file' | 'overrides' | 'captured'>> {
  /** Lines `@name = value`, `# @directive value`, `# @name x`, `Header: value`, `GET url`, `###`. */
  readonly source?: string;
  readonly dialect?: DialectId;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly disk?: Readonly<Record<string, string | Uint8Array>>;
  readonly captured?: Readonly<Record<string, CapturedExchange>>;
}

/** 2026-02-03T04:05:06.789Z, a Tuesday. */
export const fixedNow = Date.UTC(2026, 1, 3, 4, 5, 6, 789);

export function variableContext(options: ContextOptions = {}): VariableContext {
  const { source = '', dialect = 'union', overrides = {}, disk, captured = {}, ...rest } = options;
  const file = requestFile(source, dialect);
  let draws = 0;
  return {
    file,
    path: '/project/api/orders.http',
    root: '/project',
    request: file.requests.length > 0 ? file.requests.length - 1 : undefined,
    environments: [],
    overrides: new Map(Object.entries(overrides).map(([name, value]) => [name, plain(value)])),
    settings: {},
    captured: new Map(Object.entries(captured)),
    env: {},
    files: fakeFiles(disk),
    clock: { now: () => fixedNow },
    random: () => ((draws += 1) * 0.137) % 1,
    ...rest,
  };
}

/** A kept exchange with a JSON or other body. */
export function captured(
  body: string,
  headers: readonly (readonly [string, string])[] = [],
  contentType = 'application/json',
): CapturedExchange {
  const response = { headers, body: () => Promise.resolve(body), contentType, status: 200 };
  const request = {
    headers: [
      ['Authorization', 'Bearer sent-token'],
      ['Cookie', 'a=1; b=2'],
    ] as const,
    body: () => Promise.resolve('{"sent":true}'),
    contentType: 'application/json',
  };
  return { request, response };
}

export function requestFile(source: string, dialect: DialectId): RequestFile {
  const variables: VariableNode[] = [];
  const requests: RequestNode[] = [];
  let directives: DirectiveNode[] = [];
  let name: string | null = null;
  let block = 0;
  let offset = 0;
  source.split('\n').forEach((text, index) => {
    const line = index + 1;
    const span = { start: offset, end: offset + text.length };
    const template = (value: string): Template => {
      const at = offset + text.lastIndexOf(value);
      const pieces = value === '' ? [] : [{ at: 0, source: at, length: value.length }];
      return { text: value, pieces, span: { start: at, end: at + value.length } };
    };
    const variable = /^@(\S+)\s*=\s*(.*)$/.exec(text);
    const directive = /^# @(\S+)\s*(.*)$/.exec(text);
    const request = /^([A-Z]+) (.*)$/.exec(text);
    const header = /^([\w-]+):\s*(.*)$/.exec(text);
    if (text.startsWith('###')) {
      block += 1;
      directives = [];
      name = null;
    } else if (variable) {
      const [, id = '', value = ''] = variable;
      variables.push({
        name: id,
        value: template(value),
        nameSpan: span,
        span,
        line,
        block,
        global: false,
        lazy: false,
      });
    } else if (directive) {
      const [, id = '', value = ''] = directive;
      if (id === 'name') name = value;
      directives.push({ name: id, value, span, nameSpan: span, valueSpan: span, line });
    } else if (request) {
      const [, method = '', url = ''] = request;
      requests.push({
        index: requests.length,
        block,
        name,
        title: null,
        nameSpan: null,
        line,
        span,
        requestLine: span,
        protocol: 'http',
        curl: false,
        method,
        methodSpan: null,
        url: template(url),
        httpVersion: null,
        headers: [],
        body: null,
        directives,
        scripts: [],
        redirects: [],
      });
    } else if (header) {
      const [, id = '', value = ''] = header;
      const last = requests.pop();
      if (last) {
        const node = { name: template(id), value: template(value), span, line };
        requests.push({ ...last, headers: [...last.headers, node] });
      }
    }
    offset += text.length + 1;
  });
  return { text: source, dialect, signals: [], requests, variables, statements: [], diagnostics: [] };
}
