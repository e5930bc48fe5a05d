/**
 * Trust and routes from the user's own settings. Only machine-level values count, so a workspace can neither add an
 * authority nor divert traffic through a proxy (auth.md W02). It decides nothing per request.
 */
import { workspace, type Disposable } from 'vscode';
import { isCountersignError, type CountersignError } from '../errors/countersign-error.ts';
import { parseFixedAddresses, type FixedAddresses } from '../http/fixed-addresses.ts';
import { proxyPolicyFromEnvironment, proxyPolicyFromSettings } from '../http/proxy-policy.ts';
import type { ProxyPolicy, TlsPolicy } from '../http/types.ts';
import { caFilesOfEnvironment, loadCaFile, loadOptionalCaFiles, type CaEntry } from '../machine/ca-files.ts';
import type { TrustDecisions } from '../run/trust-decisions.ts';

export class NetworkPolicy implements Disposable {
  readonly #trust: TrustDecisions;
  readonly #subscription: Disposable;
  #ca: readonly CaEntry[] = [];
  #caError: CountersignError | undefined;
  #ready: Promise<void> | undefined;

  constructor(trust: TrustDecisions) {
    this.#trust = trust;
    this.#subscription = workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('countersign.tls')) this.#ready = undefined;
    });
  }

  /** Reads CA files and decisions once; again after the settings changed. */
  ready(): Promise<void> {
    this.#ready ??= this.#load();
    return this.#ready;
  }

  /** @throws CountersignError CS-TLS-CA-FILE when a CA file of the settings cannot be used */
  policies(): { readonly tls: TlsPolicy; readonly proxy: ProxyPolicy; readonly addressOf: FixedAddresses } {
    if (this.#caError) throw this.#caError;
    return {
      tls: {
        ca: this.#ca,
        useSystemStore: userSetting<boolean>('countersign', 'tls.systemCertificates') ?? true,
        exceptionFor: (origin) => this.#trust.exceptionFor(origin),
        minVersion: userSetting<string>('countersign', 'tls.minimumVersion') === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
      },
      proxy: proxyPolicy(),
      addressOf: parseFixedAddresses(userSetting<string[]>('countersign', 'network.resolve') ?? []),
    };
  }

  async #load(): Promise<void> {
    await this.#trust.load();
    this.#caError = undefined;
    const fromEnvironment = await loadOptionalCaFiles(caFilesOfEnvironment(process.env));
    try {
      const files = userSetting<string[]>('countersign', 'tls.caFiles') ?? [];
      this.#ca = [...fromEnvironment, ...(await Promise.all(files.map(loadCaFile)))];
    } catch (error) {
      if (!isCountersignError(error)) throw error;
      this.#caError = error;
      this.#ca = fromEnvironment;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function proxyPolicy(): ProxyPolicy {
  const own = userSetting<string | null>('countersign', 'proxy.url');
  const excluded = [...(userSetting<string[]>('countersign', 'proxy.exclude') ?? []), ...excludedByOthers()];
  if (own) return proxyPolicyFromSettings({ url: own, exclude: excluded });
  if (userSetting<string>('http', 'proxySupport') === 'off') return () => undefined;
  const url = userSetting<string>('http', 'proxy');
  if (url) {
    const exclude = [...(userSetting<string[]>('http', 'noProxy') ?? []), ...excluded];
    return proxyPolicyFromSettings({ url, exclude });
  }
  return proxyPolicyFromEnvironment(process.env);
}

/** Hosts that REST Client and httpYac reach without a proxy, where their settings are read. */
function excludedByOthers(): readonly string[] {
  if (userSetting<boolean>('countersign', 'compat.readRestClientSettings') === false) return [];
  return [
    ...(userSetting<string[]>('rest-client', 'excludeHostsForProxy') ?? []),
    ...(userSetting<string[]>('httpyac', 'proxyExcludeList') ?? []),
  ].filter((host) => typeof host === 'string');
}

/** The value a person set for this machine or user, or the default; never a workspace's. */
// The caller names the type that package.json gives the setting.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function userSetting<T>(section: string, name: string): T | undefined {
  const found = workspace.getConfiguration(section).inspect<T>(name);
  return found?.globalValue ?? found?.defaultValue;
}
