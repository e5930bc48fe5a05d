/**
 * What a probe of an identity provider tells: whether it enforces what a client cannot see by looking at its metadata.
 * A probe is asked for by a person, signs in as often as it says before it starts, and keeps nothing it is given.
 */
export type ProbeId =
  'pkce-verifier' | 'pkce-plain' | 'redirect-exact' | 'code-once' | 'state' | 'iss' | 'refresh-rotation';

export interface ProbeQuestion {
  readonly id: ProbeId;
  /** `A code needs its verifier`. */
  readonly title: string;
  /** `RFC 7636, 4.6`. */
  readonly rule: string;
  /** What it means when the provider does not. */
  readonly otherwise: string;
}

export interface ProbeResult extends ProbeQuestion {
  /** `undecided`: it could not be told; `detail` says why. */
  readonly verdict: 'enforced' | 'not-enforced' | 'undecided';
  /** What the provider did, in one sentence. */
  readonly detail: string;
}

export interface ProbeReport {
  readonly credential: string;
  /** `idp.example.com`. */
  readonly host: string;
  readonly results: readonly ProbeResult[];
  /** How often a person signed in. */
  readonly signIns: number;
}

/** How often a person signs in, said before anything starts. */
export const probeSignIns = { least: 2, most: 3 } as const;

export const probeQuestions: readonly ProbeQuestion[] = [
  {
    id: 'pkce-verifier',
    title: 'A code needs its verifier',
    rule: 'RFC 7636, 4.6',
    otherwise: 'A code that is intercepted can be exchanged by whoever has it.',
  },
  {
    id: 'pkce-plain',
    title: 'PKCE is not taken in its weak form',
    rule: 'RFC 9700, 2.1.1',
    otherwise: 'With plain the verifier stands in the address that the browser opens.',
  },
  {
    id: 'redirect-exact',
    title: 'Redirects are compared exactly',
    rule: 'RFC 9700, 2.1',
    otherwise: 'A code can be sent to an address that nobody registered.',
  },
  {
    id: 'code-once',
    title: 'A code works once',
    rule: 'RFC 6749, 4.1.2',
    otherwise: 'A code that is found later, in a log or a history, still gives tokens.',
  },
  {
    id: 'state',
    title: 'State comes back as it was sent',
    rule: 'RFC 6749, 4.1.2',
    otherwise: 'An answer cannot be tied to the sign-in that asked for it.',
  },
  {
    id: 'iss',
    title: 'Redirects name the issuer',
    rule: 'RFC 9207, 2',
    otherwise: 'Two providers can be mixed up; only the path of the redirect tells them apart.',
  },
  {
    id: 'refresh-rotation',
    title: 'Refresh tokens are replaced, or bound',
    rule: 'RFC 9700, 2.2.2',
    otherwise: 'A refresh token that is stolen works for as long as the right one does, and nobody notices.',
  },
];
