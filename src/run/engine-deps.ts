/** What the pipeline is given: the rooms it uses and the settings of one send. Types only. Source: house.md §4. */
import type { Redactor } from '../credentials/redactor.ts';
import type { AccountSource } from '../credentials/types.ts';
import type { Secret } from '../credentials/secret.ts';
import type { FixedAddresses } from '../http/fixed-addresses.ts';
import type { HeaderPair, HttpClient, ProxyPolicy, TlsPolicy } from '../http/types.ts';
import type { TokenBroker } from '../oauth/types.ts';
import type { Clock, FileReader, FileWriter, Prompts } from '../ports.ts';
import type { CredentialBook } from './authorize.ts';
import type { BodyVariables } from './body-variables.ts';
import type { FormEncoding } from './form-encoding.ts';
import type { Captures } from './captures.ts';
import type { CookieJars } from './cookie-jars.ts';
import type { History } from './history.ts';
import type { Scripts } from './scripts.ts';

export interface RunSettings {
  /** `rest-client.environmentVariables` and the like, for the variables room. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly defaultHeaders: readonly HeaderPair[];
  /** 0 = none. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly followRedirects: boolean;
  readonly maxDecodedBytes: number;
  /** False: cookies of answers are neither kept nor sent. */
  readonly keepCookies?: boolean;
  /** Whether variables are filled into files named with `<`; `never` when absent. */
  readonly bodyVariables?: BodyVariables;
  /** How form bodies are encoded; `automatic` when absent. */
  readonly formEncoding?: FormEncoding;
  /** False: the scripts of request files are told of and not run. */
  readonly runScripts?: boolean;
}

export interface EngineDeps {
  readonly book: CredentialBook;
  readonly tokens: TokenBroker;
  /** Accounts of the host; a terminal has none. */
  readonly accounts?: AccountSource;
  readonly http: HttpClient;
  readonly redactor: Pick<Redactor, 'register' | 'redact' | 'findSpans'>;
  readonly files: FileReader;
  /** Absent where nothing may be written. */
  readonly writer?: FileWriter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly prompts: Prompts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly captures: Captures;
  readonly cookies: CookieJars;
  readonly scripts: Scripts;
  readonly history: History | undefined;
  /** A secret named by a variable provider: `{"provider": "countersign", "secretName": NAME}`. */
  readonly secretByName: (name: string, root: string | undefined) => Promise<Secret | undefined>;
  /** Where secrets rest, in words. */
  secretPlace(): { readonly place: string; readonly durable: boolean };
  settings(root: string | undefined): RunSettings;
  network(): { readonly tls: TlsPolicy; readonly proxy: ProxyPolicy; readonly addressOf?: FixedAddresses };
}
