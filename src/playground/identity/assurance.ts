/**
 * How sure the issuer is of who signed in: a password once, or a password typed again just now. The API asks for the
 * second one at /admin (RFC 9470 step-up).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { interactionPolicy } from 'oidc-provider';

export const acr = {
  password: 'urn:countersign:playground:password',
  fresh: 'urn:countersign:playground:fresh-password',
} as const;

/** Seconds for which a fresh sign-in opens /admin. */
export const freshForSeconds = 300;

function requested(ctx: KoaContextWithOIDC): readonly string[] {
  const text = ctx.oidc.params?.['acr_values'];
  return typeof text === 'string' ? text.split(' ') : [];
}

/** The default prompts, and one reason more to ask for the password: `acr_values` wants more than the session has. */
export function createPolicy() {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy.get('login')?.checks.add(
    new Check('acr_values', 'a fresh sign-in is asked for', 'login_required', (ctx) => {
      const session = ctx.oidc.session;
      const wants = requested(ctx).includes(acr.fresh);
      const has = session?.acr === acr.fresh && !session.past(freshForSeconds);
      return wants && !has && ctx.oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}
