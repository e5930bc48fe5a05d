/** The panel's line to the extension host: messages out, checked messages in, questions with answers, kept state. */
import { toToPanel, type BodyAnswer, type BodyAsk, type FromPanel, type ToPanel } from '../protocol.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export class Host {
  readonly #api = acquireVsCodeApi();
  readonly #waiting = new Map<number, (answer: BodyAnswer) => void>();
  #next = 1;

  /** Starts listening; answers go to who asked, everything else to `receive`. */
  listen(receive: (message: ToPanel) => void): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = toToPanel(event.data);
      if (!message) return;
      if (message.type !== 'answer') return receive(message);
      this.#waiting.get(message.id)?.(message.answer);
      this.#waiting.delete(message.id);
    });
    this.post({ type: 'ready' });
  }

  post(message: FromPanel): void {
    this.#api.postMessage(message);
  }

  ask(runId: string, ask: BodyAsk): Promise<BodyAnswer> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.post({ type: 'ask', id, runId, ask });
    });
  }

  get kept(): Readonly<Record<string, unknown>> {
    const state = this.#api.getState();
    return typeof state === 'object' && state !== null ? (state as Readonly<Record<string, unknown>>) : {};
  }

  keep(fields: Readonly<Record<string, unknown>>): void {
    this.#api.setState({ ...this.kept, ...fields });
  }
}
