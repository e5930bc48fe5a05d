/**
 * The few things that a script can have done outside the engine it runs in: digests, random bytes, Base64, the text of
 * the response. All of them take and give text; none of them reaches a file, the network or a process. They run
 * in the worker, so that ending it ends them.
 */
import { Buffer } from 'node:buffer';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Recorder } from './recorder.ts';
import type { ScriptJob } from './types.ts';

const algorithms: readonly string[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];

/** A piece of input: text, hex or Base64; or the name of a secret of the environment, as key alone. */
interface Piece {
  readonly as?: unknown;
  readonly text?: unknown;
}

export type HostCall = (argument: unknown) => unknown;

/** @throws Error with words for the script's author */
export function createHostCalls(job: ScriptJob, recorder: Recorder): Readonly<Record<string, HostCall>> {
  return {
    record: (event) => {
      const refused = recorder.record(event);
      if (refused !== undefined) throw new Error(refused);
      return null;
    },
    body: () => job.response?.body ?? null,
    digest: (argument) => {
      const { algorithm, pieces, key } = argument as { algorithm?: unknown; pieces?: unknown; key?: unknown };
      if (typeof algorithm !== 'string' || !algorithms.includes(algorithm)) throw new Error('No such algorithm.');
      const keyed = key !== undefined && key !== null;
      const hash = keyed ? createHmac(algorithm, keyBytes(key, job)) : createHash(algorithm);
      for (const piece of Array.isArray(pieces) ? (pieces as Piece[]) : []) hash.update(toBytes(piece));
      const bytes = hash.digest();
      return { hex: bytes.toString('hex'), base64: bytes.toString('base64') };
    },
    random: (count) => randomBytes(Math.min(1024, Math.max(1, Number(count) || 1))).toString('hex'),
    // The worker is the script's own; its time limit is watched from outside as well.
    sleep: (ms) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(60_000, Math.max(0, Number(ms) || 0)));
      return null;
    },
    btoa: (value) => btoa(String(value)),
    atob: (value) => atob(String(value)),
  };
}

function keyBytes(key: Piece, job: ScriptJob): Buffer {
  if (key.as !== 'environment') return toBytes(key);
  const found = job.environment.find(({ name }) => name === key.text);
  if (!found) throw new Error('The secret is not known here.');
  return Buffer.from(found.value, 'utf8');
}

function toBytes(piece: Piece): Buffer {
  const encoding = piece.as === 'hex' || piece.as === 'base64' ? piece.as : 'utf8';
  return Buffer.from(typeof piece.text === 'string' ? piece.text : '', encoding);
}
