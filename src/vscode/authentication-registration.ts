/**
 * Registers the authentication provider at activation, over answers that are loaded when somebody asks: activation pays
 * for nothing else. Source: auth.md §3.2.
 */
import {
  authentication,
  EventEmitter,
  type AuthenticationProvider,
  type AuthenticationProviderAuthenticationSessionsChangeEvent,
  type Disposable,
} from 'vscode';
import type { CredentialSessions } from './authentication-provider.ts';

/** Told to VS Code, and by it to every extension that holds a session. */
export const sessionChanges = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>();

export function registerAuthenticationProvider(load: () => Promise<CredentialSessions>): Disposable {
  const provider: AuthenticationProvider = {
    onDidChangeSessions: sessionChanges.event,
    getSessions: async (scopes, options) => (await load()).getSessions(scopes, options),
    createSession: async (scopes) => (await load()).createSession(scopes),
    removeSession: async (id) => (await load()).removeSession(id),
  };
  return authentication.registerAuthenticationProvider('countersign', 'Countersign', provider, {
    supportsMultipleAccounts: true,
  });
}
