/**
 * A file that a definition names and a sign-in needs: under the folder of the definition, or one a person agrees to. What
 * it holds is as secret as a password. A path in the person's own definitions is their own choice already.
 */
import { dirname, isAbsolute } from 'node:path';
import { CountersignError } from '../errors/countersign-error.ts';
import type { OAuthCredential } from '../oauth/ports.ts';
import type { FileReader, Prompts } from '../ports.ts';
import { resolveBodyFile } from './body-file.ts';
import { isNetworkPath } from './network-path.ts';

const limit = 256 * 1024;

/** @throws CountersignError CS-FILE-MISSING, CS-FILE-OUTSIDE, CS-FILE-UNREADABLE */
export async function readCredentialFile(
  written: string,
  credential: OAuthCredential,
  host: { readonly files: FileReader; readonly prompts: Prompts },
  signal: AbortSignal,
): Promise<string> {
  const { name, owner, file } = credential;
  const place = file === undefined ? {} : { file };
  const scope = {
    path: file,
    root: file === undefined ? undefined : dirname(file),
    files: host.files,
    prompts: host.prompts,
    signal,
    words: { title: 'Use the content of', detail: `The credential ${name} names it as`, agree: 'Use This File' },
  };
  const own = owner === 'user' && isAbsolute(written) && !isNetworkPath(written);
  const path = own ? written : await resolveBodyFile(written, scope, place);
  if (((await host.files.size(path)) ?? 0) > limit) {
    throw new CountersignError(
      'CS-FILE-UNREADABLE',
      `The file that ${name} names is larger than ${limit / 1024} KiB.`,
      {
        next: 'Name the file with the assertion alone.',
        place,
      },
    );
  }
  return host.files.readText(path);
}
