/** The way to the identity provider. Source: RFC 9110, RFC 8446, RFC 5280, auth.md §3.6, §6; the next step speaks of the provider, not of an API (design.md E6.3). */
import { isOwn, type Cause, type Failure } from './cause.ts';

const isLoopbackName = ({ own }: Failure): boolean => {
  const host = own?.facts['host'];
  return typeof host === 'string' && /^(localhost|\[::1\])(:|$)/.test(host);
};

export const networkCauses: readonly Cause[] = [
  {
    id: 'proxy-answered',
    title: 'A proxy answered in place of the provider',
    when: (failure) =>
      (failure.own === undefined || isOwn(failure, 'CS-AUTH-DISCOVERY')) &&
      failure.fromProxy &&
      failure.error === undefined &&
      (/html/i.test(failure.contentType ?? '') || (failure.status ?? 0) >= 400),
    code: 'CS-NET-PROXY',
    message: 'A proxy answered in place of <host>, with <status>.',
    likely: 'Most likely: a proxy or gateway on the way refuses the request, or cannot reach <host>.',
    next: 'Check the proxy of this machine, and that it lets <host> through.',
  },
  {
    id: 'dns',
    title: 'The name does not exist',
    when: (failure) => isOwn(failure, 'CS-NET-DNS'),
    code: 'CS-NET-DNS',
    message: 'The name <host> does not exist.',
    likely: 'Most likely: the issuer is misspelt, or its name is known only inside a network or VPN.',
    next: '<host> is the identity provider: check the issuer in the definition, and your connection.',
  },
  {
    id: 'ipv6-loopback',
    title: 'The other loopback address is meant',
    rule: 'RFC 8252, 7.3',
    when: (failure) => isOwn(failure, 'CS-NET-REFUSED', 'CS-NET-UNREACHABLE') && isLoopbackName(failure),
    code: 'CS-NET-REFUSED',
    message: 'Nothing answers at <host>.',
    likely: 'Most likely: it listens on one loopback address only: 127.0.0.1 and [::1] are two.',
    next: '<host> is the identity provider: see that it runs, and write 127.0.0.1 in the issuer.',
  },
  {
    id: 'connection-refused',
    title: 'Nothing listens there',
    when: (failure) => isOwn(failure, 'CS-NET-REFUSED'),
    code: 'CS-NET-REFUSED',
    message: 'Nothing answers at <host>.',
    likely: 'Most likely: it does not run, or listens on another port.',
    next: '<host> is the identity provider: see that it runs, or change the issuer in the definition.',
  },
  {
    id: 'timeout',
    title: 'No answer in time',
    when: (failure) => isOwn(failure, 'CS-NET-TIMEOUT') || isOwn(failure, 'CS-AUTH-UNREACHABLE'),
    code: 'CS-NET-TIMEOUT',
    message: '<host> did not finish its answer in time.',
    likely: 'Most likely: it is overloaded, or a firewall on the way drops the connection.',
    next: '<host> is the identity provider: try again, or ask its owner.',
  },
  {
    id: 'connection-lost',
    title: 'The connection was cut',
    when: (failure) => isOwn(failure, 'CS-NET-RESET'),
    code: 'CS-NET-RESET',
    message: '<host> ended the connection before it answered.',
    likely: 'Most likely: it restarted, or something on the way inspects and cuts the connection.',
    next: '<host> is the identity provider: try again, or ask its owner.',
  },
  {
    id: 'no-route',
    title: 'There is no way to the provider',
    when: (failure) => isOwn(failure, 'CS-NET-UNREACHABLE'),
    code: 'CS-NET-UNREACHABLE',
    message: 'There is no way from this machine to <host>.',
    likely: 'Most likely: the network or the VPN is down.',
    next: '<host> is the identity provider: check your connection, the VPN and the issuer in the definition.',
  },
  {
    id: 'proxy-refused',
    title: 'The proxy does not let the sign-in through',
    rule: 'RFC 9110, 15.5.8',
    when: (failure) => isOwn(failure, 'CS-NET-PROXY'),
    code: 'CS-NET-PROXY',
    message: 'The proxy <host> did not let the request through.',
    likely: 'Most likely: the proxy of this machine asks for a sign-in, or blocks the identity provider.',
  },
  {
    id: 'private-ca',
    title: 'The certificate is of an authority not trusted here',
    rule: 'RFC 5280, 6',
    when: (failure) => isOwn(failure, 'CS-TLS-UNTRUSTED'),
    code: 'CS-TLS-UNTRUSTED',
    message: 'The certificate of <host> is not signed by an authority this machine trusts.',
    likely: 'Most likely: the provider uses a private authority, or a proxy opens the connection to read it.',
  },
  {
    id: 'certificate-self-signed',
    title: 'The certificate is signed by itself',
    rule: 'RFC 5280, 6',
    when: (failure) => isOwn(failure, 'CS-TLS-SELF-SIGNED'),
    code: 'CS-TLS-SELF-SIGNED',
    message: 'The certificate of <host> is signed by itself.',
    likely: 'Most likely: a provider for development, whose certificate no authority vouches for.',
  },
  {
    id: 'certificate-expired',
    title: 'The certificate has ended',
    rule: 'RFC 5280, 4.1.2.5',
    when: (failure) => isOwn(failure, 'CS-TLS-EXPIRED'),
    code: 'CS-TLS-EXPIRED',
    message: 'The certificate of <host> has ended.',
    likely: 'Most likely: it was not renewed in time, or the clock of this machine is wrong.',
  },
  {
    id: 'certificate-of-another-host',
    title: 'The certificate is for another name',
    rule: 'RFC 9525, 6',
    when: (failure) => isOwn(failure, 'CS-TLS-HOSTNAME'),
    code: 'CS-TLS-HOSTNAME',
    message: 'The certificate is not for <host>.',
    likely: 'Most likely: the issuer is written with an alias or an address that the certificate does not name.',
  },
  {
    id: 'certificate-chain',
    title: 'A link of the certificate chain is missing',
    rule: 'RFC 8446, 4.4.2',
    when: (failure) => isOwn(failure, 'CS-TLS-CHAIN'),
    code: 'CS-TLS-CHAIN',
    message: '<host> did not send the certificate that links it to a trusted root.',
    likely: 'Most likely: the server is set up with its own certificate only; browsers hide that.',
  },
  {
    id: 'not-tls',
    title: 'The port does not speak TLS',
    rule: 'RFC 8446',
    when: (failure) => isOwn(failure, 'CS-TLS-PROTOCOL'),
    code: 'CS-TLS-PROTOCOL',
    message: '<host> does not speak TLS in a way this machine accepts.',
    likely: 'Most likely: it is the port for plain http, or only versions that are too old.',
  },
];
