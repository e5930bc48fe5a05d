/** The small checks that both ends of the panel's line make on a message before they act on it. Pure. */

export type Check = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, Check>>;

export const isText: Check = (value) => typeof value === 'string' && value.length <= 100_000;
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isCount: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 40;
export const isNode: Check = (value) => isCount(value) || value === -1;
export const isHttpUrl: Check = (value) =>
  typeof value === 'string' && value.length <= 8192 && /^https?:\/\/[^\s]+$/i.test(value);
export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the field `tag` names a row of the table, and every field that row lists passes its check. */
export function fits(value: unknown, tag: string, table: Readonly<Record<string, Fields>>): boolean {
  if (!isObject(value)) return false;
  const name = value[tag];
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) return false;
  return Object.entries(table[name] as Fields).every(([field, check]) => check(value[field]));
}
