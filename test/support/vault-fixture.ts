/** A vault over memory, with a workspace folder and a person who answers as told. */
import type { ApprovalRequest, Prompts } from '../../src/ports.ts';
import { Redactor } from '../../src/credentials/redactor.ts';
import { Vault } from '../../src/credentials/vault.ts';
import { MemorySecretStore } from './memory-secret-store.ts';
import { MemoryStateStore } from './memory-state-store.ts';

export const root = '/project/shop';
export const file = '/project/shop/countersign.json';

export function createVault(secrets = new MemorySecretStore(), state = new MemoryStateStore()) {
  const redactor = new Redactor();
  const vault = new Vault({ secrets, state, clock: { now: () => 1_700_000_000_000 }, redactor, changeDelayMs: 5 });
  return { vault, secrets, state, redactor };
}

export function toFile(credentials: Record<string, unknown>): { file: string; text: string } {
  return { file, text: JSON.stringify({ credentials }) };
}

/** Prompts that approve or not, and keep what was asked. */
export function createPerson(approves: boolean): { prompts: Prompts; asked: ApprovalRequest[] } {
  const asked: ApprovalRequest[] = [];
  const prompts: Prompts = {
    interactive: true,
    approve: async (request) => {
      asked.push(request);
      return approves;
    },
    input: async () => undefined,
    pick: async () => undefined,
    choose: async () => undefined,
  };
  return { prompts, asked };
}
