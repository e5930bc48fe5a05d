/**
 * What a person has, read as the beginning of a credential: a draft of its definition, its secrets apart from it, and
 * why it was read so. Words and fields hold no secret. Nothing here asks, sends, reads a file or saves.
 * Source: ux.md D1, design.md D1.1.
 */
import type { Secret } from '../credentials/secret.ts';

/** The request a curl command makes, without the credential in it. */
export interface DraftRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** What is known of the definition in the making; what is absent has to be asked for. */
export interface DraftDefinition {
  /** Undefined: only an address is known, and the server says the rest. */
  readonly scheme?: string;
  readonly name?: string;
  /** Address of an identity provider, to be asked for its metadata. */
  readonly issuer?: string;
  /** Address of an API, to be asked how it wants to be called; without credentials in it. */
  readonly api?: string;
  readonly origins: readonly string[];
  /** By the names of `countersign.json`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields to offer where the server’s metadata is silent. */
  readonly hints?: Readonly<Record<string, string>>;
  /** By slot; '' is the main one. */
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly request?: DraftRequest;
}

export interface Recognised {
  /** Id of the recogniser. */
  readonly kind: string;
  /** Codicon id. */
  readonly icon: string;
  /** `A bearer token of a curl command`: what it is taken for. */
  readonly title: string;
  /** `for https://api.example.com` */
  readonly about: string;
  /** Why, and what was left out: a sentence each. */
  readonly reasons: readonly string[];
  readonly draft: DraftDefinition;
}

export interface Reading {
  /** Most likely first; empty when nothing was recognised. */
  readonly found: readonly Recognised[];
  /** Why a text that looks like something we know cannot be used, and what would help. */
  readonly problem?: string;
}

export interface PastedFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** One kind of thing a person may have: one file, one line in the registry. */
export interface Recogniser {
  readonly id: string;
  /** Never throws; undefined when it is not of this kind. @param text trimmed, at most `longestPasted` characters */
  read(text: string, facts: PastedFacts): Reading | undefined;
}

/** Texts beyond this are not looked at. */
export const longestPasted = 64 * 1024;
