/** Where a report goes: stdout, or a file that is opened before anything is sent. */
import { open } from 'node:fs/promises';
import { CountersignError } from '../../errors/countersign-error.ts';

export interface Sink {
  write(text: string): void;
  /** Resolves when everything is written. @throws CountersignError CS-FILE-UNWRITABLE */
  close(): Promise<void>;
}

/** @throws CountersignError CS-FILE-UNWRITABLE */
export async function openSink(file: string | undefined): Promise<Sink> {
  if (file === undefined) {
    return { write: (text) => void process.stdout.write(text), close: () => Promise.resolve() };
  }
  const handle = await open(file, 'w').catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
  const stream = handle.createWriteStream();
  let failure: unknown;
  stream.on('error', (error) => (failure = error));
  return {
    write: (text) => void stream.write(text),
    close: () =>
      new Promise((done, fail) => {
        stream.end(() => {
          if (failure === undefined) done();
          else fail(unwritable(file, failure));
        });
        if (failure !== undefined) fail(unwritable(file, failure));
      }),
  };
}

function unwritable(file: string, cause: unknown): CountersignError {
  return new CountersignError('CS-FILE-UNWRITABLE', `The file ${file} cannot be written.`, { cause });
}
