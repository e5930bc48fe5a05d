/**
 * Replaces references by values, keeping which spans are secret. It owns the order of lookup, cycles, limits and
 * errors with their place; the values themselves come from `sources/`. One resolver serves one request: a named
 * value is worked out once, a dynamic one at each use (V6). Source: dialects.md §8.
 */
import { CountersignError, isCountersignError, type Place } from '../errors/countersign-error.ts';
import type { Template } from '../language/types.ts';
import { stableReferences } from './boundary.ts';
import { parseExpression, type Expression } from './expression.ts';
import { descend, toJsonValue, toText } from './json-value.ts';
import { limits } from './limits.ts';
import { mayHoldReference, scanReferences, type TextSegment } from './references.ts';
import { variableSources } from './sources/registry.ts';
import { concat, emptyTracked, mapTracked, plain, secret, type Tracked } from './tracked.ts';
import type {
  ExpandOptions,
  Expansion,
  PathSegment,
  VariableContext,
  VariableDefinition,
  VariableInfo,
  VariableSource,
  VariableValue,
} from './types.ts';
import { unknownVariable } from './unknown-variable.ts';
import { placeInFile, placeInTemplate, shownName } from './words.ts';

export interface Resolver {
  /**
   * The text with its references replaced. Throws a CountersignError that stands at the reference: through the
   * template's pieces, or counted from `place.start` for a plain string.
   */
  resolveTemplate(template: Template | string, place?: Place): Promise<Tracked>;
  /** The value of a reference's inside (`host`, `login.response.status`, `$guid`); undefined when unknown. */
  lookup(name: string): Promise<VariableValue | undefined>;
  /** All names on offer, the winning definition of each, for completion and the Environments view. */
  list(): Promise<VariableInfo[]>;
}

/** What is being worked out, from the outside in. */
interface Frame {
  readonly key: string;
  readonly name: string;
}

/** Counts over one template, nested references included. */
interface Budget {
  references: number;
}

export function createResolver(
  context: VariableContext,
  sources: readonly VariableSource[] = variableSources,
): Resolver {
  return new RequestResolver(context, sources);
}

class RequestResolver implements Resolver {
  readonly #context: VariableContext;
  readonly #sources: readonly VariableSource[];
  readonly #values = new Map<string, VariableValue>();
  readonly #stable: ReadonlySet<string>;
  readonly #escapes: boolean;
  /** Calls run one after another, so that a value is worked out once and questions come one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: VariableContext, sources: readonly VariableSource[]) {
    this.#context = { ...context, remembered: context.remembered ?? new Map<string, Tracked>() };
    this.#sources = sources;
    this.#stable = stableReferences(context);
    this.#escapes = context.file.dialect === 'httpyac' || context.file.dialect === 'union';
  }

  resolveTemplate(template: Template | string, place?: Place): Promise<Tracked> {
    const text = typeof template === 'string' ? template : template.text;
    if (!mayHoldReference(text) && !(this.#escapes && text.includes('\\{\\{'))) return Promise.resolve(plain(text));
    return this.#queue(() => this.#expand(template, place === undefined ? {} : { place }, [], { references: 0 }));
  }

  lookup(name: string): Promise<VariableValue | undefined> {
    return this.#queue(() => this.#answer(parseExpression(name), [], { references: 0 }));
  }

  async list(): Promise<VariableInfo[]> {
    const seen = new Set<string>();
    const infos: VariableInfo[] = [];
    for (const source of this.#sources) {
      for (const info of await source.list(this.#context)) {
        if (seen.has(info.name)) continue;
        seen.add(info.name);
        infos.push(info);
      }
    }
    return infos;
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        return await work();
      } catch (error) {
        throw toCountersignError(error);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #expand(
    template: Template | string,
    options: ExpandOptions,
    stack: readonly Frame[],
    budget: Budget,
  ): Promise<Tracked> {
    const text = typeof template === 'string' ? template : template.text;
    const parts: Tracked[] = [];
    let growth = 0;
    for (const segment of scanReferences(text, { escapes: this.#escapes })) {
      if (segment.kind === 'text') {
        parts.push(plain(options.decode ? options.decode(segment.text) : segment.text));
        continue;
      }
      const place = () => this.#placeOf(template, segment, options.place);
      try {
        const part = await this.#replace(segment.inner, stack, budget);
        growth += part.text.length;
        if (growth > limits.growth) {
          throw new CountersignError(
            'CS-VAR-LIMIT',
            `The value of ${shownName(segment.inner.trim())} grows past the limit.`,
          );
        }
        parts.push(part);
      } catch (error) {
        const where = place();
        const known = toCountersignError(error, segment.inner.trim());
        throw Object.keys(where).length === 0 ? known : known.at(where);
      }
    }
    return parts.length === 1 ? (parts[0] as Tracked) : concat(parts);
  }

  #placeOf(template: Template | string, segment: TextSegment, place: Place | undefined): Place {
    if (typeof template !== 'string') {
      const span = placeInTemplate(template, segment.start, segment.end);
      return placeInFile(this.#context, span.start, span.end);
    }
    if (place?.start === undefined) return place ?? {};
    const { column: _column, ...rest } = place;
    return { ...rest, start: place.start + segment.start, end: place.start + segment.end };
  }

  async #replace(inner: string, stack: readonly Frame[], budget: Budget): Promise<Tracked> {
    budget.references += 1;
    if (budget.references > limits.references || stack.length >= limits.depth) {
      throw new CountersignError('CS-VAR-LIMIT', `The value of ${shownName(inner.trim())} grows past the limit.`);
    }
    const expression = parseExpression(inner);
    const answer = await this.#answer(expression, stack, budget);
    if (answer) {
      const encode = (expression.kind === 'name' || expression.kind === 'script') && expression.encode;
      return encode ? mapTracked(answer.value, (text) => encodeURIComponent(text.toWellFormed())) : answer.value;
    }
    if (expression.kind === 'script') {
      throw new CountersignError(
        'CS-VAR-SCRIPT',
        `The expression “${shownName(expression.text)}” needs script support.`,
        {
          facts: { expression: expression.text },
        },
      );
    }
    const name = expression.kind === 'literal' ? expression.value : expression.text;
    throw await unknownVariable(name, this.#context, this.#sources);
  }

  async #answer(expression: Expression, stack: readonly Frame[], budget: Budget): Promise<VariableValue | undefined> {
    if (expression.kind === 'literal') {
      const exact = await this.#byName(expression.value, stack, budget);
      return exact ?? { name: expression.value, value: plain(expression.value), origin: { label: 'literal' } };
    }
    const exact = await this.#byName(expression.text, stack, budget);
    if (exact || expression.kind !== 'name') return exact;
    for (const head of expression.heads) {
      const part = await this.#byPath(head.name, head.path, stack, budget);
      if (part) return { ...part, name: expression.text };
    }
    return undefined;
  }

  async #byName(name: string, stack: readonly Frame[], budget: Budget): Promise<VariableValue | undefined> {
    const top = stack.at(-1);
    const below = top?.name === name ? top : undefined;
    const known = below ? undefined : this.#values.get(name);
    if (known) return known;
    const definition = (await this.#candidates(name, below, 1))[0];
    if (!definition) {
      if (below) throw cycleError([...stack.map((frame) => frame.name), name]);
      return undefined;
    }
    const value = await definition.value(this.#expansion(definition, stack, budget));
    const answer = { name: definition.name, value, origin: definition.origin };
    if (!below && (!definition.fresh || this.#stable.has(name))) this.#values.set(name, answer);
    return answer;
  }

  async #byPath(
    name: string,
    path: readonly PathSegment[],
    stack: readonly Frame[],
    budget: Budget,
  ): Promise<VariableValue | undefined> {
    for (const definition of await this.#candidates(name, undefined, Infinity)) {
      const inside = `${definition.key}/${JSON.stringify(path)}`;
      const expansion = this.#expansion({ key: inside, name: `${name}.${path.join('.')}` }, stack, budget);
      const value = definition.at
        ? await definition.at(path, expansion)
        : partOf(await definition.value(this.#expansion(definition, stack, budget)), path);
      if (value) return { name, value, origin: definition.origin };
    }
    return undefined;
  }

  /** Definitions of a name, strongest first; with `below`, only those weaker than the one being worked out. */
  async #candidates(name: string, below: Frame | undefined, count: number): Promise<VariableDefinition[]> {
    const found: VariableDefinition[] = [];
    let skipping = below !== undefined;
    for (const source of this.#sources) {
      for (const definition of await source.definitions(name, this.#context)) {
        if (skipping) {
          skipping = definition.key !== below?.key;
        } else {
          found.push(definition);
          if (found.length >= count) return found;
        }
      }
    }
    return found;
  }

  #expansion(frame: Frame, stack: readonly Frame[], budget: Budget): Expansion {
    if (stack.some((one) => one.key === frame.key)) {
      throw cycleError([...stack.map((one) => one.name), frame.name]);
    }
    const inner = [...stack, { key: frame.key, name: frame.name }];
    return {
      expand: (value, options = {}) => this.#expand(value, options, inner, budget),
      lookup: (name) => {
        budget.references += 1;
        return this.#answer(parseExpression(name), inner, budget);
      },
    };
  }
}

/** Part of a text that is JSON. A part of a text that holds a secret is a secret. */
function partOf(value: Tracked, path: readonly PathSegment[]): Tracked | undefined {
  if (!/^\s*[[{]/.test(value.text)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(value.text);
  } catch {
    return undefined;
  }
  const part = descend(toJsonValue(json), path);
  if (part === undefined) return undefined;
  const label = value.secrets[0]?.label;
  const text = toText(part);
  return text === '' ? emptyTracked : label === undefined ? plain(text) : secret(text, label);
}

function cycleError(names: readonly string[]): CountersignError {
  const name = names.at(-1) ?? '';
  const chain = names.slice(Math.max(0, names.lastIndexOf(name, -2))).map((one) => shownName(one, 40));
  const shown = chain.length > 8 ? [...chain.slice(0, 4), '…', ...chain.slice(-3)] : chain;
  return new CountersignError('CS-VAR-CYCLE', `The variable ${shownName(name)} leads back to itself.`, {
    next: `Break the chain ${shown.join(' → ')}: give one of them a value of its own.`,
    facts: { chain: shown },
  });
}

/** Only a CountersignError leaves this room; the cause of another error is kept, its text is not shown. */
function toCountersignError(error: unknown, name = 'this reference'): CountersignError {
  if (isCountersignError(error)) return error;
  return new CountersignError('CS-VAR-SOURCE', `The value of ${shownName(name)} is not readable.`, { cause: error });
}
