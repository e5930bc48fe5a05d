/**
 * Takes down what a script reports, one JSON text an event, and believes none of it: shapes are checked, texts cut,
 * counts capped. What goes beyond the caps is dropped, and said once.
 */
import type { ScriptEvent, ScriptPlace, VariableScope } from './types.ts';

export const recordLimits = {
  events: 2000,
  logCharacters: 256 * 1024,
  lineCharacters: 16 * 1024,
  nameCharacters: 200,
  messageCharacters: 1000,
  valueCharacters: 1024 * 1024,
  /** Of all values set by one script. */
  valuesCharacters: 8 * 1024 * 1024,
} as const;

export class Recorder {
  readonly events: ScriptEvent[] = [];
  #logged = 0;
  #valued = 0;
  #full = false;

  /** @returns what went wrong, in words for the script, or undefined */
  record(data: unknown): string | undefined {
    if (typeof data !== 'object' || data === null) return 'The event has no shape that is known here.';
    const event = data as Readonly<Record<string, unknown>>;
    switch (event['kind']) {
      case 'test':
        this.#push({
          kind: 'test',
          name: cut(text(event['name']), recordLimits.nameCharacters),
          passed: event['passed'] === true,
          ...(event['message'] === undefined
            ? {}
            : { message: cut(text(event['message']), recordLimits.messageCharacters) }),
          ...placed(event['place']),
        });
        return undefined;
      case 'log':
        this.#log(text(event['text']));
        return undefined;
      case 'set':
        return this.#set(scopeOf(event['scope']), text(event['name']), text(event['json']));
      case 'clear':
        this.#push({ kind: 'clear', scope: scopeOf(event['scope']), name: text(event['name']) });
        return undefined;
      case 'clearAll':
        this.#push({ kind: 'clearAll', scope: scopeOf(event['scope']) });
        return undefined;
      default:
        return 'The event has no shape that is known here.';
    }
  }

  #push(event: ScriptEvent): void {
    if (this.events.length < recordLimits.events) this.events.push(event);
    else this.#sayFull();
  }

  #log(line: string): void {
    const kept = cut(line, recordLimits.lineCharacters);
    this.#logged += kept.length + 1;
    if (this.#logged > recordLimits.logCharacters) this.#sayFull();
    else this.#push({ kind: 'log', text: kept });
  }

  #set(scope: VariableScope, name: string, json: string): string | undefined {
    if (name === '' || name.length > recordLimits.nameCharacters)
      return 'A variable needs a name of 1 to 200 characters.';
    this.#valued += json.length;
    if (json.length > recordLimits.valueCharacters || this.#valued > recordLimits.valuesCharacters) {
      return 'A value that is kept can have up to 1 MB, all together 8 MB.';
    }
    try {
      JSON.parse(json);
    } catch {
      return 'The value is no JSON.';
    }
    this.#push({ kind: 'set', scope, name, json });
    return undefined;
  }

  #sayFull(): void {
    if (this.#full) return;
    this.#full = true;
    this.events.push({ kind: 'log', text: '… the rest of what the script wrote is left out.' });
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function cut(value: string, limit: number): string {
  return value.length > limit ? `${value.slice(0, limit)}…` : value;
}

function scopeOf(value: unknown): VariableScope {
  return value === 'request' || value === 'file' ? value : 'global';
}

export function placed(value: unknown): { place?: ScriptPlace } {
  if (typeof value !== 'object' || value === null) return {};
  const { line, column } = value as { line?: unknown; column?: unknown };
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(column)) return {};
  return { place: { line: Math.max(1, line as number), column: Math.max(1, column as number) } };
}
