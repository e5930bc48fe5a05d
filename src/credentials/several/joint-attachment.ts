/**
 * Attachments of several credentials as one. Order: what is put on as it is, in the order of the definition; then answers
 * and proofs; last what signs, over everything before it. Two that would write to the same place are refused.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type {
  AnsweredRequest,
  AttachedHeader,
  AttachedParameter,
  Attachment,
  CredentialPart,
  FinalRequest,
  PrepareContext,
  RequestProof,
} from '../types.ts';

/** @throws CountersignError CS-DEF-FIELD when they do not go together, and what each of them throws */
export async function toJointAttachment(context: PrepareContext, names: readonly string[]): Promise<Attachment> {
  const { name } = context.credential;
  const parts: CredentialPart[] = [];
  for (const each of names) {
    const part = await context.part?.(each);
    if (part === undefined) throw new CountersignError('CS-DEF-FIELD', `${name} cannot be used here.`);
    if (part.scheme === 'several') throw refuse(name, `${each} names several itself`);
    parts.push(part);
  }
  refuseConflicts(name, parts);
  const all = parts.map(({ attachment }) => attachment);
  const certificates = all.flatMap(({ clientCertificate }) => clientCertificate ?? []);
  if (certificates.length > 1) throw refuse(name, 'two of them show a client certificate');
  const ordered = [...parts].sort((left, right) => Number(left.signs) - Number(right.signs));
  const proofs = ordered.flatMap(({ attachment }) => attachment.proof ?? []);
  const identity = all.find((each) => each.identity?.verified)?.identity ?? all.find((each) => each.identity)?.identity;
  const onlyAt = all.find((each) => each.onlyAt !== undefined)?.onlyAt;
  const connection = all.find((each) => each.connection !== undefined)?.connection;
  return {
    headers: all.flatMap(({ headers }) => headers),
    query: all.flatMap(({ query }) => query),
    cookies: all.flatMap(({ cookies }) => cookies),
    behind: all.flatMap(({ behind = [] }) => behind),
    ...(identity === undefined ? {} : { identity }),
    ...(certificates[0] === undefined ? {} : { clientCertificate: certificates[0] }),
    ...(onlyAt === undefined ? {} : { onlyAt }),
    ...(connection === undefined ? {} : { connection }),
    ...(proofs.length === 0 ? {} : { proof: new JointProof(proofs) }),
  };
}

function refuseConflicts(name: string, parts: readonly CredentialPart[]): void {
  const taken = new Map<string, string>();
  for (const { name: part, attachment } of parts) {
    const { headers, query, cookies, proof } = attachment;
    const places = new Set([
      ...[...headers.map((each) => each.name), ...(proof?.names ?? [])].map((each) => `header ${each.toLowerCase()}`),
      ...[...query.map((each) => each.name), ...(proof?.queryNames ?? [])].map((each) => `query parameter ${each}`),
      ...cookies.map((each) => `cookie ${each.name}`),
    ]);
    for (const place of places) {
      const other = taken.get(place);
      if (other !== undefined) throw refuse(name, `${other} and ${part} both write the ${place}`);
      taken.set(place, part);
    }
  }
}

function refuse(name: string, why: string): CountersignError {
  return new CountersignError('CS-DEF-FIELD', `The credentials of ${name} do not go together: ${why}.`, {
    facts: { credential: name },
  });
}

class JointProof implements RequestProof {
  readonly names: readonly string[];
  readonly queryNames: readonly string[];
  readonly rounds: number;
  retry = '';
  readonly #proofs: readonly RequestProof[];
  #query: readonly AttachedParameter[] = [];

  constructor(proofs: readonly RequestProof[]) {
    this.#proofs = proofs;
    this.names = proofs.flatMap(({ names }) => names);
    this.queryNames = proofs.flatMap(({ queryNames = [] }) => queryNames);
    this.rounds = Math.max(...proofs.map(({ rounds = 1 }) => rounds));
  }

  /** Each over what those before it put on. */
  async headers(request: FinalRequest): Promise<readonly AttachedHeader[]> {
    const headers: AttachedHeader[] = [];
    const query: AttachedParameter[] = [];
    let final = request;
    for (const proof of this.#proofs) {
      const own = await proof.headers(final);
      const parameters = (await proof.query?.(final)) ?? [];
      headers.push(...own);
      query.push(...parameters);
      final = withAttached(final, own, parameters);
    }
    this.#query = query;
    return headers;
  }

  query(): Promise<readonly AttachedParameter[]> {
    return Promise.resolve(this.#query);
  }

  /** All of them hear the answer; the first that asks for another try says why. */
  answered(answer: AnsweredRequest): boolean {
    const asking = this.#proofs.filter((proof) => proof.answered(answer));
    this.retry = asking[0]?.retry ?? '';
    return asking.length > 0;
  }
}

/** As `run` puts them on, for what comes after. */
function withAttached(
  request: FinalRequest,
  own: readonly AttachedHeader[],
  parameters: readonly AttachedParameter[],
): FinalRequest {
  const replaced = new Set(own.map(({ name }) => name.toLowerCase()));
  const url = new URL(request.url);
  for (const { name, value } of parameters) {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value.reveal())}`;
    url.search = url.search === '' ? pair : `${url.search}&${pair}`;
  }
  const headers = [
    ...request.headers.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...own.map(({ name, prefix, value }) => [name, prefix + (value?.reveal() ?? '')] as const),
  ];
  return { ...request, url, headers };
}
