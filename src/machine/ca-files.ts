/**
 * Certificate authorities from PEM files and from the variables other tools use for them. Read once and kept; a file
 * that cannot be read is an error of the request, since silently trusting less would look like a broken server.
 * Source: auth.md §2.4.
 */
import { readFile } from 'node:fs/promises';
import { CountersignError } from '../errors/countersign-error.ts';

export interface CaEntry {
  readonly pem: string;
  readonly source: string;
}

const variables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];

/** Files named by the environment; those that do not exist are left out, as other tools do. */
export function caFilesOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return variables.map((name) => env[name]).filter((path) => path !== undefined && path !== '') as string[];
}

/** @throws CountersignError CS-TLS-CA-FILE */
export async function loadCaFile(path: string): Promise<CaEntry> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CountersignError('CS-TLS-CA-FILE', `The CA file ${path} cannot be read.`, { cause });
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CountersignError('CS-TLS-CA-FILE', `The CA file ${path} holds no certificate in PEM form.`);
  }
  return { pem, source: path };
}

/** As `loadCaFile` for files that other tools name: what cannot be used is left out. */
export async function loadOptionalCaFiles(paths: readonly string[]): Promise<CaEntry[]> {
  const loaded = await Promise.allSettled(paths.map(loadCaFile));
  return loaded.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
