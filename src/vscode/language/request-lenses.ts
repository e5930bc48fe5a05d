/**
 * The lens line of each request: Send · as whom · to where · how it went (ux.md B1, design.md B1.1–B1.3). Positions
 * come from the cached parse at once; words are worked out only for the lines in view.
 */
import {
  CodeLens,
  EventEmitter,
  Range,
  workspace,
  type CancellationToken,
  type CodeLensProvider,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { parseRun } from '../../language/statements.ts';
import type { RequestFile, RequestNode } from '../../language/types.ts';
import { reasonOf } from '../../words/outcomes.ts';
import { bytes, duration } from '../../words/quantities.ts';
import type { RequestFacts } from '../request-facts.ts';
import type { RequestDocuments } from '../request-documents.ts';
import { requestKey, type Runs } from '../runs.ts';

type Part = 'send' | 'who' | 'where' | 'result';

class RequestLens extends CodeLens {
  readonly document: TextDocument;
  readonly request: RequestNode;
  readonly key: string;
  readonly part: Part;

  constructor(range: Range, document: TextDocument, request: RequestNode, key: string, part: Part) {
    super(range);
    this.document = document;
    this.request = request;
    this.key = key;
    this.part = part;
  }
}

const space = '\u00a0';
const largestWithResults = 2000;
const settleMs = 60;

export class RequestLenses implements CodeLensProvider, Disposable {
  readonly #documents: RequestDocuments;
  readonly #runs: Runs;
  readonly #facts: RequestFacts;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor(documents: RequestDocuments, runs: Runs, facts: RequestFacts) {
    this.#documents = documents;
    this.#runs = runs;
    this.#facts = facts;
  }

  /**
   * Redraws soon, once for a burst of changes: a lens that is replaced under the mouse swallows the click. While
   * something is in flight it redraws once a second, for the elapsed time.
   */
  refresh(): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = undefined;
      this.#changed.fire();
    }, settleMs);
    const needsTicker = this.#runs.runningCount > 0;
    if (needsTicker && !this.#ticker) {
      this.#ticker = setInterval(() => this.#changed.fire(), 1000);
    } else if (!needsTicker && this.#ticker) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!workspace.isTrusted) return [];
    if (!workspace.getConfiguration('countersign', document.uri).get<boolean>('editor.codeLens', true)) return [];
    const file = this.#documents.parse(document);
    return [...this.#requestLenses(document, file), ...runLenses(document, file)];
  }

  #requestLenses(document: TextDocument, file: RequestFile): RequestLens[] {
    const simple = file.requests.length > largestWithResults;
    return file.requests.flatMap((request) => {
      const line = Math.min(request.line - 1, document.lineCount - 1);
      const range = new Range(line, 0, line, 0);
      const key = simple ? `${document.uri.toString()}#${request.index}` : requestKey(document.uri, file, request);
      const parts: Part[] = ['send', 'who', 'where'];
      if (this.#runs.last(key)) parts.push('result');
      return parts.map((part) => new RequestLens(range, document, request, key, part));
    });
  }

  async resolveCodeLens(lens: CodeLens, token: CancellationToken): Promise<CodeLens> {
    if (!(lens instanceof RequestLens)) return lens;
    const target = { uri: lens.document.uri.toString(), request: lens.request.index };
    if (lens.part === 'send') {
      const running = this.#runs.running(lens.key);
      lens.command = running
        ? {
            title: `$(sync~spin)${space}Cancel · ${duration(Date.now() - running.startedAt)}${running.bytes > 0 ? ` · ${bytes(running.bytes)}` : ''}`,
            command: 'countersign.cancel',
            arguments: [{ ...target, key: lens.key }],
          }
        : {
            title: `$(play)${space}Send`,
            command: 'countersign.send',
            arguments: [target],
            tooltip: 'Send this request',
          };
      return lens;
    }
    if (lens.part === 'result') {
      lens.command = this.#result(lens);
      return lens;
    }
    const facts = await this.#facts.of(lens.document, lens.request);
    if (token.isCancellationRequested) return lens;
    lens.command =
      lens.part === 'who'
        ? { title: facts.who, command: 'countersign.sendAs', arguments: [target], tooltip: facts.whoTooltip }
        : {
            title: facts.where,
            command: 'countersign.explainOrigin',
            arguments: [target],
            tooltip: facts.whereTooltip,
          };
    return lens;
  }

  #result(lens: RequestLens): NonNullable<CodeLens['command']> {
    const result = this.#runs.last(lens.key);
    const exchange = result?.exchange;
    const words = result?.error
      ? result.error.code === 'CS-NET-CANCELLED'
        ? 'Cancelled'
        : `${exchange ? '' : 'Not sent: '}${reasonOf(result.error.code)}`
      : exchange
        ? `${exchange.response.status} ${exchange.response.statusText}`.trim() +
          ` · ${duration(exchange.timings.total)}`
        : '';
    return {
      title: words,
      command: 'countersign.showResponse',
      arguments: [{ key: lens.key }],
      tooltip: 'Show this response',
    };
  }

  dispose(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#pending);
    this.#changed.dispose();
  }
}

/** Run, above each `run` line. */
function runLenses(document: TextDocument, file: RequestFile): CodeLens[] {
  const uri = document.uri.toString();
  return file.statements.flatMap((statement) => {
    if (!parseRun(statement)) return [];
    const { line } = statement;
    const at = Math.min(line - 1, document.lineCount - 1);
    return [
      new CodeLens(new Range(at, 0, at, 0), {
        title: `$(run-all)${space}Run`,
        command: 'countersign.runLine',
        arguments: [{ uri, line }],
        tooltip: 'Send what this line names',
      }),
    ];
  });
}
