/** Reads the target a lens or the panel passes to a command; anything else means the request at the cursor. */
import type { SendTarget } from '../sender.ts';
import { argument } from './command.ts';

export function toSendTarget(value: unknown): SendTarget | undefined {
  const { uri, request } = argument(value);
  return typeof uri === 'string' && typeof request === 'number' ? { uri, request } : undefined;
}
