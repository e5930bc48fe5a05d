/**
 * The context for editors: everything that asks the person or reads a secret is taken out.
 */
import type { VariableContext } from './types.ts';

/** Values that need a question, a sign-in or the secret store are then `CS-VAR-AT-SEND`. */
export function toQuietContext(context: VariableContext): VariableContext {
  const { prompts: _prompts, secretByName: _secretByName, authToken: _authToken, ...quiet } = context;
  return quiet;
}
