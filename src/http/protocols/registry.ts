/** The protocols that can be spoken, the preferred first. Adding one is a file and a line here. */
import type { Dialer } from '../dialer.ts';
import { createHttp1 } from './http1.ts';
import type { Protocol } from './protocol.ts';

export const protocols = [createHttp1] as const satisfies readonly ((dialer: Dialer) => Protocol)[];
