/**
 * One answer that a panel holds: the outcome of a run, the model that was posted, and its body while it is on this
 * machine. Whoever holds it disposes it; after that nothing can be asked of the body.
 */
import { isCountersignError } from '../../errors/countersign-error.ts';
import type { ResponseModel } from '../../response/model.ts';
import type { FindSecrets } from '../../response/shown-text.ts';
import type { RunResult } from '../../run/types.ts';
import type { BodyAnswer, BodyAsk } from '../../webview/protocol.ts';
import { BodyView } from './body-view.ts';
import type { BodyFacts } from './to-body-model.ts';
import { toResponseModel, type RunFacts } from './to-response-model.ts';

export interface AnswerParts {
  readonly result: RunResult;
  readonly body: BodyFacts;
  readonly facts: RunFacts;
  readonly findSecrets: FindSecrets;
  /** Of `json-index.worker`. */
  readonly workerUrl: URL;
}

export class ShownAnswer {
  readonly result: RunResult;
  readonly model: ResponseModel;
  readonly body: BodyView | undefined;

  constructor({ result, body, facts, findSecrets, workerUrl }: AnswerParts) {
    this.result = result;
    this.model = toResponseModel(result, body.model, facts, findSecrets, body.problem);
    const spooled = result.exchange?.body;
    const { model, skip } = body;
    this.body = spooled && new BodyView({ body: spooled, model, skip, findSecrets, workerUrl });
  }

  async ask(ask: BodyAsk): Promise<BodyAnswer> {
    if (!this.body) return noAnswer;
    try {
      return await this.body.ask(ask);
    } catch (error) {
      return { kind: 'refused', message: isCountersignError(error) ? error.message : 'The body could not be read.' };
    }
  }

  dispose(): void {
    this.body?.dispose();
    void this.result.exchange?.body.dispose();
  }
}

export const noAnswer: BodyAnswer = { kind: 'refused', message: 'This body is not on this machine any more.' };
