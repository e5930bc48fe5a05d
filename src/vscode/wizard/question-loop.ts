/**
 * A list of questions with Back: computed anew from the answers, so that a choice may add or spare later ones. It draws
 * nothing and saves nothing. Questions of one step are counted as one. Source: design.md D1.1.
 */
import type { Disposable } from 'vscode';

export interface Question<Answers> {
  readonly id: string;
  /** Questions with the same word are one step of the count; absent: not counted. */
  readonly stage?: string;
  /** Asks and notes the answer; a question that is asked again starts from it. */
  ask(step: Step, answers: Answers): Promise<void>;
}

export interface PickItem {
  /** What the choice stands for; absent on a row that only says something. */
  readonly id?: string;
  /** Codicon id. Words are words: an icon in them is drawn by nobody. */
  readonly icon?: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** -1: a heading. */
  readonly kind?: -1;
}

export interface PickOptions {
  readonly placeholder: string;
  readonly items: readonly PickItem[];
  readonly chosen?: string | undefined;
  /** Typed already when the list opens. */
  readonly value?: string;
  /** Looks at what is typed; `show` puts rows above the list, which stay whatever the words are. */
  typed?(text: string, show: (items: readonly PickItem[]) => void, busy: (busy: boolean) => void): Disposable;
  /** Runs after Enter with the list still open and busy; the answer counts when it is done. */
  settle?(id: string): Promise<void>;
}

export interface InputReport {
  readonly message: string;
  readonly kind: 'info' | 'error';
}

export interface InputOptions {
  /** Instead of the wizard's own. */
  readonly title?: string;
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
  /** Says what it waits for; Back and Escape end the waiting, not the work. */
  wait<T>(words: string, work: Promise<T>): Promise<T>;
}

/** Thrown by a step when the person goes back. */
export class Back extends Error {}
/** Thrown by a step when the person gives up. */
export class GaveUp extends Error {}

export interface Position {
  readonly title: string;
  /** 0 where the question is not counted. */
  readonly step: number;
  readonly total: number;
  readonly canGoBack: boolean;
}

/** @returns false when the person gave up */
export async function askQuestions<Answers>(
  title: (answers: Answers) => string,
  answers: Answers,
  questionsFor: (answers: Answers) => readonly Question<Answers>[],
  createStep: (position: Position) => Step,
): Promise<boolean> {
  const asked: string[] = [];
  for (;;) {
    const questions = questionsFor(answers);
    const next = questions.find(({ id }) => !asked.includes(id));
    if (!next) return true;
    const stages = [...new Set(questions.flatMap(({ stage }) => stage ?? []))];
    const position = {
      title: title(answers),
      step: next.stage === undefined ? 0 : stages.indexOf(next.stage) + 1,
      total: stages.length,
      canGoBack: asked.length > 0,
    };
    try {
      await next.ask(createStep(position), answers);
      asked.push(next.id);
    } catch (signal) {
      if (signal instanceof GaveUp) return false;
      if (!(signal instanceof Back)) throw signal;
      // A question that is not asked any more is no place to go back to.
      while (asked.length > 0) {
        const last = asked.pop();
        if (questions.some(({ id }) => id === last)) break;
      }
    }
  }
}

/** A part of a question with a Back of its own. @returns false when the person went back */
export async function within(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (signal) {
    if (signal instanceof Back) return false;
    throw signal;
  }
}
