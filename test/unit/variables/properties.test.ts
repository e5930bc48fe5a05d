import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../../src/errors/countersign-error.ts';
import { parseExpression } from '../../../src/variables/expression.ts';
import { scanReferences } from '../../../src/variables/references.ts';
import { createResolver } from '../../../src/variables/resolver.ts';
import { plain, secret } from '../../../src/variables/tracked.ts';
import { captured, variableContext } from '../../support/variable-context.ts';

const pieces = fc.constantFrom(
  ...['{{', '}}', '{', '}', '\\{\\{', '\\}\\}', 'a', 'b', 'key', '$guid', '$processEnv ', '$timestamp ', '$datetime "'],
  ...[
    '.',
    '[0]',
    '["k"]',
    '%',
    ' ',
    '\n',
    '"',
    "'",
    '(',
    ')',
    '-1 d',
    'login.response.',
    'body',
    'headers',
    '.$.a',
    '//',
  ],
  ...['__proto__', 'constructor', 'toString', '\ud800', '\0', '$pick x? $value: ', '$.', '..', '*', '$auth.token("x")'],
);
const noise = fc
  .array(fc.oneof({ weight: 5, arbitrary: pieces }, fc.string()), { maxLength: 24 })
  .map((all) => all.join(''));
const dialect = fc.constantFrom('union' as const, 'rest-client' as const, 'httpyac' as const);

describe('properties', () => {
  it('segments and gaps cover the text in order', () => {
    fc.assert(
      fc.property(noise, fc.boolean(), (text, escapes) => {
        let at = 0;
        for (const segment of scanReferences(text, { escapes })) {
          expect(segment.start).toBe(at);
          expect(segment.end).toBeGreaterThan(segment.start);
          at = segment.end;
          if (segment.kind === 'reference') expect(text.slice(segment.start, segment.end)).toBe(`{{${segment.inner}}}`);
        }
        expect(at).toBe(text.length);
      }),
    );
  });
  it('every inside has a reading', () => {
    fc.assert(
      fc.property(noise, (text) => {
        expect(parseExpression(text).kind).toMatch(/^(name|dynamic|literal|script)$/);
      }),
    );
  });
  it('nothing but a CountersignError is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(noise, noise, dialect, async (template, value, kind) => {
        const context = variableContext({
          source: `@a = ${value.replaceAll('\n', ' ')}\n@b = {{a}}\n# @name login\nGET /`,
          dialect: kind,
          disk: { '/project/http-client.env.json': value, '/project/.env': value, '/project/.httpyac.json': value },
          environments: ['dev'],
          captured: { login: captured(value) },
          settings: { 'rest-client.environmentVariables': { $shared: { key: value, __proto__: value } } },
        });
        try {
          await createResolver(context).resolveTemplate(template);
        } catch (error) {
          if (!isCountersignError(error)) throw error;
          expect(error.code).toMatch(/^CS-VAR-/);
        }
      }),
      { numRuns: 400 },
    );
  });
  it('spans cover exactly the secret text', async () => {
    // Secrets are made of S alone and nothing else is, so that the spans can be checked against the text.
    const value = fc.array(fc.constantFrom('{{s}}', '{{p}}', 'x', '"', '\\', '{{$processEnv K}}', 'é'), {
      maxLength: 6,
    });
    const template = fc.array(
      fc.constantFrom('{{m}}', '{{%m}}', '{{o}}', '{{o.k}}', '{{s}}', '{{p}}', '{{priv}}', '-'),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(value, template, fc.constantFrom('S', 'SSS', ''), async (mixed, parts, hidden) => {
        const m = mixed.join('');
        const context = {
          ...variableContext({
            disk: {
              '/project/http-client.env.json': JSON.stringify({ dev: { m, o: { k: m, l: [m, 1] } } }),
              '/project/http-client.private.env.json': JSON.stringify({ dev: { priv: 'SS{{s}}' } }),
            },
            environments: ['dev'],
            env: { K: hidden },
          }),
          overrides: new Map([
            ['s', secret(hidden, 'variable s')],
            ['p', plain('plain')],
          ]),
        };
        const found = await createResolver(context).resolveTemplate(parts.join(''));
        const covered = new Set<number>();
        let end = 0;
        for (const span of found.secrets) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
          for (let at = span.start; at < span.end; at += 1) covered.add(at);
        }
        const expected = [...found.text.matchAll(/S/g)].map((match) => match.index);
        expect([...covered]).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});
