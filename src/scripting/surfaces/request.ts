/**
 * `request`: what is sent or was sent, secrets as dots; variables of this request; the environment. A secret of the
 * environment is a handle that shows dots and that `crypto.hmac` takes as key. Source: dialects.md §13 (JetBrains).
 */
import type { Surface } from './surface.ts';

export const request: Surface = {
  id: 'request',
  when: 'always',
  dialect: 'jetbrains',
  source: String.raw`
    const { facts, secrets, textual, variables } = kit;
    const { method, url, body, headers } = facts.request;
    const all = headers.map(({ name, raw, value }) => ({
      name: textual(name, name),
      value: textual(raw, value),
      getRawValue: () => raw,
      tryGetSubstituted: () => value,
      tryGetSubstitutedValue: () => value,
    }));
    const environment = new Map();
    for (const { name, value, secret } of facts.environment) {
      if (!secret) { environment.set(name, value); continue; }
      const handle = Object.freeze({ toString: () => value, toJSON: () => value });
      secrets.set(handle, name);
      environment.set(name, handle);
    }
    return {
      request: {
        method,
        url: textual(url.raw, url.value),
        body: body === null ? textual('', '') : textual(body.raw, body.value),
        headers: {
          all: () => all.slice(),
          findByName(name) {
            const wanted = String(name).toLowerCase();
            return all.find((header) => header.name().toLowerCase() === wanted) || null;
          },
        },
        environment: {
          get: (name) => { const value = environment.get(String(name)); return value === undefined ? null : value; },
        },
        variables: variables('request', facts.variables),
        iteration: () => 0,
        templateValue: () => null,
      },
    };
  `,
};
