/** What the output formats get to know of this process: its terminal, its locale, and the files of the run. */
import type { Job } from '../run-jobs.ts';
import { labelOf, type OutputContext } from './format.ts';
import { shownPath } from './shown-path.ts';

export function createOutputContext(
  options: { readonly output?: string; readonly body: boolean },
  write: (text: string) => void,
  jobs: readonly Job[],
  redact: (text: string) => string,
  identities: readonly string[] = [],
): OutputContext {
  const toTerminal = options.output === undefined && process.stdout.isTTY;
  const { env } = process;
  const steps = jobs.flatMap((job) => job.steps.filter((step) => step.kind === 'send'));
  const colour = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : toTerminal && !env['NO_COLOR'];
  return {
    redact,
    write,
    colour,
    columns: columnsOf(toTerminal),
    unicode: toTerminal && !env['NO_COLOR'] && isUnicodeLocale(env),
    includeBody: options.body,
    names: steps.flatMap(({ request: { name, title, line } }) =>
      identities.length > 1
        ? identities.map((as) => labelOf({ name, title, line, comparison: { as } }))
        : [labelOf({ name, title, line })],
    ),
    methods: steps.map(({ request }) => request.method),
    shownPath: (path) => (path === undefined ? '-' : shownPath(path)),
    source: (path) => steps.find((step) => step.path === path)?.file ?? jobs.find((job) => job.path === path)?.file,
  };
}

export function isUnicodeLocale(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((each) => each !== undefined && each !== '');
  if (locale === undefined) return process.platform === 'win32';
  return /utf-?8/i.test(locale);
}

/** Of the terminal, else of COLUMNS, else 80. */
function columnsOf(toTerminal: boolean): number {
  const asked = Number(process.env['COLUMNS']);
  const columns = (toTerminal && process.stdout.columns) || (Number.isInteger(asked) && asked > 0 ? asked : 80);
  return Math.min(columns, 160);
}
