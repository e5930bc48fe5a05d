/**
 * Names that scripts of the file set with `client.global.set("name", …)` or `request.variables.set("name", …)`: known
 * before a script has run, so that nobody calls them unknown. What a script did set is an override and stands far above.
 * Scripts are only read here, never run. Source: dialects.md §13.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { RequestFile, RequestNode, ScriptNode } from '../../language/types.ts';
import type { VariableContext, VariableOrigin, VariableSource } from '../types.ts';
import { shownName } from '../words.ts';

const label = 'set by a script';

interface Setting {
  readonly request: RequestNode;
  readonly script: ScriptNode;
  /** `request.variables`: seen by its own request alone. */
  readonly own: boolean;
}

export const scriptVariablesSource: VariableSource = {
  id: 'scripts',
  label,
  definitions(name, context) {
    return Promise.resolve(
      seen(settingsOf(context.file).get(name), context)
        .slice(0, 1)
        .map((setting) => ({
          name,
          key: `script:${setting.script.span.start}:${name}`,
          origin: originOf(setting, context),
          value: () => Promise.reject(notRun(name, setting)),
        })),
    );
  },
  list: (context) =>
    Promise.resolve(
      [...settingsOf(context.file)].flatMap(([name, settings]) => {
        const [first] = seen(settings, context);
        return first ? [{ name, display: undefined, origin: originOf(first, context), detail: 'not set yet' }] : [];
      }),
    ),
};

const indexes = new WeakMap<RequestFile, ReadonlyMap<string, readonly Setting[]>>();

function settingsOf(file: RequestFile): ReadonlyMap<string, readonly Setting[]> {
  let index = indexes.get(file);
  if (!index) indexes.set(file, (index = findSettings(file)));
  return index;
}

function findSettings(file: RequestFile): ReadonlyMap<string, readonly Setting[]> {
  const found = new Map<string, Setting[]>();
  if (!/\.\s*set\s*\(/.test(file.text)) return found;
  for (const request of file.requests) {
    for (const script of request.scripts) {
      const calls =
        /\b(client\s*\.\s*global|request\s*\.\s*variables)\s*\.\s*set\s*\(\s*(["'`])([^"'`\\\r\n]{1,200})\2/g;
      for (const [, target = '', , name = ''] of script.text.matchAll(calls)) {
        const settings = found.get(name) ?? [];
        settings.push({ request, script, own: target.startsWith('request') });
        found.set(name, settings);
      }
    }
  }
  return found;
}

function seen(settings: readonly Setting[] | undefined, context: VariableContext): readonly Setting[] {
  return (settings ?? []).filter(
    ({ own, request }) => !own || context.request === undefined || request.index === context.request,
  );
}

function originOf({ script }: Setting, context: VariableContext): VariableOrigin {
  const file = context.path === undefined ? {} : { file: context.path };
  return { label, ...file, span: script.span, line: script.line };
}

function notRun(name: string, { request, own }: Setting): CountersignError {
  const named = request.name === null ? undefined : shownName(request.name);
  return new CountersignError(
    'CS-VAR-NOT-SENT',
    `The script that sets ${shownName(name)} has not run in this session.`,
    {
      next: own
        ? 'Look whether the script sets it in every case.'
        : `Send ${named ?? `the request at line ${request.line}`} first, then this one.`,
      facts: request.name === null ? { name } : { name, request: request.name },
    },
  );
}
