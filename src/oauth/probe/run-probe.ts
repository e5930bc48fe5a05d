/**
 * Signs in as a person does, then does what a client never should, and looks whether the provider lets it: a wrong
 * verifier, a code twice, a refresh token twice, another redirect, plain PKCE. Tokens that come are revoked where that
 * is possible and never stored; the session of the credential is not touched.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError, isCountersignError } from '../../errors/countersign-error.ts';
import { awaitRedirect, type ReceivedRedirect } from '../browser-redirect.ts';
import { toCodeUrl, type Deviation } from '../code-request.ts';
import { toHost } from '../credential-facts.ts';
import { toFlowSecrets, type FlowSecrets } from '../front-channel.ts';
import type { TokenAnswer } from '../library.ts';
import { Operation, type OperationShare } from '../operation.ts';
import type { OAuthCredential } from '../ports.ts';
import { toErrorName } from '../server-text.ts';
import { TraceRecorder } from '../trace.ts';
import { probeQuestions, type ProbeId, type ProbeReport, type ProbeResult } from './probe.ts';
import { sendSilently, type SilentAnswer } from './silent-request.ts';

export interface ProbeOptions {
  readonly signal?: AbortSignal;
  /** Before each sign-in. */
  readonly onSignIn?: (number: number) => void;
}

type Verdict = Pick<ProbeResult, 'verdict' | 'detail'>;

/** Throws CS-AUTH-PROBE for a credential that nobody signs in to by code, and what the first sign-in throws. */
export async function runProbe(
  share: OperationShare,
  credential: OAuthCredential,
  options: ProbeOptions,
): Promise<ProbeReport> {
  const { grant, response_type: type = 'code' } = credential.definition;
  if (grant !== 'authorization_code' || type !== 'code') {
    throw new CountersignError('CS-AUTH-PROBE', `${credential.name} is not signed in to by a code.`, {
      facts: { credential: credential.name },
    });
  }
  const probe = new Probe(share, credential, options);
  const verdicts = new Map<ProbeId, Verdict>();
  const first = await probe.signIn({}, (signedIn) => probe.misuse(signedIn, verdicts));
  const wrong = await probe.attempt(() => probe.signIn({}, (signedIn) => probe.exchangeWrongly(signedIn)));
  verdicts.set('pkce-verifier', wrong);
  if (first === 'ask')
    verdicts.set(
      'pkce-plain',
      await probe.attempt(() => probe.signIn({ plain: true }, (one) => probe.exchangePlain(one))),
    );
  return {
    credential: credential.name,
    host: toHost(credential),
    signIns: probe.signIns,
    results: probeQuestions.map((question) => ({
      ...question,
      ...(verdicts.get(question.id) ?? undecided('It was not asked.')),
    })),
  };
}

interface SignedIn {
  readonly operation: Operation;
  readonly redirect: ReceivedRedirect;
  readonly secrets: FlowSecrets;
}

class Probe {
  signIns = 0;
  readonly #share: OperationShare;
  readonly #credential: OAuthCredential;
  readonly #options: ProbeOptions;

  constructor(share: OperationShare, credential: OAuthCredential, options: ProbeOptions) {
    this.#share = share;
    this.#credential = credential;
    this.#options = options;
  }

  /** One sign-in to its redirect, and what follows; everything that was opened is closed whatever comes out. */
  async signIn<T>(deviation: Deviation, then: (signedIn: SignedIn) => Promise<T>): Promise<T> {
    this.#options.signal?.throwIfAborted();
    const { ports, limits } = this.#share;
    const credential = this.#credential;
    const trace = new TraceRecorder({ credential: credential.name, grant: 'probe', plan: [] }, ports.clock, (text) =>
      ports.redact(text),
    );
    const own = [AbortSignal.timeout(limits.signInMs), this.#options.signal].filter((one) => one !== undefined);
    const operation = new Operation(credential, this.#share, trace, AbortSignal.any(own));
    let outcome: 'signed-in' | 'failed' = 'failed';
    try {
      await operation.prepare(true);
      const secrets = toFlowSecrets(operation);
      ports.onSecret(new Secret(secrets.verifier, `${credential.name} code verifier`));
      this.signIns += 1;
      this.#options.onSignIn?.(this.signIns);
      const redirect = await awaitRedirect(operation, { state: secrets.state, made: 'state' }, (redirectUri) =>
        toCodeUrl(operation, redirectUri, secrets, { type: 'code', mode: undefined }, deviation),
      );
      const result = await then({ operation, redirect, secrets });
      outcome = 'signed-in';
      return result;
    } catch (error) {
      throw operation.signal.aborted && !isCountersignError(error) ? operation.toError(error, 'redirect') : error;
    } finally {
      await operation.end(outcome);
    }
  }

  /** All that one good sign-in can tell. @returns `ask` when plain PKCE takes a sign-in of its own to tell */
  async misuse(signedIn: SignedIn, verdicts: Map<ProbeId, Verdict>): Promise<'ask' | 'told'> {
    const { operation, redirect, secrets } = signedIn;
    verdicts.set('state', enforced('The answer brought the state of the request.'));
    verdicts.set(
      'iss',
      redirect.parameters.has('iss')
        ? enforced('The answer named the issuer, and it is the right one.')
        : notEnforced('The answer did not say whose it is.'),
    );
    const given: TokenAnswer[] = [];
    try {
      const answer = await exchange(signedIn, secrets.verifier);
      given.push(answer);
      verdicts.set('refresh-rotation', await this.attempt(() => this.#renewTwice(operation, answer, given)));
      verdicts.set(
        'code-once',
        await this.attempt(() =>
          refusal(async () => void given.push(await exchange(signedIn, secrets.verifier)), 'the code a second time'),
        ),
      );
    } finally {
      await revoke(operation, given);
    }
    const control = await sendSilently(operation, redirect.redirectUri, {}).catch(() => undefined);
    const elsewhere = await this.attempt(async () =>
      toRedirectVerdict(control, await sendSilently(operation, toOther(redirect.redirectUri), {})),
    );
    verdicts.set('redirect-exact', elsewhere);
    const plain = await this.attempt(async () =>
      toPlainVerdict(control, await sendSilently(operation, redirect.redirectUri, { plain: true })),
    );
    verdicts.set('pkce-plain', plain);
    return plain.verdict === 'undecided' ? 'ask' : 'told';
  }

  /** A question that could not be asked to its end is undecided; a person who gives up ends the probe. */
  async attempt(task: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await task();
    } catch (error) {
      if (this.#options.signal?.aborted === true || !isCountersignError(error)) throw error;
      return undecided(`${error.message} (${error.code})`);
    }
  }

  exchangeWrongly(signedIn: SignedIn): Promise<Verdict> {
    const other = toFlowSecrets(signedIn.operation).verifier;
    return this.#exchangeAnyway(signedIn, other, 'a code with a wrong verifier');
  }

  exchangePlain(signedIn: SignedIn): Promise<Verdict> {
    return this.#exchangeAnyway(signedIn, signedIn.secrets.verifier, 'a code with code_challenge_method plain');
  }

  async #exchangeAnyway(signedIn: SignedIn, verifier: string, what: string): Promise<Verdict> {
    const given: TokenAnswer[] = [];
    try {
      return await refusal(async () => void given.push(await exchange(signedIn, verifier)), what);
    } finally {
      await revoke(signedIn.operation, given);
    }
  }

  async #renewTwice(operation: Operation, answer: TokenAnswer, given: TokenAnswer[]): Promise<Verdict> {
    const { refresh_token: token } = answer;
    if (token === undefined) return undecided('It gave no refresh token for this scope.');
    const renewed = await renew(operation, token);
    given.push(renewed);
    if (renewed.refresh_token === undefined || renewed.refresh_token === token) {
      const { definition } = this.#credential;
      const bound =
        definition.dpop_bound_access_tokens === true ||
        definition.token_endpoint_auth_method?.endsWith('tls_client_auth') === true;
      if (bound) return enforced('The refresh token stays the same and is bound to the key of the client.');
      return notEnforced('The refresh token stays the same, and nothing binds it.');
    }
    return refusal(async () => void given.push(await renew(operation, token)), 'a refresh token that was replaced');
  }
}

/** Exchanges the code of a redirect, as often as it is asked to. The ID token is nobody’s business here. */
function exchange({ operation, redirect, secrets }: SignedIn, verifier: string): Promise<TokenAnswer> {
  return operation.requestTokens({
    step: 'token',
    redirectUri: redirect.redirectUri,
    dropIdToken: true,
    run: (library, config, options) =>
      library.authorizationCodeGrant(
        config,
        redirect.url,
        { expectedState: secrets.state, pkceCodeVerifier: verifier },
        new URLSearchParams(),
        options,
      ),
  });
}

function renew(operation: Operation, token: string): Promise<TokenAnswer> {
  return operation.requestTokens({
    step: 'refresh',
    dropIdToken: true,
    run: (library, config, options) => library.refreshTokenGrant(config, token, new URLSearchParams(), options),
  });
}

/** What the provider did with something that it has to refuse. */
async function refusal(task: () => Promise<void>, what: string): Promise<Verdict> {
  try {
    await task();
    return notEnforced(`It took ${what} and gave tokens.`);
  } catch (error) {
    const name = isCountersignError(error) ? toErrorName(error.facts['error']) : undefined;
    // Any other error may have another reason, and says nothing of this one.
    if (name !== 'invalid_grant' && name !== 'invalid_request') throw error;
    return enforced(`It refused ${what} with ${name}.`);
  }
}

function toRedirectVerdict(control: SilentAnswer | undefined, answer: SilentAnswer): Verdict {
  if (answer.kind === 'redirected') return notEnforced('It redirected to an address that nobody registered.');
  if (answer.kind === 'refused' && control !== undefined && control.kind !== 'refused') {
    return enforced(`It ${answer.how} to a request with another path, and not to the right one.`);
  }
  return undecided(
    'It answers with a page, which may be an error or a sign-in; open a sign-in with another path to see.',
  );
}

function toPlainVerdict(control: SilentAnswer | undefined, answer: SilentAnswer): Verdict {
  if (answer.kind === 'refused' && control !== undefined && control.kind !== 'refused') {
    return enforced(`It ${answer.how} to code_challenge_method plain.`);
  }
  if (answer.kind !== 'redirected' || control?.kind !== 'redirected') return undecided('It answers with a page.');
  if (answer.error === control.error) return notEnforced('It took a request with code_challenge_method plain.');
  return enforced(`It refused code_challenge_method plain with ${answer.error ?? 'an error'}.`);
}

/** The same address with another path. */
function toOther(redirectUri: string): string {
  const url = new URL(redirectUri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/not-registered`;
  return url.href;
}

/** As far as the provider lets us, and silently: what is left ends by itself. */
async function revoke(operation: Operation, given: readonly TokenAnswer[]): Promise<void> {
  if (typeof operation.provider.metadata['revocation_endpoint'] !== 'string') return;
  const { library, config } = await operation.configuration();
  for (const { refresh_token, access_token } of given) {
    for (const token of [refresh_token, access_token]) {
      if (token !== undefined) await library.tokenRevocation(config, token).catch(() => undefined);
    }
  }
}

const enforced = (detail: string): Verdict => ({ verdict: 'enforced', detail });
const notEnforced = (detail: string): Verdict => ({ verdict: 'not-enforced', detail });
const undecided = (detail: string): Verdict => ({ verdict: 'undecided', detail });
