/** The extension under test as its own suite sees it: its exported parts, with dialogs answered by the test. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension.ts';
import type { Features } from '../../../src/vscode/features.ts';
import { plant } from './plant.ts';

export const extensionId = 'countersign.countersign';

export function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>(extensionId);
  assert.ok(found, `${extensionId} is not installed`);
  return found;
}

export async function features(): Promise<Features> {
  return (await extension().activate()).features();
}

export interface Answers {
  /** Titles of the buttons to press, one for each modal dialog; a dialog too many is closed. */
  readonly buttons?: readonly string[];
  /** Titles of the buttons to press, one for each question that is not modal; one too many stays unanswered. */
  readonly replies?: readonly string[];
  /** Texts to type, one for each box. */
  readonly texts?: readonly string[];
}

export interface Asked {
  readonly modals: { readonly title: string; readonly detail: string }[];
  readonly questions: readonly string[];
  readonly inputs: { readonly title: string; readonly prompt: string; readonly password: boolean }[];
}

/** VS Code refuses dialogs in a run of its test host; the seam in the app answers them instead. */
export async function answering(
  answers: Answers,
  action: () => Thenable<unknown>,
): Promise<Asked & { result: unknown }> {
  const { dialogs } = (await features()).app;
  const before = { ...dialogs };
  const questions: string[] = [];
  const asked: Asked = { modals: [], questions, inputs: [] };
  const replies = [...(answers.replies ?? [])];
  const buttons = [...(answers.buttons ?? [])];
  const texts = [...(answers.texts ?? [])];
  dialogs.modal = async (title, detail, items) => {
    asked.modals.push({ title, detail });
    const wanted = buttons.shift();
    return Promise.resolve(items.find((item) => item.title === wanted));
  };
  dialogs.question = async (text, ...titles) => {
    questions.push(text);
    const wanted = replies.shift();
    return Promise.resolve(titles.find((title) => title === wanted));
  };
  dialogs.input = async (options) => {
    asked.inputs.push(options);
    const text = texts.shift();
    if (options.password && text !== undefined) plant(text);
    const wrong = text === undefined ? undefined : options.validateInput?.(text);
    return Promise.resolve(wrong === undefined ? text : undefined);
  };
  try {
    return { ...asked, result: await action() };
  } finally {
    Object.assign(dialogs, before);
  }
}

/** Sets user settings and puts back what was there. */
export async function withSettings<T>(
  settings: Readonly<Record<string, unknown>>,
  action: () => Promise<T>,
): Promise<T> {
  const configuration = vscode.workspace.getConfiguration();
  const before = new Map(Object.keys(settings).map((key) => [key, configuration.inspect(key)?.globalValue] as const));
  const set = (key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  try {
    for (const [key, value] of Object.entries(settings)) await set(key, value);
    return await action();
  } finally {
    for (const [key, value] of before) await set(key, value);
  }
}
