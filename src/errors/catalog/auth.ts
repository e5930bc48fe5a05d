import type { CatalogArea } from './entry.ts';

export const authErrors = {
  'CS-AUTH-NOT-SHARED': {
    sentence: '<credential> is not shared with other extensions.',
    cause: 'An extension asked for a session of it, and the person has not shared it.',
    next: 'Add its name to the setting countersign.credentials.shareWithExtensions.',
    action: 'Open Settings',
  },
  'CS-AUTH-SECRET-MISSING': {
    sentence: '<credential> has no secret on this machine.',
    cause: 'The definition is known, its secret was never entered here or was removed.',
    next: 'Enter it once; it stays in the secret store.',
    action: 'Enter Secret…',
  },
  'CS-AUTH-CANCELLED': {
    sentence: 'The sign-in was ended before the browser came back.',
    cause: 'It was cancelled, closed or refused.',
    next: 'Nothing was stored. Sign in again when you like.',
    action: 'Sign In',
  },
  'CS-AUTH-SIGN-IN-NEEDED': {
    sentence: '<credential> is not signed in.',
    cause: 'There is no session that can be used or renewed, and nobody could be asked.',
    next: 'Sign in, then send again.',
    action: 'Sign In',
  },
  'CS-AUTH-OTHER-IDENTITY': {
    sentence: 'The request itself holds a token of <credential>.',
    cause: 'It was sent as several identities, and its address or body asks for a token of one of them by name.',
    next: 'Take the token out of address and body; # @auth puts it where it belongs.',
  },
  'CS-AUTH-ACCOUNT': {
    sentence: '<credential> uses an account of VS Code, which is not at hand here.',
    cause: 'Accounts of the scheme account live in VS Code; a terminal cannot reach them.',
    next: 'Send the request in VS Code, or give a token: a credential with scheme bearer and --secret NAME=ENVVAR.',
  },
  'CS-AUTH-ACCOUNT-PROVIDER': {
    sentence: 'VS Code knows no accounts of “<provider>”.',
    cause: 'No installed extension offers this authentication provider, or it did not answer.',
    next: 'Check “provider” in the definition, or install the extension that signs in there.',
  },
  'CS-AUTH-ENDED': {
    sentence: 'The session of <credential> has ended.',
    cause: 'The identity provider no longer accepts the refresh token, or its last answer was lost.',
    next: 'Sign in again.',
    action: 'Sign In',
  },
  'CS-AUTH-EXPIRED': {
    sentence: 'The browser did not come back within <time>.',
    cause: 'The page was closed, shows an error, or its redirect did not reach this machine.',
    next: 'Sign in again; if the browser shows an error, look at the trace.',
    action: 'Sign In',
  },
  'CS-AUTH-DENIED': {
    sentence: 'The identity provider did not let <credential> in.',
    cause: 'The person or a policy of the identity provider said no.',
    next: 'Sign in again and agree, or ask the owner of the identity provider.',
    action: 'Sign In',
  },
  'CS-AUTH-REFUSED': {
    sentence: '<host> refused the sign-in: <error>.',
    cause: 'The identity provider answered with an error of its own.',
    next: 'Open the trace to see what was asked and answered.',
    action: 'Show Trace',
  },
  'CS-AUTH-CLIENT': {
    sentence: 'The identity provider does not accept the client secret.',
    cause: 'The client is unknown, its secret is another one, or it has to be sent in another way.',
    next: 'Check client_id, the secret and token_endpoint_auth_method.',
    action: 'Enter Secret…',
  },
  'CS-AUTH-METHOD': {
    sentence: 'The client authentication “<method>” cannot be used.',
    cause: 'It is not known here, or the identity provider offers none that is.',
    next: 'Set token_endpoint_auth_method to one of the known methods.',
  },
  'CS-AUTH-KEY': {
    sentence: 'The private key of <credential> cannot be used.',
    cause:
      'It is no private key as PEM, JWK or PKCS#12, its passphrase is another one, or it does not fit the algorithm.',
    next: 'Enter the key again, as PEM, JWK or PKCS#12 in base64.',
    action: 'Enter Secret…',
  },
  'CS-AUTH-ASSERTION': {
    sentence: 'The SAML assertion of <credential> cannot be used.',
    cause: 'It is not the Assertion element as XML or base64, but something around it or another text.',
    next: 'Export the signed Assertion element alone, and enter or name that.',
  },
  'CS-AUTH-GRANT': {
    sentence: 'The grant “<grant>” cannot be used.',
    cause: 'It is not known here, or the identity provider does not offer it to this client.',
    next: 'Choose another grant, or register the client for this one.',
  },
  'CS-AUTH-COGNITO': {
    sentence: 'The literal form COGNITO is not sent: it would sign in with a password of this file.',
    cause: 'Authorization: COGNITO user password region pool client, a form of REST Client, stands for a sign-in.',
    next: 'Add a credential with scheme oauth2 whose issuer is the user pool, and name it with # @auth.',
  },
  'CS-AUTH-NETRC': {
    sentence: '<path> has no entry for <host>.',
    cause:
      'The netrc file does not name exactly this host; a default entry is not used, since it would be for every host.',
    next: 'Add a line: machine HOST login NAME password SECRET.',
  },
  'CS-AUTH-KERBEROS': {
    sentence: '<credential> needs the optional module “kerberos”, which is not there.',
    cause:
      'Kerberos is reached through a native module that fits this system; it is not part of Countersign. Or there is no ticket.',
    next: 'Install it where Countersign runs (npm install kerberos), or use scheme ntlm with a user name and password.',
  },
  'CS-AUTH-CODE': {
    sentence: '<host> does not accept the authorization code.',
    cause: 'It was used before, came too late, or belongs to another client or redirect.',
    next: 'Sign in again.',
    action: 'Sign In',
  },
  'CS-AUTH-EXCHANGE': {
    sentence: '<host> does not accept what was to be exchanged for a token.',
    cause: 'The assertion, subject token, refresh token or password has ended, or is not for this client.',
    next: 'Open the trace to see what was sent, and compare it with what is registered there.',
    action: 'Show Trace',
  },
  'CS-AUTH-SCOPE': {
    sentence: '<host> does not grant the scope <scope>.',
    cause: 'A scope is misspelt, or the client is not registered for it.',
    next: 'Check the scope in the definition.',
    action: 'Show Trace',
  },
  'CS-AUTH-REDIRECT': {
    sentence: '<host> does not know the redirect <redirect_uri>.',
    cause: 'Redirects are compared byte by byte with those registered for the client.',
    next: 'Register it there, or set redirect_port and redirect_path.',
    action: 'Copy Redirect',
    actionNeeds: 'redirectUri',
  },
  'CS-AUTH-REDIRECT-PORT': {
    sentence: 'Port <port> of this machine is already in use.',
    cause: 'Another program, or another window, listens on the redirect port.',
    next: 'End the other program, or change redirect_port.',
  },
  'CS-AUTH-STATE': {
    sentence: 'The redirect belongs to no sign-in that is under way.',
    cause: 'It came twice, too late, or from another page.',
    next: 'Sign in again.',
    action: 'Sign In',
  },
  'CS-AUTH-ISSUER': {
    sentence: 'The redirect came from another identity provider than <issuer>.',
    cause: 'Someone may be mixing up two identity providers to get at the code.',
    next: 'Nothing was sent. Check who gave you this definition.',
    action: 'Show Trace',
  },
  'CS-AUTH-STEP-UP': {
    sentence: 'The new sign-in of <credential> is not what the API asks for.',
    cause: 'The provider did not sign the person in as strongly or as freshly as asked (RFC 9470).',
    next: 'Sign in again with another method, or ask the owner of the identity provider.',
    action: 'Show Trace',
  },
  'CS-AUTH-PROBE': {
    sentence: '<name> is not signed in to by a code.',
    cause: 'A probe looks at what a provider enforces when a person signs in by authorization_code.',
    next: 'Probe a credential with the grant authorization_code and response_type code.',
  },
  'CS-AUTH-PROFILE': {
    sentence: '<host> does not meet the profile fapi2: <requirement>.',
    cause: 'The definition says profile fapi2, which takes nothing weaker.',
    next: 'Change what is named, or take the profile out of the definition.',
    action: 'Show Trace',
  },
  'CS-AUTH-PUSHED': {
    sentence: '<host> has no place to push a request to.',
    cause: 'The request has to be pushed first (RFC 9126), and the provider does not take it.',
    next: 'Check the issuer, or take require_pushed_authorization_requests out of the definition.',
    action: 'Show Trace',
  },
  'CS-AUTH-PKCE': {
    sentence: '<host> offers no PKCE with S256.',
    cause: 'Without it a stolen code can be used by someone else.',
    next: 'Ask the owner of the identity provider to allow S256.',
  },
  'CS-AUTH-DISCOVERY': {
    sentence: 'No usable description of the identity provider was found at <issuer>.',
    cause: 'The address is not an issuer, or its answer is not what the standard asks for.',
    next: 'Check the issuer, or give the endpoints in the definition.',
  },
  'CS-AUTH-RESOURCE': {
    sentence: 'The metadata of <host> is not used: <reason>.',
    cause: 'What an API says of itself has to be about the address asked for, at its own origin (RFC 9728).',
    next: 'Tell the owner of the API, or enter the identity provider by hand.',
  },
  'CS-AUTH-REGISTRATION': {
    sentence: '<host> did not register a client that can be used.',
    cause: 'It refuses, wants a token first, or answers with other redirects, an ended or unusable secret.',
    next: 'Register a client there by hand and give its client_id.',
  },
  'CS-AUTH-CLIENT-DOCUMENT': {
    sentence: 'The client_id <client_id> cannot be used: <reason>.',
    cause: 'A client_id that is an address has to be a document about itself, at exactly that address.',
    next: 'Correct the document, or use a client that is registered.',
  },
  'CS-AUTH-ENDPOINT': {
    sentence: 'The <endpoint> of <issuer> cannot be used.',
    cause: 'An endpoint has to be an https address without credentials or preset parameters.',
    next: 'Tell the owner of the identity provider; nothing was sent there.',
  },
  'CS-AUTH-TOKEN': {
    sentence: 'The answer of <host> holds no usable token.',
    cause: 'The token endpoint answered with something else than RFC 6749 describes.',
    next: 'Open the trace to see the answer.',
    action: 'Show Trace',
  },
  'CS-AUTH-ANSWER': {
    sentence: 'The answer of <host> is larger than <size>.',
    cause: 'No identity provider answers at such length; it is read no further.',
    next: 'Check the address.',
  },
  'CS-AUTH-ID-TOKEN': {
    sentence: 'The ID token of <host> does not pass its checks.',
    cause: 'Its signature, issuer, audience, nonce or time is not what was expected.',
    next: 'Nothing was stored. Open the trace to see which check it was.',
    action: 'Show Trace',
  },
  'CS-AUTH-INTROSPECTION': {
    sentence: 'The answer of <host> about the token is signed and does not pass its checks.',
    cause: 'The introspection endpoint answered with something else than RFC 7662 or RFC 9701 describes.',
    next: 'Nothing of it is shown. Open the trace to see the answer.',
    action: 'Show Trace',
  },
  'CS-AUTH-USERINFO': {
    sentence: '<host> gave no claims that can be used.',
    cause: 'The userinfo endpoint did not answer as OpenID Connect describes, or there is no ID token to compare with.',
    next: 'Open the trace to see the answer.',
    action: 'Show Trace',
  },
  'CS-AUTH-CLOCK': {
    sentence: 'The clocks of this machine and <host> differ by <time>.',
    cause: 'Tokens are only valid for a time, so both clocks have to agree.',
    next: 'Set the clock of this machine.',
  },
  'CS-AUTH-UNREACHABLE': {
    sentence: '<host> does not answer.',
    cause: 'The identity provider is down, slow, or not reachable from here.',
    next: 'Check the connection and the address, then try again.',
    action: 'Try Again',
  },
} as const satisfies CatalogArea;
