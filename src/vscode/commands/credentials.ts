/** The commands about credentials. Each shows its own errors; none shows, copies or logs a secret. */
import { addCredential } from '../wizard/add-credential.ts';
import type { CommandGroup } from './command.ts';
import { checkCredentialDefinition, probeIssuer } from './credential-checks.ts';
import { editDefinition, showDefinition } from './credential-definition.ts';
import { showingErrors } from './credential-errors.ts';
import { showClaims, showTrace } from './credential-looks.ts';
import {
  addOrigin,
  approveCredential,
  copyReference,
  removeCredential,
  removeOrigin,
  renameCredential,
} from './credential-management.ts';
import { enterSecret } from './credential-secrets.ts';
import { compareTraces, exportTrace } from './credential-traces.ts';
import {
  cancelSignIn,
  copySignInLink,
  pasteRedirect,
  refreshToken,
  signIn,
  signOut,
  signOutAll,
} from './credential-sessions.ts';
import { introspectToken, signOutEverywhere, userInfo } from './token-questions.ts';

export const credentials: CommandGroup = {
  addCredential: showingErrors(addCredential),
  signIn: showingErrors(signIn),
  signOut: showingErrors(signOut),
  signOutAll: showingErrors(signOutAll),
  refreshToken: showingErrors(refreshToken),
  enterSecret: showingErrors(enterSecret),
  approveCredential: showingErrors(approveCredential),
  showClaims: showingErrors(showClaims),
  introspectToken: showingErrors(introspectToken),
  userInfo: showingErrors(userInfo),
  signOutEverywhere: showingErrors(signOutEverywhere),
  showTrace: showingErrors(showTrace),
  exportTrace: showingErrors(exportTrace),
  compareTraces: showingErrors(compareTraces),
  checkCredential: showingErrors(checkCredentialDefinition),
  probeIssuer: showingErrors(probeIssuer),
  removeCredential: showingErrors(removeCredential),
  renameCredential: showingErrors(renameCredential),
  editDefinition: showingErrors(editDefinition),
  showDefinition: showingErrors(showDefinition),
  addOrigin: showingErrors(addOrigin),
  removeOrigin: showingErrors(removeOrigin),
  copyReference: showingErrors(copyReference),
  cancelSignIn: showingErrors(cancelSignIn),
  copySignInLink: showingErrors(copySignInLink),
  pasteRedirect: showingErrors(pasteRedirect),
};
