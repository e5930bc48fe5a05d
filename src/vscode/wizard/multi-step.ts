/**
 * A native multi-step question: quick picks and input boxes with Back, a step count, and answers checked in place. The
 * list of questions is computed anew from the answers, so a choice may add or spare later ones. It saves nothing.
 * Source: design.md D1.1.
 */
import {
  InputBoxValidationSeverity,
  QuickInputButtons,
  QuickPickItemKind,
  window,
  type Disposable,
  type InputBox,
  type QuickInput,
  type QuickPickItem,
} from 'vscode';

export interface Question<Answers> {
  readonly id: string;
  /** Asks and notes the answer; a question that is asked again starts from it. */
  ask(step: Step, answers: Answers): Promise<void>;
}

export interface PickItem extends QuickPickItem {
  /** What the choice stands for; absent on a separator. */
  readonly id?: string;
}

export interface PickOptions {
  readonly placeholder: string;
  readonly items: readonly PickItem[];
  readonly chosen?: string | undefined;
}

export interface InputReport {
  readonly message: string;
  readonly kind: 'info' | 'error';
}

export interface InputOptions {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string | undefined;
  readonly password?: boolean;
  /** What is wrong, as a sentence; Enter does nothing then. */
  check?(text: string): string | undefined;
  /** Runs after Enter with the box still open and busy; the answer counts when it is done. */
  settle?(text: string): Promise<void>;
  /** Looks at the text while the person does; what it reports stands under the field and blocks nothing. */
  watch?(text: string, report: (report: InputReport | undefined) => void, busy: (busy: boolean) => void): Disposable;
}

export interface Step {
  pick(options: PickOptions): Promise<string>;
  input(options: InputOptions): Promise<string>;
}

class Back extends Error {}
class GaveUp extends Error {}

/** @returns false when the person gave up */
export async function askQuestions<Answers>(
  title: (answers: Answers) => string,
  answers: Answers,
  questionsFor: (answers: Answers) => readonly Question<Answers>[],
): Promise<boolean> {
  const asked: string[] = [];
  for (;;) {
    const questions = questionsFor(answers);
    const next = questions.find(({ id }) => !asked.includes(id));
    if (!next) return true;
    const position = { title: title(answers), step: asked.length + 1, total: questions.length };
    try {
      await next.ask(createStep(position), answers);
      asked.push(next.id);
    } catch (signal) {
      if (signal instanceof GaveUp) return false;
      if (!(signal instanceof Back)) throw signal;
      asked.pop();
    }
  }
}

interface Position {
  readonly title: string;
  readonly step: number;
  readonly total: number;
}

function createStep(position: Position): Step {
  return { pick: (options) => pick(position, options), input: (options) => input(position, options) };
}

function pick(position: Position, options: PickOptions): Promise<string> {
  const box = window.createQuickPick<PickItem>();
  box.items = options.items;
  box.placeholder = options.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  const chosen = options.items.find((item) => item.id !== undefined && item.id === options.chosen);
  if (chosen) box.activeItems = [chosen];
  return shown(box, position, (done) => [
    box.onDidAccept(() => {
      const [item] = box.selectedItems;
      if (item?.id !== undefined && item.kind !== QuickPickItemKind.Separator) done(item.id);
    }),
  ]);
}

function input(position: Position, options: InputOptions): Promise<string> {
  const box = window.createInputBox();
  box.prompt = options.prompt;
  box.placeholder = options.placeholder ?? '';
  box.value = options.value ?? '';
  box.password = options.password ?? false;
  let watching: Disposable | undefined;
  const look = (text: string): void => {
    watching?.dispose();
    watching = options.watch?.(
      text,
      (report) => showReport(box, report),
      (busy) => (box.busy = busy),
    );
  };
  if (box.value !== '') look(box.value);
  return shown(box, position, (done) => [
    box.onDidChangeValue((text) => {
      const wrong = text === '' ? undefined : options.check?.(text);
      showReport(box, wrong === undefined ? undefined : { message: wrong, kind: 'error' });
      if (wrong === undefined) look(text);
      else watching?.dispose();
    }),
    box.onDidAccept(() => {
      const text = box.value;
      const wrong = options.check?.(text);
      if (wrong !== undefined) {
        showReport(box, { message: wrong, kind: 'error' });
        return;
      }
      if (!options.settle) {
        done(text);
        return;
      }
      box.enabled = false;
      box.busy = true;
      void options.settle(text).finally(() => done(text));
    }),
    { dispose: () => void watching?.dispose() },
  ]);
}

function showReport(box: InputBox, report: InputReport | undefined): void {
  const severity = report?.kind === 'error' ? InputBoxValidationSeverity.Error : InputBoxValidationSeverity.Info;
  box.validationMessage = report === undefined ? undefined : { message: report.message, severity };
}

async function shown(
  box: QuickInput,
  position: Position,
  wire: (done: (value: string) => void) => Disposable[],
): Promise<string> {
  box.title = position.title;
  box.step = position.step;
  box.totalSteps = position.total;
  box.ignoreFocusOut = true;
  const answer: PromiseWithResolvers<string> = Promise.withResolvers();
  const buttoned = box as InputBox;
  if (position.step > 1) buttoned.buttons = [QuickInputButtons.Back];
  const subscriptions = [
    ...wire(answer.resolve),
    buttoned.onDidTriggerButton(() => answer.reject(new Back())),
    box.onDidHide(() => answer.reject(new GaveUp())),
  ];
  box.show();
  try {
    return await answer.promise;
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
    box.dispose();
  }
}
