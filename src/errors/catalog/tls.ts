import type { CatalogArea } from './entry.ts';

export const tlsErrors = {
  'CS-TLS-UNTRUSTED': {
    sentence: 'The certificate of <host> is not signed by an authority this machine trusts.',
    cause: 'Its issuer is in no trust store and no CA file that is in use.',
    next: 'Use the CA file of its owner, or trust this certificate until a date.',
    action: 'Trust This Certificate Until…',
  },
  'CS-TLS-SELF-SIGNED': {
    sentence: 'The certificate of <host> is signed by itself.',
    cause: 'No authority vouches for it.',
    next: 'Trust this certificate until a date if you know this server.',
    action: 'Trust This Certificate Until…',
  },
  'CS-TLS-EXPIRED': {
    sentence: 'The certificate of <host> ended on <date>.',
    cause: 'The server was not given a new certificate in time, or the clock of this machine is wrong.',
    next: 'Ask its owner to renew it.',
    action: 'Trust This Certificate Until…',
  },
  'CS-TLS-HOSTNAME': {
    sentence: 'The certificate is for <names>, not for <host>.',
    cause: 'The address is another one than the certificate was made for.',
    next: 'Check the address; this can also be someone in between.',
    action: 'Show Certificate',
  },
  'CS-TLS-CHAIN': {
    sentence: '<host> did not send the certificate that links it to a trusted root.',
    cause: 'The server is set up with its own certificate only.',
    next: 'Its owner has to send the intermediate; until then, use it as a CA file.',
    action: 'Use a CA File…',
  },
  'CS-TLS-PROTOCOL': {
    sentence: '<host> does not speak TLS in a way this machine accepts.',
    cause: 'It speaks plain HTTP on that port, or only versions and ciphers that are too old.',
    next: 'Check the scheme and the port; ask its owner which TLS versions it offers.',
  },
  'CS-TLS-CLIENT-CERTIFICATE': {
    sentence: '<host> asks for a client certificate.',
    cause: 'None is set for this host, it was refused, or its file or passphrase does not fit.',
    next: 'Use a credential whose client signs in with a certificate (tls_client_auth), or check the one it has.',
  },
  'CS-TLS-CA-FILE': {
    sentence: '<file> holds no certificate.',
    cause: 'A CA file has to hold certificates in PEM form.',
    next: 'Choose a PEM file that begins with BEGIN CERTIFICATE.',
    action: 'Use a CA File…',
  },
} as const satisfies CatalogArea;
