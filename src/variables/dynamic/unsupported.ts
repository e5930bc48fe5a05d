/**
 * Dynamic variables that other tools have and this one knows by name only; each answers with what to use instead.
 */
import { unsupported, type DynamicVariable } from './dynamic-variable.ts';

const useCredential = 'Define an oauth2 credential and refer to it with # @auth, or with $auth.token.';
const useFaker = 'Use $random.alphabetic, $random.integer or a variable of the file.';

export const unsupportedVariables: readonly DynamicVariable[] = [
  unsupported('$aadToken', useCredential),
  unsupported('$aadV2Token', useCredential),
  unsupported('$oidcAccessToken', useCredential),
  unsupported('$historyFolder', 'Write the path of the folder.'),
  unsupported('$exampleServer', 'Write the address of the server.'),
  unsupported('$placeholder', 'Write the value in its place.'),
  unsupported('$xpath', 'Use a request variable such as {{login.response.body.//token}}.'),
  unsupported('$index', 'Loops are not run.'),
];

/** Stand-ins for whole families: `$random.address.city`, Postman's `$randomCity`. */
export const unsupportedFamilies: readonly { readonly pattern: RegExp; readonly entry: DynamicVariable }[] = [
  { pattern: /^\$random\.\w/i, entry: unsupported('$random', useFaker) },
  { pattern: /^\$random[A-Z]\w*$/, entry: unsupported('$random', useFaker) },
  { pattern: /^\$auth\.\w/i, entry: unsupported('$auth', 'Use $auth.token("NAME") or $auth.idToken("NAME").') },
];
