/**
 * Writes requests for another tool: each as it would be sent, its credential by name. Nothing is sent, nobody is asked
 * and no secret is read. Source: house.md §5.
 */
import { exporters } from '../convert/registry.ts';
import type { ExportRequest } from '../convert/types.ts';
import { toCountersignError } from '../errors/countersign-error.ts';
import type { RequestNode } from '../language/types.ts';
import { describeRequest } from '../run/describe.ts';
import { loadWorkspaceDefinitions } from '../run/workspace-definitions.ts';
import type { ConvertOptions } from './commands/convert.ts';
import { composeCli } from './compose-cli.ts';
import { reportDefinitionProblems } from './definition-report.ts';
import { exitCodes } from './exit-codes.ts';
import { openSink } from './output/sink.ts';
import { parseVariables } from './parse-variables.ts';
import { redactedError } from './redacted-error.ts';
import { loadJobs, type Job } from './run-jobs.ts';
import { usage } from './usage.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

/** @returns the exit code @throws CountersignError CS-CLI-*, CS-FILE-*, CS-VAR-*, with the place in the request file */
export async function convertFiles(files: readonly string[], options: ConvertOptions): Promise<number> {
  const exporter = exporters.find(({ id }) => id === options.to);
  if (!exporter) {
    const known = exporters.map(({ id }) => id).join(', ');
    throw usage(`“${options.to.slice(0, 40)}” is not a form that requests can be converted to.`, `Use ${known}.`);
  }
  const overrides = parseVariables(options.var);
  const jobs = await loadJobs(files, options);
  const composed = await composeCli({ caFiles: [], insecure: [], input: false, timeout: 0 });
  try {
    const requests: ExportRequest[] = [];
    for (const job of jobs) {
      if (job.root !== undefined) {
        const { vault, deps } = composed;
        const loaded = await loadWorkspaceDefinitions(vault, deps.files, job.root, options.env);
        await reportDefinitionProblems(loaded, composed);
      }
      for (const node of job.requests) requests.push(await toExport(composed, job, node, options.env, overrides));
    }
    const { text, notes } = exporter.convert(requests);
    const sink = await openSink(options.output);
    sink.write(composed.redactor.redact(text));
    await sink.close();
    for (const note of notes) process.stderr.write(`${composed.redactor.redact(note)}\n`);
  } catch (error) {
    throw redactedError(toCountersignError(error), (text) => composed.redactor.redact(text));
  } finally {
    await composed.dispose();
  }
  return exitCodes.passed;
}

async function toExport(
  composed: Composed,
  job: Job,
  node: RequestNode,
  environments: readonly string[],
  overrides: ReturnType<typeof parseVariables>,
): Promise<ExportRequest> {
  const { file, path, root } = job;
  const input = { text: file.text, path, root, request: node.index, environments, overrides };
  try {
    const request = await composed.engine.preview({ ...input, signal: new AbortController().signal }, file);
    const who = await describeRequest({ file, request: node, path, root, environments }, composed.deps);
    if (who.refused) throw who.refused;
    const name = who.credentialName ?? who.credential?.name;
    return {
      title: oneLine(node.name ?? node.title ?? `${request.method} ${node.url.text}`),
      request,
      credential: name === undefined ? undefined : { name, definition: who.credential?.definition },
    };
  } catch (error) {
    const known = toCountersignError(error);
    throw known.at({ ...known.place, file: job.name, line: known.place?.line ?? node.line });
  }
}

/** A comment of the other tool ends at its line. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 120);
}
