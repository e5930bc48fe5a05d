/** The table of causes: the first row that fits wins, so the more exact come first. docs/causes.md is written from it. */
import { answerCauses } from './answer.ts';
import { authorizationCauses } from './authorization.ts';
import { backchannelCauses } from './backchannel.ts';
import type { Cause, Failure } from './cause.ts';
import { clientCauses } from './client.ts';
import { discoveryCauses } from './discovery.ts';
import { frontChannelCauses } from './front-channel.ts';
import { grantCauses } from './grant.ts';
import { idTokenCauses } from './id-token.ts';
import { networkCauses } from './network.ts';
import { redirectCauses } from './redirect.ts';

export const causes: readonly Cause[] = [
  ...networkCauses,
  ...discoveryCauses,
  ...backchannelCauses,
  ...frontChannelCauses,
  ...redirectCauses,
  ...grantCauses,
  ...clientCauses,
  ...authorizationCauses,
  ...idTokenCauses,
  ...answerCauses,
];

export function findCause(failure: Failure): Cause | undefined {
  return causes.find((cause) => cause.when(failure));
}
