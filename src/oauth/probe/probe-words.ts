/** The words around a probe, the same in every surface: what is asked before it, and its results. Pure. */
import { probeSignIns, type ProbeReport, type ProbeResult } from './probe.ts';

/** @param host `idp.example.com` */
export function toProbeQuestion(name: string, host: string): { readonly title: string; readonly detail: string } {
  const { least, most } = probeSignIns;
  return {
    title: `Probe what ${host} enforces?`,
    detail: [
      `You sign in ${least} times as ${name}, and ${most} times if ${host} does not tell by itself.`,
      'Each time the client then does what it never should: a wrong verifier, a code twice, a refresh token twice, another redirect, plain PKCE.',
      'What it is given is revoked where that is possible and never kept; your session stays as it is. The owner of the provider may see refused requests in a log.',
    ].join('\n'),
  };
}

const words = { enforced: 'enforced', 'not-enforced': 'NOT enforced', undecided: 'could not be told' } as const;

export function toVerdictWords({ verdict }: ProbeResult): string {
  return words[verdict];
}

/** `idp.example.com enforces 6 of 7; 1 could not be told.` */
export function toProbeSummary({ host, results }: ProbeReport): string {
  const count = (verdict: ProbeResult['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const open = count('undecided');
  const rest = open === 0 ? '' : `; ${open} could not be told`;
  return `${host} enforces ${count('enforced')} of ${results.length}${rest}.`;
}
