/** A name for a credential from where it goes: `api.weather.example.com` is `weather`. Pure. */

const dull = new Set(['api', 'www', 'app', 'dev', 'test', 'staging', 'prod', 'rest', 'gateway', 'localhost']);

/** @param taken names that are in use; the result is none of them and is always a name a credential may have */
export function suggestedName(origin: string, taken: readonly string[]): string {
  const host = /^\w+:\/\/(\[[^\]]*\]|[^/:]+)/.exec(origin)?.[1] ?? '';
  const isAddress = host.startsWith('[') || /^[\d.]+$/.test(host);
  const labels = isAddress ? [] : host.split('.').filter((label) => !dull.has(label.toLowerCase()));
  const base =
    (labels[0] ?? 'api')
      .replace(/[^A-Za-z\d_-]/g, '')
      .replace(/^-+/, '')
      .slice(0, 60) || 'api';
  let name = base;
  for (let count = 2; taken.includes(name); count++) name = `${base}-${count}`;
  return name;
}
