/**
 * Puts the rooms together: vault, broker, network and pipeline, over the ports of one host. The extension and the CLI
 * differ only in what they pass here. Source: house.md §2, §4.
 */
import { dirname } from 'node:path';
import { Redactor } from '../credentials/redactor.ts';
import type { Secret } from '../credentials/secret.ts';
import type { AccountSource } from '../credentials/types.ts';
import { Vault } from '../credentials/vault.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { HttpClient } from '../http/types.ts';
import type { ApiFindings } from '../oauth/api-discovery/findings.ts';
import type { DiscoveredServer } from '../oauth/discovery.ts';
import type { DevicePrompt, TokenBrokerPorts } from '../oauth/ports.ts';
import type { SignInProgress, TokenBroker } from '../oauth/types.ts';
import type {
  Browser,
  Clock,
  FileReader,
  FileWriter,
  LockProvider,
  Prompts,
  SecretStore,
  StateStore,
} from '../ports.ts';
import { withClientCertificate } from './client-certificate.ts';
import type { ClientSetUp } from './client-setup.ts';
import { Captures } from './captures.ts';
import { CookieJars } from './cookie-jars.ts';
import { createEndpointPins } from './endpoint-pin-store.ts';
import type { EngineDeps } from './engine-deps.ts';
import type { FindApiOptions } from './find-api.ts';
import { Engine } from './engine.ts';
import { isOAuth } from './authorize.ts';
import { History } from './history.ts';
import { createSessionStore } from './session-store.ts';
import { LazyTokenBroker } from './lazy-broker.ts';
import { Scripts } from './scripts.ts';

export interface HostPorts {
  readonly secrets: SecretStore;
  readonly state: StateStore;
  readonly files: FileReader;
  readonly writer?: FileWriter;
  readonly clock: Clock;
  readonly prompts: Prompts;
  readonly browser: Browser;
  readonly progress: SignInProgress;
  /** Shows the code of the device grant. */
  readonly device?: DevicePrompt;
  /** Made over the redactor; absent where the host has no accounts. */
  readonly accounts?: (onSecret: (secret: Secret) => void) => AccountSource;
  readonly lock: LockProvider;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder for response bodies that outgrow memory; emptied at the end. */
  readonly spoolFolder: string;
  readonly settings: EngineDeps['settings'];
  readonly network: EngineDeps['network'];
  /** Entries of the history to keep; 0 for none. */
  readonly historyLimit: () => number;
  readonly oauth: Pick<TokenBrokerPorts, 'redirect' | 'uriHandler' | 'returnTo' | 'limits'>;
}

export interface ComposedEngine {
  readonly engine: Engine;
  readonly deps: EngineDeps;
  readonly vault: Vault;
  readonly broker: TokenBroker;
  readonly redactor: Redactor;
  readonly http: HttpClient;
  readonly history: History;
  /**
   * What an identity provider says of itself, from its metadata. Nothing of a credential is sent.
   * @param issuer as a person writes it @throws CountersignError CS-AUTH-DISCOVERY, CS-AUTH-ENDPOINT, CS-NET-*, CS-TLS-*
   */
  discover(issuer: string, signal?: AbortSignal): Promise<DiscoveredServer>;
  /**
   * From the URL of an API to how one comes in (RFC 9728): what it asks for, the identity providers it names, each looked
   * at. Nothing of a credential is sent; a page of an identity provider is never opened by it.
   * @param address as a person writes it @param mayAsk before an origin is asked that is not the API's
   * @throws CountersignError CS-HTTP-URL, CS-NET-*, CS-TLS-* when it does not answer
   */
  discoverApi(address: string, signal?: AbortSignal, mayAsk?: FindApiOptions['mayAsk']): Promise<ApiFindings>;
  /** Registers, keeps and takes back clients for definitions that `toProposal` makes of the findings. */
  clients(): Promise<ClientSetUp>;
  dispose(): Promise<void>;
}

export function composeEngine(host: HostPorts): ComposedEngine {
  const redactor = new Redactor();
  const vault = new Vault({
    secrets: host.secrets,
    state: host.state,
    clock: host.clock,
    redactor,
    lock: host.lock,
  });
  const http = createHttpClient({ spoolDir: host.spoolFolder, clock: host.clock });
  const broker = new LazyTokenBroker(() => loadBroker(host, vault, redactor, http));
  const history = new History(host.state, host.clock, host.historyLimit);
  const scripts = new Scripts();
  let clients: Promise<ClientSetUp> | undefined;
  const accounts = host.accounts?.((secret) => redactor.register(secret));
  const deps: EngineDeps = {
    book: vault,
    tokens: broker,
    ...(accounts === undefined ? {} : { accounts }),
    http,
    redactor,
    files: host.files,
    ...(host.writer === undefined ? {} : { writer: host.writer }),
    clock: host.clock,
    random: Math.random,
    prompts: host.prompts,
    env: host.env,
    captures: new Captures(),
    cookies: new CookieJars(),
    scripts,
    history,
    secretByName: (name, root) => (root === undefined ? Promise.resolve(undefined) : vault.variableSecret(root, name)),
    secretPlace: () => host.secrets.describe(),
    settings: host.settings,
    network: host.network,
  };
  return {
    engine: new Engine(deps),
    deps,
    vault,
    broker,
    redactor,
    http,
    history,
    discover: (issuer, signal) => discover(issuer, host, http, signal),
    discoverApi: async (address, signal, mayAsk) => {
      const { findApi } = await import('./find-api.ts');
      return findApi(
        address,
        { http, redactor, clock: host.clock, network: host.network },
        { signal, ...(mayAsk && { mayAsk }) },
      );
    },
    clients: () => (clients ??= loadClients(host, vault, redactor, http)),
    async dispose() {
      broker.dispose();
      vault.dispose();
      await scripts.dispose();
      await http.dispose();
    },
  };
}

const discoveryLimits = { maxBytes: 1024 * 1024, deadlineMs: 30_000 };

async function discover(
  issuer: string,
  host: HostPorts,
  http: HttpClient,
  signal: AbortSignal | undefined,
): Promise<DiscoveredServer> {
  const [{ loadServerMetadata }, { parseIssuer }, { toCappedFetch }, { toFetch }] = await Promise.all([
    import('../oauth/discovery.ts'),
    import('../oauth/issuer.ts'),
    import('../oauth/capped-fetch.ts'),
    import('../http/fetch-adapter.ts'),
  ]);
  const fetch = toCappedFetch((url, init) => toFetch(http, host.network())(url, init), { ...discoveryLimits, signal });
  return loadServerMetadata(parseIssuer(issuer), fetch, host.clock);
}

async function loadClients(host: HostPorts, vault: Vault, redactor: Redactor, http: HttpClient): Promise<ClientSetUp> {
  const [{ ClientSetUp }, { toAddressedFetch }] = await Promise.all([
    import('./client-setup.ts'),
    import('./find-api.ts'),
  ]);
  return new ClientSetUp({
    vault,
    state: host.state,
    clock: host.clock,
    fetch: toAddressedFetch(http, host.network),
    oauth: host.oauth,
    redact: (text) => redactor.redact(text),
    onSecret: (secret) => redactor.register(secret),
  });
}

async function loadBroker(host: HostPorts, vault: Vault, redactor: Redactor, http: HttpClient): Promise<TokenBroker> {
  const [{ createTokenBroker }, { toFetch }] = await Promise.all([
    import('../oauth/broker.ts'),
    import('../http/fetch-adapter.ts'),
  ]);
  return createTokenBroker({
    fetch: (url, init) => {
      const { tls, proxy } = host.network();
      const own = withClientCertificate(tls, init.clientCertificate, (origin) => origin === new URL(url).origin);
      return toFetch(http, { tls: own, proxy })(url, init);
    },
    sessions: createSessionStore(host.secrets, vault),
    secrets: { get: (credential, slot) => vault.findSecret(credential, slot) },
    browser: host.browser,
    progress: host.progress,
    ...(host.device === undefined ? {} : { device: host.device }),
    lock: host.lock,
    clock: host.clock,
    pins: createEndpointPins(host.state),
    redact: (text) => redactor.redact(text),
    onSecret: (secret) => redactor.register(secret),
    askSecret: (question, signal) => host.prompts.input({ ...question, secret: true }, signal),
    readFile: async (path, { credential, interactive, signal }) => {
      const { readCredentialFile } = await import('./credential-file.ts');
      const prompts = { ...host.prompts, interactive: interactive && host.prompts.interactive };
      return readCredentialFile(path, credential, { files: host.files, prompts }, signal);
    },
    findCredential: async (name, asker) => {
      const found = await vault.find(name, asker.file === undefined ? undefined : dirname(asker.file));
      if (!found || !isOAuth(found)) return undefined;
      await vault.ensureApproved(found, undefined, host.prompts);
      return found;
    },
    approve: (request, signal) => host.prompts.approve(request, signal),
    ...host.oauth,
  });
}
