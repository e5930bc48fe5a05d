/**
 * A request as a curl command for a POSIX shell, the credential as a placeholder in the form of an environment
 * variable: what is copied can be shared. Source: ux.md E2 (Copy as curl), E10.
 */
import type { SentRequest } from '../../run/types.ts';
import { concat, plain, type Tracked } from '../../variables/tracked.ts';
import { fieldOf, hasHeader, isWholeBody, pieces, toVariable, writtenHeaders } from '../placeholders.ts';
import type { ExportCredential, Exporter, ExportRequest } from '../types.ts';

export const curl: Exporter = {
  id: 'curl',
  label: 'curl',
  convert(requests) {
    const notes = requests.flatMap(({ title, request, credential }) => [
      ...(isWholeBody(request) ? [] : [`The body of ${title} is not all text of 64 KiB at most: give it as a file.`]),
      ...noteOf(title, credential),
    ]);
    return { text: requests.map(commandOf).join('\n'), notes };
  },
};

function commandOf({ title, request, credential }: ExportRequest): string {
  return `# ${title}\n${toCurl(request, credential)}\n`;
}

/** @param credential whose secret stands where nothing is written, as `$NAME` */
export function toCurl(request: SentRequest, credential: ExportCredential | undefined): string {
  const parts = ['curl'];
  const own = credential && !hasHeader(request, 'authorization') ? credential : undefined;
  if (request.method !== (request.body ? 'POST' : 'GET')) parts.push(`-X ${quote(plain(request.method))}`);
  parts.push(quote(request.url) + queryOf(request, own));
  for (const { name, value } of writtenHeaders(request)) parts.push(`-H ${quote(concat([plain(`${name}: `), value]))}`);
  if (own) parts.push(...credentialOptions(own));
  if (request.body) parts.push(`--data-raw ${quote(request.body)}`);
  return parts.join(' \\\n  ');
}

function credentialOptions({ name, definition }: ExportCredential): readonly string[] {
  const secret = `$${toVariable(name)}`;
  const user = (id: string): string => `-u ${quote(plain(`${id}:`))}"${secret}"`;
  if (definition?.scheme === 'apiKey') {
    const key = fieldOf(definition, 'name');
    const where = fieldOf(definition, 'in');
    if (where === 'header') return [`-H ${quote(plain(`${key}: `))}"${secret}"`];
    return where === 'cookie' ? [`-b ${quote(plain(`${key}=`))}"${secret}"`] : [];
  }
  if (definition?.scheme === 'basic') return [user(fieldOf(definition, 'username'))];
  if (definition?.scheme === 'digest') return ['--digest', user(fieldOf(definition, 'username'))];
  if (definition?.scheme === 'aws-sigv4') {
    const scope = ['aws', 'amz', fieldOf(definition, 'region'), fieldOf(definition, 'service')].filter(Boolean);
    return [`--aws-sigv4 ${quote(plain(scope.join(':')))}`, user(fieldOf(definition, 'access_key_id'))];
  }
  return [`-H "Authorization: Bearer ${secret}"`];
}

const asWritten = new Set(['apiKey', 'basic', 'digest', 'aws-sigv4', 'bearer']);

function noteOf(title: string, credential: ExportCredential | undefined): readonly string[] {
  if (!credential || asWritten.has(credential.definition?.scheme ?? '')) return [];
  const variable = toVariable(credential.name);
  return credential.definition?.scheme === 'oauth2' || credential.definition === undefined
    ? [`${title} needs an access token of ${credential.name} in the environment variable ${variable}.`]
    : [`curl cannot sign ${title} as the scheme ${credential.definition.scheme} asks.`];
}

function queryOf(request: SentRequest, credential: ExportCredential | undefined): string {
  const definition = credential?.definition;
  if (!credential || definition?.scheme !== 'apiKey' || fieldOf(definition, 'in') !== 'query') return '';
  const join = request.url.text.includes('?') ? '&' : '?';
  const name = encodeURIComponent(fieldOf(definition, 'name'));
  return `${quote(plain(`${join}${name}=`))}"$${toVariable(credential.name)}"`;
}

/** Single quotes around what is known, double quotes around the placeholder of a secret. */
function quote(value: Tracked): string {
  const out = pieces(value).map((piece) =>
    'variable' in piece ? `"$${piece.variable}"` : `'${piece.text.replaceAll("'", `'\\''`)}'`,
  );
  return out.join('') || "''";
}
