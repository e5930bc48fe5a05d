/** Draws one question of a wizard as VS Code's own quick pick or input box, with Back, step count and checks in place. */
import {
  InputBoxValidationSeverity,
  QuickInputButtons,
  QuickPickItemKind,
  window,
  type Disposable,
  type InputBox,
  type QuickInput,
} from 'vscode';
import { toMessage } from '../commands/credential-errors.ts';
import {
  Back,
  GaveUp,
  type InputOptions,
  type InputReport,
  type PickOptions,
  type Position,
  type Step,
} from './question-loop.ts';
import { toRow, type Row } from './to-row.ts';

export function createStep(position: Position): Step {
  return {
    pick: (options) => pick(position, options),
    input: (options) => input({ ...position, title: options.title ?? position.title }, options),
    wait: (words, work) => wait(position, words, work),
  };
}

function pick(position: Position, options: PickOptions): Promise<string> {
  const box = window.createQuickPick<Row>();
  const listed = options.items.map(toRow);
  box.items = listed;
  box.placeholder = options.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.value = options.value ?? '';
  const chosen = listed.find((item) => item.id !== undefined && item.id === options.chosen);
  if (chosen) box.activeItems = [chosen];
  let watching: Disposable | undefined;
  const look = (text: string): void => {
    watching?.dispose();
    watching = options.typed?.(
      text,
      (items) => {
        const [active] = box.activeItems;
        const rows = items.map((item) => ({ ...toRow(item), alwaysShow: true }));
        box.items = [...rows, ...listed];
        // Rows that are said anew keep the choice where it was.
        const same = rows.find((item) => item.id !== undefined && item.id === active?.id);
        if (same) box.activeItems = [same];
      },
      (busy) => (box.busy = busy),
    );
  };
  if (box.value !== '') look(box.value);
  return shown(box, position, (done) => [
    box.onDidChangeValue(look),
    box.onDidAccept(() => {
      const [item] = box.selectedItems;
      const id = item?.id;
      if (id === undefined || item?.kind === QuickPickItemKind.Separator) return;
      if (!options.settle) {
        done(id);
        return;
      }
      box.enabled = false;
      box.busy = true;
      void options.settle(id).finally(() => done(id));
    }),
    { dispose: () => void watching?.dispose() },
  ]);
}

function wait<T>(position: Position, words: string, work: Promise<T>): Promise<T> {
  const box = window.createQuickPick<Row>();
  box.items = [{ ...toRow({ icon: 'loading~spin', label: words }), alwaysShow: true }];
  box.placeholder = words;
  box.busy = true;
  return shown(box, position, (done, fail) => {
    work.then(done, fail);
    return [];
  });
}

function input(position: Position, options: InputOptions): Promise<string> {
  const box = window.createInputBox();
  box.prompt = toMessage(options.prompt);
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
  box.validationMessage = report === undefined ? undefined : { message: toMessage(report.message), severity };
}

async function shown<T>(
  box: QuickInput,
  position: Position,
  wire: (done: (value: T) => void, fail: (reason: unknown) => void) => Disposable[],
): Promise<T> {
  box.title = position.title;
  if (position.step > 0) {
    box.step = position.step;
    box.totalSteps = position.total;
  }
  box.ignoreFocusOut = true;
  const answer: PromiseWithResolvers<T> = Promise.withResolvers();
  const buttoned = box as InputBox;
  if (position.canGoBack) buttoned.buttons = [QuickInputButtons.Back];
  const subscriptions = [
    ...wire(answer.resolve, answer.reject),
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
