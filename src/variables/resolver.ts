/**
 * Replaces references by values, keeping which spans are secret. It owns the order of lookup, cycles, limits and
 * errors with their place; the values themselves come from `sources/`. One resolver serves one request: a named
 * value is worked out once, a dynamic one at each use (V6). Source: dialects.md §8.
 */
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { Template } from '../language/types.ts';
import { stableReferences } from './boundary.ts';
import { cycleError, limitError, scriptError, toCountersignError } from './expansion-errors.ts';
import { parseExpression, type Expression } from './expression.ts';
import { partOfText } from './json-value.ts';
import { limits } from './limits.ts';
import { toQuietContext } from './quiet-context.ts';
import { nesting, type Budget, type Frame } from './nesting.ts';
import { mayHoldReference, scanReferences, type TextSegment } from './references.ts';
import { variableSources } from './sources/registry.ts';
import { concat, mapTracked, masked, plain, type Tracked } from './tracked.ts';
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
import { placeInFile, placeInTemplate } from './words.ts';

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

/** References between two turns of the event loop, so that a huge template blocks nobody. */
const pauseAfter = 1000;

/** One resolver for one request. `sources` is the registry unless a test says otherwise. */
export function createResolver(
  context: VariableContext,
  sources: readonly VariableSource[] = variableSources,
): Resolver {
  return new RequestResolver(context, sources);
}

class RequestResolver implements Resolver {
  readonly #context: VariableContext;
  readonly #sources: readonly VariableSource[];
  /** The winning value of a name, and the value of each definition by its key. */
  readonly #names = new Map<string, VariableValue>();
  readonly #values = new Map<string, VariableValue>();
  readonly #stable: ReadonlySet<string>;
  readonly #escapes: boolean;
  /** Calls run one after another, so that a value is worked out once and questions come one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: VariableContext, sources: readonly VariableSource[]) {
    this.#context = {
      ...context,
      remembered: context.remembered ?? new Map<string, Tracked>(),
      snapshot: context.snapshot ?? new Map<string, Promise<unknown>>(),
    };
    this.#sources = sources;
    this.#stable = stableReferences(context);
    this.#escapes = context.file.dialect === 'httpyac' || context.file.dialect === 'union';
  }

  resolveTemplate(template: Template | string, place?: Place): Promise<Tracked> {
    const text = typeof template === 'string' ? template : template.text;
    if (!mayHoldReference(text) && !(this.#escapes && text.includes('\\{\\{'))) return Promise.resolve(plain(text));
    return this.#queue((stack, budget) => this.#expand(template, place === undefined ? {} : { place }, stack, budget));
  }

  lookup(name: string): Promise<VariableValue | undefined> {
    return this.#queue((stack, budget) => this.#answer(parseExpression(name), stack, budget));
  }

  async list(): Promise<VariableInfo[]> {
    const quiet = new RequestResolver(toQuietContext(this.#context), this.#sources);
    const infos = new Map<string, VariableInfo>();
    for (const source of this.#sources) {
      for (const info of await source.list(quiet.#context)) {
        if (infos.has(info.name)) continue;
        infos.set(
          info.name,
          info.display !== undefined && mayHoldReference(info.display) ? await quiet.#shown(info) : info,
        );
      }
    }
    return [...infos.values()];
  }

  /** With the references in its value replaced, where that is possible now. */
  async #shown(info: VariableInfo): Promise<VariableInfo> {
    try {
      const found = await this.lookup(info.name);
      return found ? { ...info, display: masked(found.value) } : info;
    } catch {
      return info;
    }
  }

  #queue<T>(work: (stack: readonly Frame[], budget: Budget) => Promise<T>): Promise<T> {
    const outer = nesting.getStore();
    const result =
      outer?.resolver === this ? work(outer.stack, outer.budget) : this.#last.then(() => work([], { references: 0 }));
    const known = result.catch((error: unknown) => {
      throw toCountersignError(error);
    });
    if (outer?.resolver !== this) this.#last = known.catch(() => undefined);
    return known;
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
          throw limitError(segment.inner.trim());
        }
        parts.push(part);
      } catch (error) {
        const where = place();
        const known = toCountersignError(error, segment.inner.trim());
        throw Object.keys(where).length === 0 ? known : known.at(where);
      }
    }
    return parts.length === 1 ? parts[0]! : concat(parts);
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
      throw limitError(inner.trim());
    }
    if (budget.references % pauseAfter === 0) await pause();
    if (this.#context.signal?.aborted === true) {
      throw new CountersignError('CS-NET-CANCELLED', 'The request was cancelled before its variables were known.');
    }
    const expression = parseExpression(inner);
    const answer = await this.#answer(expression, stack, budget);
    if (answer) {
      const encode = (expression.kind === 'name' || expression.kind === 'script') && expression.encode;
      return encode ? mapTracked(answer.value, (text) => encodeURIComponent(text.toWellFormed())) : answer.value;
    }
    if (expression.kind === 'script') {
      throw scriptError(expression.text);
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
    const known = below ? undefined : this.#names.get(name);
    if (known) return known;
    const definition = (await this.#candidates(name, below, 1))[0];
    if (!definition) {
      if (below) throw cycleError([...stack.map((frame) => frame.name), name]);
      return undefined;
    }
    const keep = !definition.fresh || this.#stable.has(name);
    const answer = this.#values.get(definition.key) ?? {
      name: definition.name,
      value: await this.#workOut(definition, stack, budget, (expansion) => definition.value(expansion)),
      origin: definition.origin,
    };
    if (keep) {
      this.#values.set(definition.key, answer);
      if (!below) this.#names.set(name, answer);
    }
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
      const known = this.#values.get(inside);
      if (known) return known;
      const frame = definition.at ? { key: inside, name: `${name}.${path.join('.')}` } : definition;
      const value = await this.#workOut(frame, stack, budget, async (expansion) =>
        definition.at ? definition.at(path, expansion) : partOfText(await definition.value(expansion), path),
      );
      if (!value) continue;
      const answer = { name, value, origin: definition.origin };
      if (!definition.fresh) this.#values.set(inside, answer);
      return answer;
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

  #workOut<T>(
    frame: Frame,
    stack: readonly Frame[],
    budget: Budget,
    work: (expansion: Expansion) => Promise<T>,
  ): Promise<T> {
    if (stack.some((one) => one.key === frame.key)) {
      throw cycleError([...stack.map((one) => one.name), frame.name]);
    }
    const inner = [...stack, { key: frame.key, name: frame.name }];
    const expansion: Expansion = {
      expand: (value, options = {}) => this.#expand(value, options, inner, budget),
      lookup: (name) => {
        budget.references += 1;
        return this.#answer(parseExpression(name), inner, budget);
      },
    };
    return nesting.run({ resolver: this, stack: inner, budget }, () => work(expansion));
  }
}

function pause(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}
