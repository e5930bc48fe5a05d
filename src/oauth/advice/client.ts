/** The client is not accepted. Source: RFC 6749 §5.2 (`invalid_client`, `unauthorized_client`), auth.md §6. */
import type { Adviser } from './advice.ts';

export const clientAdvice: Adviser = ({
  error,
  status,
  method,
  secretNeedsEncoding,
  host,
  grant,
  step,
  contentType,
}) => {
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type') {
    return {
      code: 'CS-AUTH-GRANT',
      message: `${host} does not let this client use ${grant}.`,
      likely: 'Most likely: the client is not registered for this grant.',
      next: `Allow ${grant} for the client there, or choose another grant.`,
    };
  }
  const silent =
    step !== 'redirect' &&
    error === undefined &&
    (status === 401 || status === 403) &&
    !(contentType ?? '').includes('html');
  if (error !== 'invalid_client' && !silent) return undefined;
  const refused = {
    code: 'CS-AUTH-CLIENT',
    message: 'The identity provider does not accept the client secret.',
  } as const;
  if (method === 'none') {
    return {
      code: 'CS-AUTH-CLIENT',
      message: `${host} does not accept this client without a secret.`,
      likely: 'Most likely: the client is a confidential one, or its client_id is another.',
      next: 'Enter the client secret, or check client_id.',
    };
  }
  if (method === 'client_secret_basic' && secretNeedsEncoding) {
    return {
      ...refused,
      likely:
        'Most likely: the secret holds a character that client_secret_basic encodes (RFC 6749, 2.3.1), and this provider expects it unencoded.',
      next: 'Most likely it expects the secret unencoded (client_secret_basic_raw).',
      fix: {
        title: 'Try client_secret_basic_raw',
        field: 'token_endpoint_auth_method',
        value: 'client_secret_basic_raw',
      },
    };
  }
  return {
    ...refused,
    likely: `Most likely: the secret or the client_id is another one, or it may not be sent as ${method ?? 'it was'}.`,
    next: 'Enter the secret again; if it is right, try another token_endpoint_auth_method.',
  };
};
