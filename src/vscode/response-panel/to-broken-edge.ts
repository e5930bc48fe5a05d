/** Where a request broke off on its way: which edge of the drawing is marked, and the one word on it (design.md E6.3). */
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { ResponseModel } from '../../response/model.ts';

const words: Readonly<Record<string, string>> = {
  'CS-NET-REFUSED': 'refused',
  'CS-NET-DNS': 'no such name',
  'CS-NET-TIMEOUT': 'no answer',
  'CS-NET-PROXY': 'stopped',
  'CS-NET-RESET': 'hung up',
  'CS-NET-UNREACHABLE': 'no way',
  'CS-NET-ADDRESS': 'not allowed',
  'CS-HTTP-RESPONSE': 'not HTTP',
};

export function toBroken(
  error: CountersignError,
  url: URL | undefined,
  hopProxy: string | undefined,
): ResponseModel['broken'] {
  const word = words[error.code];
  if (word === undefined) return undefined;
  const proxyFact = error.facts['proxy'];
  const proxy = typeof proxyFact === 'string' ? proxyFact : hopProxy;
  const hostFact = error.facts['host'];
  return {
    edge: error.code === 'CS-NET-DNS' ? 'name' : error.code === 'CS-NET-PROXY' ? 'proxy' : 'server',
    word,
    ...(proxy === undefined
      ? error.code === 'CS-NET-PROXY'
        ? { proxy: 'proxy' }
        : {}
      : { proxy: withoutUserInfo(proxy) }),
    host: url?.host ?? (typeof hostFact === 'string' ? hostFact : ''),
  };
}

function withoutUserInfo(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : proxy.replace(/^.*@/, '');
}
