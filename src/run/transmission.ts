/**
 * The part of a run that touches the wire: put the credential on, send, follow redirects under the binding check,
 * answer a 401 once. It keeps what happened so far, so that an error can still say what was sent.
 * Source: house.md §4, auth.md §1.3, A07.
 */
import type { Attachment, NamedDefinition, SchemeMemo } from '../credentials/types.ts';
import type { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { direct } from '../http/proxy-policy.ts';
import type { Exchange, Hop, OutgoingRequest, Phase } from '../http/types.ts';
import { attach, detach } from './attach.ts';
import { withClientCertificate } from './client-certificate.ts';
import { authorize, chooseCredential, hasLiteral, isOAuth, type AuthorizeContext, type Choice } from './authorize.ts';
import type { CookieJar, RefusedCookie } from './cookie-jars.ts';
import type { EngineDeps } from './engine-deps.ts';
import type { IssuedSecrets } from './issued-secrets.ts';
import { toLiteralCredential, withoutAuthorization, type LiteralCredential } from './literal-credential.ts';
import type { Plan } from './plan.ts';
import { toPartSource } from './credential-parts.ts';
import { readNetrc } from './netrc-file.ts';
import { learnFrom, proveRequest, withoutProof } from './proof.ts';
import { dropSensitive, literalScheme, toOutgoing, toSentRequest } from './outgoing.ts';
import { versionNote, withAgreedVersion } from './http-version.ts';
import { toSetUpOffer } from './set-up-offer.ts';
import { spreadNotes } from './spread-headers.ts';
import type { RunObserver, RunResult, SendInput, SentRequest, UsedCredential } from './types.ts';

type Outcome = Pick<
  RunResult,
  'request' | 'credential' | 'attached' | 'exchange' | 'trace' | 'tests' | 'error' | 'notes' | 'secretSent' | 'setUp'
>;

export class Transmission {
  readonly #deps: EngineDeps;
  readonly #input: SendInput;
  readonly #observer: RunObserver;
  readonly #attached: { hop: number; attached: boolean; reason?: string }[] = [];
  readonly #notes: { code?: string; message: string }[] = [];
  #request: SentRequest | undefined;
  #choice: Choice | undefined;
  /** Of a credential that names several. */
  #parts: NamedDefinition[] = [];
  #credential: UsedCredential | undefined;
  #exchange: Exchange | undefined;
  #carriesSecret = false;
  #secretSent = false;
  readonly #issued: IssuedSecrets;
  readonly #memo: SchemeMemo;
  #literal: LiteralCredential | undefined;
  #jar: CookieJar | undefined;

  constructor(deps: EngineDeps, input: SendInput, observer: RunObserver, issued: IssuedSecrets, memo: SchemeMemo) {
    this.#issued = issued;
    this.#memo = memo;
    this.#deps = deps;
    this.#input = input;
    this.#observer = observer;
  }

  /** @throws CountersignError; `soFar()` then tells how far it came */
  async run(plan: Plan): Promise<Outcome> {
    this.#noteWhatWasIgnored(plan);
    this.#jar = this.#jarFor(plan);
    const written = toOutgoing(plan, this.#input.as === 'none' || this.#input.alone === true);
    this.#show(plan, written, []);
    this.#refuseForeignSecrets(plan, written);
    await this.#choose(plan);
    const outgoing = this.#literal ? withoutAuthorization(written) : written;
    if (plan.options.waitMs > 0) await delay(plan.options.waitMs, this.#input.signal);
    let attachment = await this.#authorize(plan, outgoing);
    let exchange = await this.#send(plan, outgoing, attachment, 'first');
    this.#exchange = exchange;
    const version = versionNote(plan.node.httpVersion, exchange);
    if (version !== undefined) this.#notes.push({ message: version });
    const { proof } = attachment ?? {};
    for (let left = proof?.rounds ?? 1; attachment && proof && this.#learn(exchange, attachment) && left > 0; left--) {
      if (outgoing.body?.replayable === false) break;
      exchange = await this.#resend(plan, outgoing, attachment, exchange, proof.retry);
    }
    const again = attachment && (await this.#answer(plan, outgoing, attachment, exchange));
    if (again) {
      attachment = again;
      exchange = await this.#resend(plan, outgoing, attachment, exchange, 'retry after 401');
      this.#learn(exchange, attachment);
    }
    return this.soFar();
  }

  /** A host that the credential did not go to has nothing to say about it. */
  #learn(exchange: Exchange, attachment: Attachment): boolean {
    return this.#attached.at(-1)?.attached === true && learnFrom(exchange, attachment);
  }

  /** Once more, the hops so far kept before the new ones. */
  async #resend(
    plan: Plan,
    outgoing: OutgoingRequest,
    attachment: Attachment,
    before: Exchange,
    why: string,
  ): Promise<Exchange> {
    await before.body.dispose();
    const hops = this.#exchange?.hops ?? before.hops;
    const exchange = await this.#send(plan, outgoing, attachment, why);
    const named = exchange.hops.map((hop, index) => (index === 0 ? { ...hop, why } : hop));
    this.#exchange = { ...exchange, hops: [...hops, ...named] };
    return exchange;
  }

  soFar(): Outcome {
    const trace = this.#choice ? this.#deps.tokens.trace(this.#choice.named.name, 'sign-in') : undefined;
    const bodyError = this.#exchange?.bodyError;
    const setUp = this.#credential
      ? undefined
      : toSetUpOffer(this.#exchange, (text) => this.#deps.redactor.redact(text));
    return {
      request: withAgreedVersion(this.#request, this.#exchange),
      credential: this.#credential,
      attached: this.#attached,
      exchange: this.#exchange,
      trace,
      tests: [],
      error: bodyError instanceof CountersignError ? bodyError : undefined,
      notes: this.#notes,
      secretSent: this.#secretSent,
      ...(setUp === undefined ? {} : { setUp }),
    };
  }

  async #choose(plan: Plan): Promise<void> {
    const { book } = this.#deps;
    const choice = await chooseCredential(plan, this.#input, book);
    if (choice) {
      const resolved = await book.resolve(choice.named, plan.resolveText);
      this.#choice = { named: resolved, chosenBy: choice.chosenBy };
      this.#credential = { name: resolved.name, scheme: resolved.definition.scheme, chosenBy: choice.chosenBy };
    } else if (this.#input.as !== 'none' && hasLiteral(plan)) {
      this.#credential = { name: 'literal in the file', scheme: literalScheme(plan), chosenBy: 'literal' };
      this.#literal = await toLiteralCredential(plan, this.#memo);
      for (const secret of this.#literal ? secretsOn(this.#literal.attachment) : []) {
        this.#deps.redactor.register(secret);
      }
      this.#carriesSecret = true;
    }
  }

  async #authorize(plan: Plan, outgoing: OutgoingRequest, rejected?: Secret): Promise<Attachment | undefined> {
    if (!this.#choice) return this.#literal?.attachment;
    const context: AuthorizeContext = {
      book: this.#deps.book,
      tokens: this.#deps.tokens,
      prompts: this.#deps.prompts,
      signal: this.#input.signal,
      memo: this.#memo,
      ...(this.#deps.accounts === undefined ? {} : { accounts: this.#deps.accounts }),
      netrc: () => readNetrc(this.#deps.files, this.#deps.env),
      ...(rejected === undefined ? {} : { rejected }),
    };
    this.#parts = [];
    const part = toPartSource(outgoing, {
      context,
      root: this.#input.root,
      resolveText: plan.resolveText,
      onPart: (named, { attachment: own }) => {
        this.#parts.push(named);
        this.#know(named, own);
      },
    });
    const attachment = await authorize(this.#choice.named, outgoing, { ...context, part });
    if (this.#parts.length === 0) this.#know(this.#choice.named, attachment);
    if (this.#credential && attachment.identity) {
      this.#credential = { ...this.#credential, identity: attachment.identity };
    }
    const who = attachment.identity?.label;
    this.#observer.onAuthorized?.(who ? `Authorized as ${who}` : `Credential ${this.#choice.named.name} attached`);
    return attachment;
  }

  #know(named: NamedDefinition, attachment: Attachment): void {
    const secrets = secretsOn(attachment);
    for (const secret of secrets) this.#deps.redactor.register(secret);
    this.#issued.add(named, secrets);
  }

  async #send(
    plan: Plan,
    outgoing: OutgoingRequest,
    attachment: Attachment | undefined,
    why: string,
  ): Promise<Exchange> {
    const settings = this.#deps.settings(this.#input.root);
    const network = this.#deps.network();
    const offset = this.#attached.length;
    let leftOrigin = false;
    let leftBinding = false;
    const from: URL[] = [];
    return this.#deps.http.send(outgoing, {
      signal: this.#input.signal,
      tls: withClientCertificate(
        network.tls,
        attachment?.clientCertificate,
        (origin) => !this.#isForeign(new URL(origin)),
      ),
      proxy: plan.options.noProxy ? direct : network.proxy,
      ...(network.addressOf === undefined ? {} : { addressOf: network.addressOf }),
      timeoutMs: plan.options.timeoutMs ?? settings.timeoutMs,
      connectTimeoutMs: plan.options.connectTimeoutMs ?? settings.connectTimeoutMs,
      followRedirects: plan.options.followRedirects ?? settings.followRedirects,
      maxRedirects: 20,
      maxDecodedBytes: settings.maxDecodedBytes,
      prepareHop: async (request, hop) => {
        leftOrigin ||= hop.crossOrigin;
        leftBinding ||= hop.crossOrigin && this.#isForeign(request.url);
        const bare = attachment ? withoutProof(detach(request, [attachment]), attachment) : request;
        const safe = leftOrigin ? dropSensitive(bare, plan) : bare;
        const jarred = await this.#jar?.attachment(safe.url, safe.headers, { from, method: safe.method });
        from.push(safe.url);
        const cookies = jarred ? [jarred] : [];
        for (const { value } of jarred?.cookies ?? []) this.#deps.redactor.register(value);
        const put = await this.#toPutOn(attach(safe, cookies), attachment, offset + hop.index, leftBinding);
        const shown = put.length > 0 || !attachment ? put : [attachment];
        if (hop.index === 0) this.#show(plan, safe, [...cookies, ...shown]);
        const whole = attach(safe, [...cookies, ...put]);
        if (put.length === 0) return whole;
        const own = attachment?.connection;
        return { ...whole, carriesCredential: true, ...(own === undefined ? {} : { connection: own }) };
      },
      onPhase: (phase) => this.#onPhase(phase, why),
      onHead: (head) => this.#observer.onHead?.(head),
      onHop: ({ url, response }) =>
        this.#jar?.keep(new URL(url), response?.headers ?? [], (each) => this.#refuse(each)),
      onBody: (progress) => this.#observer.onProgress?.(progress),
      confirmCrossOriginBody: (from, to) => this.#confirmBody(from, to),
    });
  }

  /** None for a request that is sent as nobody; one of its own for a credential that a person chose instead. */
  #jarFor(plan: Plan): CookieJar | undefined {
    const { root, environments, as } = this.#input;
    if (as === 'none' || plan.options.noCookieJar || this.#deps.settings(root).keepCookies === false) return undefined;
    return this.#deps.cookies.of(root, environments, as?.credential);
  }

  #refuse({ name, reason }: RefusedCookie): void {
    const which = name === '' ? 'Some cookies were' : `The cookie ${name} was`;
    this.#notes.push({ message: `${which} not kept: ${reason}.` });
  }

  /** A literal belongs to the origin that it was written for, and to no other. */
  #isForeign(url: URL): boolean {
    if (this.#literal) return url.origin !== this.#literal.origin;
    const all = this.#choice === undefined ? [] : [this.#choice.named, ...this.#parts];
    return all.some((named) => this.#deps.book.binding(named, url) !== undefined);
  }

  /**
   * Once a redirect led to an origin outside the binding, nothing is put on again, not even back at home: the way there
   * was chosen by a stranger (auth.md A02).
   */
  async #toPutOn(
    request: OutgoingRequest,
    attachment: Attachment | undefined,
    hop: number,
    leftBinding: boolean,
  ): Promise<readonly Attachment[]> {
    const name = this.#choice?.named.name ?? this.#credential?.name;
    if (name === undefined || !attachment) return [];
    const elsewhere = attachment.onlyAt !== undefined && attachment.onlyAt !== request.url.origin;
    const foreign = elsewhere || this.#isForeign(request.url);
    if (foreign || leftBinding) {
      const reason = foreign
        ? elsewhere
          ? `it is for ${attachment.onlyAt ?? ''} alone`
          : `${request.url.host} is not one of its origins`
        : `a redirect of another origin led to ${request.url.host}`;
      this.#attached.push({ hop, attached: false, reason });
      this.#notes.push({ code: 'CS-BIND-ORIGIN', message: `${name} was not sent: ${reason}.` });
      return [];
    }
    this.#carriesSecret = true;
    this.#attached.push({ hop, attached: true });
    const proof = await proveRequest(attachment, attach(request, [attachment]));
    for (const { value } of proof?.headers ?? []) if (value) this.#deps.redactor.register(value);
    for (const { value, plain } of proof?.query ?? []) if (!plain) this.#deps.redactor.register(value);
    return proof === undefined ? [attachment] : [attachment, proof];
  }

  /** A secret that a credential sent before may not leave by hand for an origin that its binding refuses. */
  #refuseForeignSecrets(plan: Plan, outgoing: OutgoingRequest): void {
    const texts = [outgoing.url.href, ...outgoing.headers.map(([, value]) => value), plan.body?.beginning ?? ''];
    const { book } = this.#deps;
    const refused = this.#issued.refusal(
      outgoing.url,
      texts,
      (named) => book.binding(named, outgoing.url) !== undefined,
    );
    if (refused) throw refused;
  }

  /** What to put on for one more try after a 401, or undefined when one more try cannot help. */
  async #answer(
    plan: Plan,
    outgoing: OutgoingRequest,
    attachment: Attachment,
    exchange: Exchange,
  ): Promise<Attachment | undefined> {
    const named = this.#choice?.named;
    const lastHop = exchange.hops.at(-1) as Hop;
    if (exchange.response.status !== 401 || !named || outgoing.body?.replayable === false) return undefined;
    if (!this.#deps.book.scheme(named)?.canRetry || !isOAuth(named)) return undefined;
    if (this.#deps.book.binding(named, new URL(lastHop.url)) || asksForMore(exchange)) return undefined;
    const rejected = tokenOn(attachment);
    try {
      const again = await this.#authorize(plan, outgoing, rejected);
      return again && tokenOn(again)?.reveal() !== rejected?.reveal() ? again : undefined;
    } catch (error) {
      if (this.#input.signal.aborted) throw error;
      if (error instanceof CountersignError) this.#notes.push({ code: error.code, message: error.message });
      return undefined;
    }
  }

  async #confirmBody(from: URL, to: URL): Promise<boolean> {
    const send = 'Send Body';
    if (!this.#deps.prompts.interactive) return false;
    const choice = await this.#deps.prompts.choose(
      {
        title: `Send the body on to ${to.origin}?`,
        detail: `${from.origin} redirects this request to another origin and asks for its body to be sent again.`,
        choices: ['Cancel', send],
      },
      this.#input.signal,
    );
    return choice === send;
  }

  #onPhase(phase: Phase, why: string): void {
    if (phase === 'request' && this.#carriesSecret) this.#secretSent = true;
    this.#observer.onPhase?.(phase, why === 'first' ? undefined : why);
  }

  #show(plan: Plan, request: OutgoingRequest, attachments: readonly Attachment[]): void {
    this.#request = toSentRequest(plan, request, attachments, this.#choice?.named.name);
    this.#observer.onRequest?.(this.#request);
  }

  #noteWhatWasIgnored(plan: Plan): void {
    if (plan.options.asksInsecure) {
      this.#notes.push({
        message: 'The file asks not to verify the certificate. Only a person can allow that, per origin.',
      });
    }
    for (const name of plan.options.notOffered) {
      this.#notes.push({ message: `# @${name} is not offered here: the request was sent as if it were not there.` });
    }
    this.#notes.push(...spreadNotes(plan.node, this.#input.text));
    if (plan.target.userinfo) {
      this.#notes.push({
        message: 'The address holds a password. It was sent as Basic, and is in this file for all to read.',
      });
    }
  }
}

/** Too little scope or a fresher sign-in is asked for: a new token of the same kind would be refused again. */
function asksForMore(exchange: Exchange): boolean {
  return exchange.response.headers.some(
    ([name, value]) =>
      name.toLowerCase() === 'www-authenticate' && /insufficient_(scope|user_authentication)/.test(value),
  );
}

/** The token itself, wherever the scheme put it. */
function tokenOn({ headers, query }: Attachment): Secret | undefined {
  return (headers[0] ?? query[0])?.value;
}

function secretsOn(attachment: Attachment): readonly Secret[] {
  const { headers, query, cookies, behind = [] } = attachment;
  const put = [...headers, ...query, ...cookies].flatMap(({ value }) => value ?? []);
  return [...put, ...behind];
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(signal.reason as Error);
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        fail(signal.reason as Error);
      },
      { once: true },
    );
  });
}
