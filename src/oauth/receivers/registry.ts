/** Every way a redirect can come back. */
import { loopback } from './loopback.ts';
import { paste } from './paste.ts';
import type { Receiver } from './receiver.ts';
import { uriHandler } from './uri-handler.ts';

export const receivers = [loopback, uriHandler, paste] as const satisfies readonly Receiver[];

/** `auto` stands for what suits this machine; loopback unless the user's settings say otherwise. */
export function findReceiver(name: string | undefined, auto: Receiver['name']): Receiver {
  const wanted = name === undefined || name === 'auto' ? auto : name;
  return receivers.find((receiver) => receiver.name === wanted) ?? loopback;
}
