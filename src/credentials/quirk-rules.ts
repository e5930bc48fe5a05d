/**
 * `quirk_rules` of a definition: how the token answer of a provider that is not in the list of quirks is to be read, as
 * data. No expression, no pattern, no code: a file of a workspace must not run. It can move and rename what was answered
 * and fill in a type or a lifetime; it can neither bring a token along nor change where anything is sent. Pure.
 */
export interface QuirkRules {
  /** Statuses that count as 200, of 201 to 299. */
  readonly status?: readonly number[];
  /** The body is a form instead of JSON. */
  readonly body?: 'form';
  /** Where in the answer the object with the tokens is: `data.token`; list items by their number. */
  readonly from?: string;
  /** From the name in the answer to the registered one. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Left out when null or empty. */
  readonly ignore_empty?: readonly string[];
  /** Lifetimes in milliseconds. */
  readonly milliseconds?: readonly string[];
  /** Taken when the answer does not say. */
  readonly default?: Readonly<Record<string, string | number>>;
  /** Where the name of an error is, and its description. */
  readonly error?: string;
  readonly error_description?: string;
}

/** Names of a token answer (RFC 6749 §5.1–5.2, OIDC Core §3.1.3.3) that a rule may make. */
const answerNames = [
  'access_token',
  'refresh_token',
  'id_token',
  'token_type',
  'expires_in',
  'scope',
  'error',
  'error_description',
];
const lifetimes = ['expires_in'];
const path = /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,7}$/;
const limit = 20;

interface Rule {
  readonly description: string;
  /** What it must be, in words, when it is not. */
  readonly wanted: string;
  readonly holds: (value: unknown) => boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}

const isPath: Rule['holds'] = (value) => typeof value === 'string' && path.test(value);
const isList =
  (holds: (one: unknown) => boolean): Rule['holds'] =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= limit && value.every(holds);
const isNamed =
  (names: readonly string[]): Rule['holds'] =>
  (value) =>
    typeof value === 'string' && names.includes(value);
const isRecord =
  (holds: (name: string, value: unknown) => boolean): Rule['holds'] =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return entries.length > 0 && entries.length <= limit && entries.every(([name, one]) => holds(name, one));
  };
const pathSchema = { type: 'string', pattern: path.source };
const namesSchema = (names: readonly string[]): Rule['schema'] => ({ type: 'array', items: { enum: names } });

const rules: Readonly<Record<keyof QuirkRules, Rule>> = {
  status: {
    description: 'Statuses that count as 200.',
    wanted: 'a list of numbers from 201 to 299',
    holds: isList((one) => Number.isInteger(one) && Number(one) > 200 && Number(one) < 300),
    schema: { type: 'array', items: { type: 'integer', minimum: 201, maximum: 299 } },
  },
  body: {
    description: 'form: the body is form-encoded instead of JSON.',
    wanted: '“form”',
    holds: isNamed(['form']),
    schema: { enum: ['form'] },
  },
  from: {
    description: 'Where the object with the tokens is: names divided by dots, list items by number.',
    wanted: 'names divided by dots',
    holds: isPath,
    schema: pathSchema,
  },
  rename: {
    description: 'From the name in the answer to the registered one.',
    wanted: `an object whose values are of ${answerNames.join(', ')}`,
    holds: isRecord((name, to) => path.test(name) && !name.includes('.') && isNamed(answerNames)(to)),
    schema: { type: 'object', additionalProperties: { enum: answerNames } },
  },
  ignore_empty: {
    description: 'Left out when null or empty.',
    wanted: `a list of ${answerNames.join(', ')}`,
    holds: isList(isNamed(answerNames)),
    schema: namesSchema(answerNames),
  },
  milliseconds: {
    description: 'Lifetimes in milliseconds instead of seconds.',
    wanted: `a list of ${lifetimes.join(', ')}`,
    holds: isList(isNamed(lifetimes)),
    schema: namesSchema(lifetimes),
  },
  default: {
    description: 'token_type Bearer, or expires_in in seconds, where the answer says nothing.',
    wanted: 'token_type “Bearer” or expires_in as a whole number of seconds',
    holds: isRecord(
      (name, value) =>
        (name === 'token_type' && value === 'Bearer') ||
        (name === 'expires_in' && Number.isSafeInteger(value) && Number(value) > 0),
    ),
    schema: {
      type: 'object',
      properties: { token_type: { enum: ['Bearer'] }, expires_in: { type: 'integer', minimum: 1 } },
      additionalProperties: false,
    },
  },
  error: {
    description: 'Where the name of an error is.',
    wanted: 'names divided by dots',
    holds: isPath,
    schema: pathSchema,
  },
  error_description: {
    description: 'Where the description of an error is.',
    wanted: 'names divided by dots',
    holds: isPath,
    schema: pathSchema,
  },
};

/** The rules that hold, and what is wrong with the others in words that follow the name of the credential. */
export function readQuirkRules(value: unknown): { readonly rules: QuirkRules; readonly problems: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { rules: {}, problems: ['“quirk_rules” must be an object'] };
  }
  const kept: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, one] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof QuirkRules] : undefined;
    if (!rule) problems.push(`“quirk_rules” knows ${Object.keys(rules).join(', ')} and no “${name.slice(0, 40)}”`);
    else if (!rule.holds(one)) problems.push(`“${name}” of quirk_rules must be ${rule.wanted}`);
    else kept[name] = one;
  }
  return { rules: kept, problems };
}

/** For the JSON schema of `countersign.json`. */
export function toQuirkRulesSchema(): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(rules).map(([name, { description, schema }]) => [name, { description, ...schema }]),
    ),
    additionalProperties: false,
  };
}
