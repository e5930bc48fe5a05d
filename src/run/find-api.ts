/** Discovery of an API over this engine's network: with its proxies and CAs, without any credential or client certificate. */
import type { Redactor } from '../credentials/redactor.ts';
import { toFetch } from '../http/fetch-adapter.ts';
import { loadHead } from '../http/head-of.ts';
import type { HttpClient } from '../http/types.ts';
import { discoverApi, type ApiDiscoveryOptions, type ApiDiscoveryPorts } from '../oauth/api-discovery/discover-api.ts';
import type { ApiFindings } from '../oauth/api-discovery/findings.ts';
import type { AddressedFetch } from '../oauth/api-discovery/vetted-fetch.ts';
import type { Clock } from '../ports.ts';
import type { EngineDeps } from './engine-deps.ts';

export interface FindApiPorts {
  readonly http: HttpClient;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly network: EngineDeps['network'];
}

export type FindApiOptions = Pick<ApiDiscoveryOptions, 'signal' | 'mayAsk'>;

export function findApi(address: string, ports: FindApiPorts, options: FindApiOptions): Promise<ApiFindings> {
  return discoverApi(address, toDiscoveryPorts(ports), options);
}

function toDiscoveryPorts({ http, redactor, clock, network }: FindApiPorts): ApiDiscoveryPorts {
  return {
    head: (url, signal) => {
      const { tls, proxy } = network();
      const headers = [
        ['Accept', 'application/json, */*;q=0.5'],
        ['User-Agent', 'countersign'],
      ] as const;
      return loadHead(http, url, { tls, proxy, headers, signal, deadlineMs: 15_000 });
    },
    fetch: toAddressedFetch(http, network),
    clock,
    redact: (text) => redactor.redact(text),
  };
}

/** The engine's fetch with a rule for the addresses that names lead to. */
export function toAddressedFetch(http: HttpClient, network: EngineDeps['network']): AddressedFetch {
  return (url, init, allowAddress) => {
    const { tls, proxy } = network();
    return toFetch(http, { tls, proxy, allowAddress })(url, init);
  };
}
