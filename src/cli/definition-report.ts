/** Tells on stderr what is wrong with the definitions and the environment of a run, each with its place. */
import { readFile } from 'node:fs/promises';
import type { LoadedDefinitions } from '../run/workspace-definitions.ts';
import type { composeCli } from './compose-cli.ts';
import { shownPath } from './output/shown-path.ts';
import type { Job } from './run-jobs.ts';

type Composed = Pick<Awaited<ReturnType<typeof composeCli>>, 'redactor' | 'deps'>;

export async function reportDefinitionProblems(loaded: LoadedDefinitions, composed: Composed): Promise<void> {
  const { problems, foreignProblems } = loaded;
  if (problems.length === 0 && foreignProblems.length === 0) return;
  const text = problems.length === 0 ? '' : await readFile(loaded.file, 'utf8').catch(() => '');
  const lines = [
    ...problems.map(({ code, message, span }) => `${placeOf(loaded.file, text, span.start)}: ${code}: ${message}`),
    ...foreignProblems.map(({ file, code, message }) => `${shownPath(file)}: ${code}: ${message}`),
  ];
  for (const line of lines) process.stderr.write(`${composed.redactor.redact(line)}\n`);
}

function placeOf(file: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${shownPath(file)}:${line}:${offset - (before.lastIndexOf('\n') + 1) + 1}`;
}

/** A name that no file defines is most likely misspelt; what depends on it fails by itself. */
export async function reportUnknownEnvironment(
  job: Job,
  environments: readonly string[],
  composed: Composed,
): Promise<void> {
  if (environments.length === 0) return;
  const { listEnvironments } = await import('../variables/environments/list-environments.ts');
  const { files } = composed.deps;
  const known = await listEnvironments({ path: job.path, root: job.root, files, settings: {} });
  const names = known.map(({ name }) => name);
  for (const name of environments.filter((each) => !names.includes(each))) {
    const next = names.length === 0 ? 'No environment file stands here.' : `Known: ${names.slice(0, 8).join(', ')}.`;
    process.stderr.write(`CS-VAR-ENVIRONMENT: No environment is called “${name.slice(0, 60)}”.\n${next}\n`);
  }
}
