/**
 * `{{login.response.body.$.token}}` and httpYac's short `{{login.token}}`: parts of the last exchange of a named
 * request. It never sends that request (Q1). Source: dialects.md §10.2.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseMessageReference, readMessage, type MessageReference } from '../captured-message.ts';
import { plain, secret, type Tracked } from '../tracked.ts';
import type { VariableContext, VariableDefinition, VariableOrigin, VariableSource } from '../types.ts';
import { shownName } from '../words.ts';

export const requestVariablesSource: VariableSource = {
  id: 'request',
  label: 'response of a request',
  definitions(name, context): Promise<readonly VariableDefinition[]> {
    const reference = parseMessageReference(name);
    if (reference && isRequest(reference.request, context)) {
      return Promise.resolve([
        {
          name,
          key: `request:${name}`,
          origin: originOf(reference.request, reference.message, context),
          value: () => valueOf(reference, context),
        },
      ]);
    }
    if (!isRequest(name, context)) return Promise.resolve([]);
    const whole: MessageReference = { request: name, message: 'response', part: 'body', path: '', text: name };
    return Promise.resolve([
      {
        name,
        key: `request:${name}`,
        origin: originOf(name, 'response', context),
        value: () => valueOf(whole, context),
        at: (path) => valueOf({ ...whole, path: path.map((one) => `[${JSON.stringify(one)}]`).join('') }, context),
      },
    ]);
  },
  list(context) {
    const names = new Set([
      ...context.file.requests.flatMap(({ name }) => (name === null ? [] : [name])),
      ...context.captured.keys(),
    ]);
    return Promise.resolve(
      [...names].map((name) => ({
        name,
        display: undefined,
        origin: originOf(name, 'response', context),
        detail: context.captured.has(name) ? 'sent in this session' : 'not sent in this session',
      })),
    );
  },
};

function isRequest(name: string, context: VariableContext): boolean {
  return context.captured.has(name) || context.file.requests.some((request) => request.name === name);
}

function originOf(name: string, message: 'request' | 'response', context: VariableContext): VariableOrigin {
  const request = context.file.requests.find((one) => one.name === name);
  return {
    label: `${message} of ${shownName(name)}`,
    ...(context.path === undefined ? {} : { file: context.path }),
    ...(request ? { span: request.nameSpan ?? request.requestLine, line: request.line } : {}),
  };
}

async function valueOf(reference: MessageReference, context: VariableContext): Promise<Tracked> {
  const shown = shownName(reference.request);
  const exchange = context.captured.get(reference.request);
  if (!exchange) {
    throw new CountersignError('CS-VAR-NOT-SENT', `The request ${shown} has not been sent in this session.`, {
      next: `Send ${shown} first, then this one.`,
      facts: { request: reference.request },
    });
  }
  const found = await readMessage(exchange, reference);
  if (found === undefined) {
    const dot = reference.path === '' || reference.path.startsWith('[') ? '' : '.';
    const path = shownName(`${reference.part}${dot}${reference.path}`, 80);
    throw new CountersignError('CS-VAR-PATH', `The ${reference.message} of ${shown} has nothing at ${path}.`, {
      next: `Open the ${reference.message} of ${shown} and compare the path with it.`,
      facts: { request: reference.request },
    });
  }
  return found.secretName === undefined
    ? plain(found.text)
    : secret(found.text, `${shownName(found.secretName)} of ${shown}`);
}
