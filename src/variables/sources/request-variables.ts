/**
 * `{{login.response.body.$.token}}` and httpYac's short `{{login.token}}`: parts of the last exchange of a named
 * request. It never sends that request (Q1). Source: dialects.md §10.2.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { RequestNode } from '../../language/types.ts';
import { parseMessageReference, readMessage, type MessageReference } from '../captured-message.ts';
import { loadImports } from '../imports/imported-files.ts';
import { plain, secret, type Tracked } from '../tracked.ts';
import type {
  CapturedExchange,
  VariableContext,
  VariableDefinition,
  VariableOrigin,
  VariableSource,
} from '../types.ts';
import { shownName } from '../words.ts';

export const requestVariablesSource: VariableSource = {
  id: 'request',
  label: 'response of a request',
  async definitions(name, context): Promise<readonly VariableDefinition[]> {
    const reference = parseMessageReference(name);
    const named = reference && (await findRequest(reference.request, context));
    if (named) {
      return [
        {
          name,
          key: `request:${name}`,
          origin: originOf(named, reference.message),
          value: () => valueOf(reference, named),
        },
      ];
    }
    const itself = await findRequest(name, context);
    if (!itself) return [];
    const whole: MessageReference = { request: name, message: 'response', part: 'body', path: '', text: name };
    return [
      {
        name,
        key: `request:${name}`,
        origin: originOf(itself, 'response'),
        value: () => valueOf(whole, itself),
        at: (path) => valueOf({ ...whole, path: path.map((one) => `[${JSON.stringify(one)}]`).join('') }, itself),
      },
    ];
  },
  async list(context) {
    const names = new Set([
      ...context.file.requests.flatMap(({ name }) => (name === null ? [] : [name])),
      ...context.captured.keys(),
    ]);
    for (const { file } of (await loadImports(context)).files) {
      for (const { name } of file.requests) if (name !== null) names.add(name);
    }
    const found = await Promise.all([...names].map((name) => findRequest(name, context)));
    return found.flatMap((named) =>
      named
        ? [
            {
              name: named.name,
              display: undefined,
              origin: originOf(named, 'response'),
              detail: named.exchange ? 'sent in this session' : 'not sent in this session',
            },
          ]
        : [],
    );
  },
};

/** The last exchange of a named request of the file, or of one it imports; undefined when there is none. */
export async function findCaptured(name: string, context: VariableContext): Promise<CapturedExchange | undefined> {
  return (await findRequest(name, context))?.exchange;
}

/** A named request of the file or of one it imports, and its last exchange. */
interface NamedRequest {
  readonly name: string;
  readonly path: string | undefined;
  readonly request: RequestNode | undefined;
  readonly exchange: CapturedExchange | undefined;
}

async function findRequest(name: string, context: VariableContext): Promise<NamedRequest | undefined> {
  const exchange = context.captured.get(name);
  const request = context.file.requests.find((one) => one.name === name);
  if (exchange || request) return { name, path: context.path, request, exchange };
  for (const { path, file } of (await loadImports(context)).files) {
    const imported = file.requests.find((one) => one.name === name);
    if (imported) return { name, path, request: imported, exchange: context.capturedIn?.(path).get(name) };
  }
  return undefined;
}

function originOf({ name, path, request }: NamedRequest, message: 'request' | 'response'): VariableOrigin {
  return {
    label: `${message} of ${shownName(name)}`,
    ...(path === undefined ? {} : { file: path }),
    ...(request ? { span: request.nameSpan ?? request.requestLine, line: request.line } : {}),
  };
}

async function valueOf(reference: MessageReference, { exchange }: NamedRequest): Promise<Tracked> {
  const shown = shownName(reference.request);
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
