/** Region and service from the host name of an AWS endpoint. Source: AWS General Reference, service endpoints. */

const suffix = /\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$/;
const regionLabel = /^(?:[a-z]{2}(?:-[a-z]+)+-\d|global)$/;

/** Empty for a host that is none of AWS's own: a custom domain says nothing. */
export function scopeOfHost(host: string): { readonly region?: string; readonly service?: string } {
  const name = host.toLowerCase();
  if (!suffix.test(name)) return {};
  const labels = name.replace(suffix, '').split('.');
  const last = labels.at(-1) ?? '';
  // `bucket.s3-eu-west-1.amazonaws.com`, an older spelling.
  const [, dashed] = /^s3-([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(last) ?? [];
  if (dashed !== undefined) return { region: dashed, service: 's3' };
  if (!regionLabel.test(last)) return { region: 'us-east-1', service: signingName(last) };
  const service = labels.at(-2);
  return { region: last, ...(service === undefined ? {} : { service: signingName(service) }) };
}

/** Services that sign under another name than their host has. */
function signingName(label: string): string {
  const names: Readonly<Record<string, string>> = { 'lambda-url': 'lambda', email: 'ses', 's3-fips': 's3' };
  return names[label] ?? label;
}
