/**
 * Whether variables are filled into files that a body names with `<` (conflict B1). As they are is the rule; a directive
 * or a setting says otherwise. Source: dialects.md §6, §12 (`@injectVariables`).
 */
import { canonicalDirective } from '../language/directives/canonical.ts';
import type { RequestNode } from '../language/types.ts';
import { loadEnvironmentFiles, type EnvironmentFileContext } from '../variables/environments/environment-files.ts';

/** `auto`: as JetBrains does, in a project that has its environment file and no environments of REST Client. */
export type BodyVariables = 'never' | 'auto' | 'always';

export async function fillsBodyFiles(
  node: RequestNode,
  setting: BodyVariables | undefined,
  context: EnvironmentFileContext,
): Promise<boolean> {
  if (!node.body?.parts.some((part) => part.kind === 'file' && !part.variables)) return false;
  if (node.directives.some(({ name }) => canonicalDirective(name) === 'inject-variables')) return true;
  if (setting !== 'auto') return setting === 'always';
  const restClient = context.settings?.['rest-client.environmentVariables'];
  if (
    typeof restClient === 'object' &&
    restClient !== null &&
    Object.keys(restClient).some((name) => name !== '$shared')
  )
    return false;
  return (await loadEnvironmentFiles(context)).some(({ path }) => /(?:^|[\\/])http-client\.env\.json$/.test(path));
}

/** Text that variables can stand in; undefined for anything else, which is sent as it is. */
export function textOfFile(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
