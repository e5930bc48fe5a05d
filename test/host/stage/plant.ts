/** Secrets of the suite, for the search that follows it (scripts/host-suite.ts): each one that was typed or received. */
import { appendFileSync } from 'node:fs';

export function plant(secret: string): void {
  const file = process.env['COUNTERSIGN_HOST_PLANTED'];
  if (file !== undefined && secret.length > 8) appendFileSync(file, `${JSON.stringify(secret)}\n`);
}
