/**
 * The JSON schema of `countersign.json`, made from the scheme registry, so that adding a scheme or a field changes it by
 * itself. `scripts/schema.ts` writes it to `schema/`. Pure. Source: contracts.md §3, JSON Schema draft-07.
 */
import { commonFields } from './common-fields.ts';
import { protectedParameters } from './protected-parameters.ts';
import { toQuirkRulesSchema } from './quirk-rules.ts';
import { schemes } from './schemes/registry.ts';
import type { FieldInfo, Scheme } from './types.ts';

type Json = Record<string, unknown>;

/** @param snippets beginnings of definitions that an editor offers, in the form of VS Code’s `defaultSnippets` */
export function toDefinitionSchema(snippets: readonly Json[] = []): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Countersign credentials',
    description: 'Definitions of credentials. No key of this file can hold a secret: secrets stay in the secret store.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      credentials: {
        type: 'object',
        description: 'Definitions by name.',
        propertyNames: { pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$' },
        additionalProperties: {
          type: 'object',
          required: ['scheme'],
          ...(snippets.length === 0 ? {} : { defaultSnippets: snippets }),
          properties: {
            scheme: { type: 'string', description: 'How it is put on a request.', enum: schemes.map(({ id }) => id) },
          },
          allOf: schemes.map(toBranch),
        },
      },
    },
    additionalProperties: false,
  };
}

function toBranch(scheme: Scheme): Json {
  const fields = [...scheme.fields, ...commonFields];
  return {
    if: { required: ['scheme'], properties: { scheme: { const: scheme.id } } },
    then: {
      description: scheme.description,
      required: fields.filter((field) => field.required).map((field) => field.name),
      properties: {
        scheme: { const: scheme.id },
        ...Object.fromEntries(fields.map((field) => [field.name, toProperty(field)])),
      },
      additionalProperties: false,
    },
  };
}

function toProperty(field: FieldInfo): Json {
  const description = {
    description: field.description,
    ...(field.example === undefined ? {} : { examples: [field.example] }),
  };
  const values = field.values ? { anyOf: [{ enum: [...field.values] }, { pattern: '\\{\\{.*\\}\\}' }] } : {};
  switch (field.type) {
    case 'string':
      return { type: 'string', ...description, ...values };
    case 'number':
      return { type: 'integer', minimum: 0, ...description };
    case 'boolean':
      return { type: 'boolean', ...description };
    case 'string[]':
      return {
        type: ['array', 'string'],
        items: { type: 'string' },
        ...description,
        ...(field.required ? { minItems: 1 } : {}),
      };
    case 'object':
      return toObject(field, description);
  }
}

function toObject(field: FieldInfo, description: Json): Json {
  if (field.name === 'quirk_rules') return { ...toQuirkRulesSchema(), ...description };
  const refused = protectedParameters.get(field.name);
  if (!refused) return { type: ['array', 'object'], ...description };
  return {
    type: 'object',
    ...description,
    propertyNames: { not: { enum: [...refused].sort() } },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  };
}
