/** An argument that is not what its option takes; exit code 2. */
import { CountersignError } from '../errors/countersign-error.ts';

export function usage(message: string, next: string): CountersignError {
  return new CountersignError('CS-CLI-USAGE', message, { next });
}
