/**
 * AWS Signature Version 4: access key id, region and service from the definition, the secret access key and a session
 * token from the secret store. Source: AWS Signature Version 4; dialects.md §11.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { scopeOfHost } from '../aws/aws-host.ts';
import { presignV4, signV4, type SigV4Keys } from '../aws/sigv4.ts';
import { clockOffset } from '../clock-offset.ts';
import { optionalSecret } from '../optional-secret.ts';
import { Secret } from '../secret.ts';
import type { AnsweredRequest, Attachment, AwsSigV4Definition, FinalRequest, Scheme } from '../types.ts';

/** Seven days, which is what AWS allows. */
const longestLife = 604_800;
const plainText = /^[\x21-\x7e]+$/;

export const awsSigV4: Scheme<AwsSigV4Definition> = {
  id: 'aws-sigv4',
  label: 'AWS access key',
  description: 'Signs each request with an access key of AWS (Signature Version 4); the key itself is not sent.',
  icon: 'cloud',
  fields: [
    {
      name: 'access_key_id',
      label: 'Access key id',
      description: 'Names the key; it is sent with each request and is no secret.',
      type: 'string',
      required: true,
      example: 'AKIDEXAMPLE',
    },
    {
      name: 'region',
      label: 'Region',
      description: 'Needed where the host name does not say it: a custom domain.',
      type: 'string',
      example: 'eu-central-1',
    },
    {
      name: 'service',
      label: 'Service',
      description: 'The name it signs under; needed where the host name does not say it.',
      type: 'string',
      example: 'execute-api',
    },
    {
      name: 'region_set',
      label: 'Regions',
      description: 'Signs for several regions at once (SigV4A): their names with commas between, or *.',
      type: 'string',
      example: '*',
    },
    {
      name: 'placement',
      label: 'Placement',
      description: 'Where the signature goes: the Authorization header, or the query (a presigned address).',
      type: 'string',
      values: ['header', 'query'],
      example: 'header',
    },
    {
      name: 'expires_in',
      label: 'Lifetime',
      description: 'Seconds that a presigned address holds, 604800 at most; 300 where nothing is said.',
      type: 'number',
      example: '300',
    },
  ],
  signs: true,
  slots: () => [
    { id: '', label: 'secret access key', required: true },
    { id: 'session_token', label: 'session token', required: false },
  ],
  secretUse: (_, slot) => ({
    as:
      slot === 'session_token' ? 'as X-Amz-Security-Token' : 'only as a signature, in Authorization: AWS4-HMAC-SHA256',
  }),
  check({ access_key_id, region, service, region_set, expires_in }) {
    for (const [field, value] of Object.entries({ access_key_id, region, service, region_set })) {
      if (typeof value !== 'string' || value === '') continue;
      if (!plainText.test(value.replace(/\{\{[^{}]*\}\}/g, 'x'))) {
        return [{ field, message: `“${field}” holds a space or a character that a header cannot carry.` }];
      }
    }
    if (expires_in !== undefined && (!Number.isSafeInteger(expires_in) || expires_in < 1 || expires_in > longestLife)) {
      return [{ field: 'expires_in', message: '“expires_in” is a number of seconds, 604800 at most.' }];
    }
    return [];
  },
  async prepare(context) {
    const { credential, request, secret } = context;
    const { definition, name } = credential;
    const [wrong] = awsSigV4.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    const { region, service, region_set: regionSet, placement, expires_in: expiresIn } = definition;
    const secretAccessKey = await secret();
    const sessionToken = await optionalSecret(context, 'session_token');
    return toSigV4Attachment(
      {
        accessKeyId: definition.access_key_id,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        ...(region === undefined ? {} : { region }),
        ...(service === undefined ? {} : { service }),
        ...(regionSet === undefined ? {} : { regionSet }),
        ...(placement === 'query' ? { presigned: expiresIn ?? 300 } : {}),
      },
      request.url,
      context.memo.of(`aws-sigv4 ${name} ${credential.hash}`, () => ({ skew: 0 })),
    );
  },
};

export interface SigV4Settings extends SigV4Keys {
  readonly region?: string;
  readonly service?: string;
  readonly regionSet?: string;
  /** Seconds that the address holds when the signature goes into the query. */
  readonly presigned?: number;
}

/**
 * @param clock what one answer taught of the server's time, for all requests after it
 * @throws CountersignError CS-DEF-FIELD when neither the definition nor the host says region and service
 */
export function toSigV4Attachment(settings: SigV4Settings, url: URL, clock: { skew: number }): Attachment {
  const found = scopeOfHost(url.hostname);
  const { sessionToken, regionSet, presigned } = settings;
  const region = settings.region ?? found.region ?? (regionSet === undefined ? undefined : '');
  const service = settings.service ?? found.service;
  if (region === undefined || service === undefined) {
    const missing = [region === undefined ? 'region' : '', service === undefined ? 'service' : ''].filter(Boolean);
    throw new CountersignError(
      'CS-DEF-FIELD',
      `The ${missing.join(' and the ')} of ${url.host} cannot be told from its name.`,
      {
        next: 'Add region and service to the definition, or region:NAME service:NAME to a literal AWS header.',
        facts: { host: url.host },
      },
    );
  }
  const scope = { region, service, ...(regionSet === undefined ? {} : { regionSet }) };
  const inQuery = presigned !== undefined;
  return {
    headers: [],
    query: [],
    cookies: [],
    identity: { label: settings.accessKeyId, verified: false },
    behind: [settings.secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])],
    proof: {
      names: inQuery
        ? []
        : ['Authorization', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256', 'X-Amz-Region-Set'],
      queryNames: inQuery ? parameterNames : [],
      retry: 'signed by the clock of the server',
      async headers(request: FinalRequest) {
        if (inQuery) return [];
        const signed = await signV4(request, settings, scope, Date.now() + clock.skew);
        const signature = new Secret(signed.authorization, 'AWS signature');
        return [
          { name: 'X-Amz-Date', prefix: signed.date },
          ...(regionSet === undefined ? [] : [{ name: 'X-Amz-Region-Set', prefix: regionSet }]),
          ...(sessionToken === undefined ? [] : [{ name: 'X-Amz-Security-Token', prefix: '', value: sessionToken }]),
          ...(signed.contentHash === undefined ? [] : [{ name: 'X-Amz-Content-Sha256', prefix: signed.contentHash }]),
          { name: 'Authorization', prefix: `${signed.algorithm} `, value: signature },
        ];
      },
      async query(request: FinalRequest) {
        if (!inQuery) return [];
        const own = await presignV4(request, settings, scope, Date.now() + clock.skew, presigned);
        return own.map(([name, value]) => ({ name, value: new Secret(value, name), plain: !secretNames.has(name) }));
      },
      answered(answer: AnsweredRequest) {
        const refused = answer.status === 403 || answer.status === 400;
        const offset = refused ? clockOffset(answer) : undefined;
        if (offset === undefined || Math.abs(offset - clock.skew) < 60_000) return false;
        clock.skew = offset;
        return true;
      },
    },
  };
}

const parameterNames = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Region-Set',
  'X-Amz-Security-Token',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
];
/** Whoever has the address can use it until it ends. */
const secretNames: ReadonlySet<string> = new Set(['X-Amz-Security-Token', 'X-Amz-Signature']);
