/**
 * Names that the request asks for with `# @prompt` or `# @secret` before they are answered: known, so that an
 * editor does not call them unknown, and an error where they are used without an answer.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { promptedVariables, type PromptedVariable } from '../prompted-variables.ts';
import type { VariableContext, VariableOrigin, VariableSource } from '../types.ts';
import { shownName } from '../words.ts';

const label = 'asked before sending';

export const promptsSource: VariableSource = {
  id: 'prompts',
  label,
  definitions(name, context) {
    return Promise.resolve(
      questionsOf(context)
        .filter((question) => question.name === name)
        .map((question) => ({
          name,
          key: `prompt:${question.span.start}`,
          origin: originOf(question, context),
          value: () => Promise.reject(unanswered(name, context)),
        })),
    );
  },
  list: (context) =>
    Promise.resolve(
      questionsOf(context).map((question) => ({
        name: question.name,
        display: undefined,
        origin: originOf(question, context),
        ...(question.description === '' ? {} : { detail: question.description }),
      })),
    ),
};

function unanswered(name: string, context: VariableContext): CountersignError {
  const shown = shownName(name);
  return context.prompts
    ? new CountersignError('CS-VAR-PROMPT', `The variable ${shown} needs an answer, and nobody can be asked.`, {
        next: `Give it with --var ${shown}=VALUE, or run where a question can be shown.`,
      })
    : new CountersignError('CS-VAR-AT-SEND', `The value of ${shown} is known only when the request is sent.`);
}

function questionsOf(context: VariableContext): readonly PromptedVariable[] {
  const request = context.request === undefined ? undefined : context.file.requests[context.request];
  return request ? promptedVariables(request) : [];
}

function originOf(question: PromptedVariable, context: VariableContext): VariableOrigin {
  const file = context.path === undefined ? {} : { file: context.path };
  return { label, ...file, span: question.span, line: question.line };
}
