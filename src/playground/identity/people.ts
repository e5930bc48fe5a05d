/** The people who can sign in, and what the identity provider says of them. Nobody else exists. */
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Secrets } from '../secrets.ts';

export interface Person {
  /** The `sub` of every token. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly roles: readonly string[];
}

export interface People {
  readonly user: Person;
  readonly admin: Person;
}

export function toPeople(secrets: Secrets): People {
  return {
    user: {
      id: 'person-ada',
      username: 'ada',
      password: secrets.userPassword,
      name: 'Ada Lovelace',
      givenName: 'Ada',
      familyName: 'Lovelace',
      email: 'ada@example.com',
      roles: ['clerk'],
    },
    admin: {
      id: 'person-alan',
      username: 'alan',
      password: secrets.adminPassword,
      name: 'Alan Turing',
      givenName: 'Alan',
      familyName: 'Turing',
      email: 'alan@example.com',
      roles: ['clerk', 'admin'],
    },
  };
}

/** Compares two secrets in a time that tells nothing of where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(left), digest(right));
}

export function listPeople(people: People): readonly Person[] {
  return [people.user, people.admin];
}

export function findPerson(people: People, id: string): Person | undefined {
  return listPeople(people).find((person) => person.id === id);
}

/** The person of a user name (or e-mail address) and password; undefined when they do not match. */
export function authenticate(people: People, username: string, password: string): Person | undefined {
  const name = username.trim().toLowerCase();
  for (const person of listPeople(people)) {
    if ((person.username === name || person.email === name) && isSameSecret(person.password, password)) return person;
  }
  return undefined;
}

/** OpenID Connect Core §5.1 claims. */
export function toClaims(person: Person): { sub: string; [claim: string]: unknown } {
  return {
    sub: person.id,
    name: person.name,
    given_name: person.givenName,
    family_name: person.familyName,
    preferred_username: person.username,
    email: person.email,
    email_verified: true,
    roles: person.roles,
  };
}
