/**
 * Accounts of VS Code as credentials: its own consent, its own sign-in, its own store. It asks only through `acquire`,
 * which a person's gesture leads to; looking asks nobody and leaves no mark in the Accounts menu.
 * Source: VS Code API, `authentication.getSession`.
 */
import { authentication, type AuthenticationGetSessionOptions, type AuthenticationSession } from 'vscode';
import { Secret } from '../../credentials/secret.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import type { AccountRequest, AccountSession, AccountSource } from '../../credentials/types.ts';
import { CountersignError } from '../../errors/countersign-error.ts';

/** @param onSecret makes a token known to the redactor before anybody gets it */
export function createVscodeAccounts(onSecret: (secret: Secret) => void): AccountSource {
  const toSession = (found: AuthenticationSession, { provider }: AccountRequest): AccountSession => {
    const accessToken = new Secret(found.accessToken, `token of the ${toShownText(provider, 40)} account`);
    onSecret(accessToken);
    return { accessToken, account: found.account.label };
  };
  return {
    async find(request) {
      // A provider that is not there, or fails, has no session that could be used.
      const found = await getSession(request, { silent: true }).catch(() => undefined);
      return found && toSession(found, request);
    },
    async acquire(request, { signal, choose = false }) {
      const asked = getSession(request, { createIfNone: true, ...(choose ? { clearSessionPreference: true } : {}) });
      const found = await unlessAborted(asked, signal).catch((error: unknown) => {
        throw toAccountError(error, request, signal);
      });
      return toSession(found, request);
    },
  };
}

async function getSession<Options extends AuthenticationGetSessionOptions>(
  { provider, scopes }: AccountRequest,
  options: Options,
): Promise<Options extends { createIfNone: true } ? AuthenticationSession : AuthenticationSession | undefined> {
  return authentication.getSession(provider, scopes, options) as Promise<AuthenticationSession>;
}

/** VS Code has no way to call a question back: it stays open, and its answer is not waited for. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    answer.catch(() => undefined);
  }
}

function toAccountError(error: unknown, { provider }: AccountRequest, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return signal.reason as Error;
  const text = error instanceof Error ? error.message : '';
  const shown = toShownText(provider, 60);
  if (/no authentication provider|timed out waiting/i.test(text)) {
    return new CountersignError('CS-AUTH-ACCOUNT-PROVIDER', `VS Code knows no accounts of “${shown}”.`, {
      facts: { provider },
      cause: error,
    });
  }
  return new CountersignError('CS-AUTH-CANCELLED', `The sign-in to the ${shown} account was not completed.`, {
    facts: { provider },
    cause: error,
  });
}
