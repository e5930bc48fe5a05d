/** A token is outside its time: the clocks differ, or the provider sent an old one. Source: RFC 7519 §4.1.4, auth.md H21. */
import type { Adviser } from './advice.ts';

export const clockAdvice: Adviser = ({ libraryCode, skewMs, host }) => {
  if (libraryCode !== 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return undefined;
  if (skewMs !== undefined && Math.abs(skewMs) > 30_000) {
    return {
      code: 'CS-AUTH-CLOCK',
      message: `The clocks of this machine and ${host} differ by ${toDuration(Math.abs(skewMs))}.`,
      likely: `This machine’s clock is ${skewMs > 0 ? 'behind' : 'ahead'}, so a fresh token looks ${skewMs > 0 ? 'as if it came from the future' : 'too old'}.`,
    };
  }
  return {
    code: 'CS-AUTH-ID-TOKEN',
    message: `The ID token of ${host} is outside the time it is valid for.`,
    likely: 'Most likely: the clock of the identity provider is wrong, or it sent an old token.',
  };
};

function toDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
