/** Keeps a definition among the person's own, checked as one of countersign.json would be. */
import { parseDefinitions } from '../credentials/definitions.ts';
import type { Vault } from '../credentials/vault.ts';
import { CountersignError } from '../errors/countersign-error.ts';

/** @param text the definition as JSON, without secrets. @throws CountersignError CS-DEF-*, CS-CLI-USAGE */
export async function saveDefinition({ vault }: { readonly vault: Vault }, name: string, text: string): Promise<void> {
  const wrapped = `{"credentials":{${JSON.stringify(name)}:${text}}}`;
  const { definitions, problems } = parseDefinitions(wrapped, { owner: 'user' });
  const problem = problems[0];
  const found = definitions[0];
  if (problem || !found) {
    throw new CountersignError(problem?.code ?? 'CS-CLI-USAGE', problem?.message ?? 'The definition is not JSON.', {
      next: 'Write it as in countersign.json, without secrets.',
    });
  }
  await vault.saveDefinition(name, found.definition);
}
