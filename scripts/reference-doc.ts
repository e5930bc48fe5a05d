/**
 * `npm run docs:reference`: writes docs/reference.md from the registries and the manifest, so that a scheme, a grant, a
 * client authentication, a dynamic variable, a command or a setting is described once, where it is made.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toQuirkRulesSchema } from '../src/credentials/quirk-rules.ts';
import { placements } from '../src/credentials/schemes/token-placement.ts';
import { schemes } from '../src/credentials/schemes/registry.ts';
import { clientAuthentications } from '../src/oauth/client-authentication/registry.ts';
import type { ClientAuthentication } from '../src/oauth/client-authentication/client-authentication.ts';
import type { Grant } from '../src/oauth/grants/grant.ts';
import { grants } from '../src/oauth/grants/registry.ts';
import type { Quirk } from '../src/oauth/quirks/quirk.ts';
import { quirks } from '../src/oauth/quirks/registry.ts';
import { receivers } from '../src/oauth/receivers/registry.ts';
import { presets } from '../src/oauth/presets/registry.ts';
import { dynamicVariables } from '../src/variables/dynamic/registry.ts';
import { root } from './paths.ts';

export const referencePage = join(root, 'docs', 'reference.md');

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly title: string }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac?: string }[];
    readonly configuration: Configuration | readonly Configuration[];
  };
}

interface Configuration {
  readonly properties: Readonly<Record<string, Setting>>;
}

interface Setting {
  readonly scope?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly markdownDescription?: string;
}

/** The page, formatted as prettier leaves it. */
export async function toReferencePage(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const { commands, keybindings } = manifest.contributes;
  const properties = Object.assign(
    {},
    ...[manifest.contributes.configuration].flat().map((group) => group.properties),
  ) as Record<string, Setting>;
  const text = [
    '# Reference',
    'Written by `npm run docs:reference` from the registries and the manifest.',
    '## Schemes',
    table(
      ['`scheme`', 'Label', 'What it does'],
      schemes.map((each) => [code(each.id), each.label, each.description]),
    ),
    '## Grants',
    'The `grant` of an `oauth2` credential, by its registered name; the short form may be used in definitions.',
    table(
      ['`grant`', 'Short form', 'Label', 'Who calls', 'Why'],
      (grants as readonly Grant[]).map((each) => [
        code(each.name),
        each.shortName === undefined ? '' : code(each.shortName),
        each.label,
        each.who,
        each.legacy ? `${each.legacy.warning} ${each.legacy.instead}` : each.reason,
      ]),
    ),
    '## Client authentication',
    'The `token_endpoint_auth_method` of an `oauth2` credential, preferred first.',
    table(
      ['Method', 'Label', 'What it does'],
      (clientAuthentications as readonly ClientAuthentication[]).map((each) => [
        code(each.name),
        each.label,
        each.description,
      ]),
    ),
    '## Ways back from the browser',
    `The \`redirect\` of a credential: \`auto\`, ${receivers.map((each) => code(each.name)).join(', ')}.`,
    '## Quirks',
    'The `quirks` of an `oauth2` credential: known deviations of providers, applied in this order.',
    table(
      ['Quirk', 'What it does'],
      [
        ...(quirks as readonly Quirk[]).map((each) => [code(each.name), each.description]),
        ...placements.map(({ name, parameter, metAt }) => [
          code(name),
          `Puts the access token into the query as ${code(parameter)} (${metAt}). Addresses end in logs: only where an API takes it no other way.`,
        ]),
      ],
    ),
    'Where none fits, `quirk_rules` says how the token answer is to be read: data that is part of the definition, so that an approval covers it, and never code. Rules are carried out before the quirks.',
    table(
      ['Rule', 'What it does'],
      Object.entries(
        toQuirkRulesSchema()['properties'] as Readonly<Record<string, { readonly description: string }>>,
      ).map(([name, { description }]) => [code(name), description]),
    ),
    [
      '```json',
      JSON.stringify(
        {
          quirk_rules: {
            from: 'data.token',
            rename: { token: 'access_token', ttl: 'expires_in' },
            milliseconds: ['expires_in'],
            default: { token_type: 'Bearer' },
            error: 'errors.0.code',
          },
        },
        null,
        2,
      ),
      '```',
    ].join('\n'),
    '## Presets',
    'What a provider asks of whoever registers a client there. A preset fills a definition in once, in the wizard or as a completion of `countersign.json`; the definition then stands for itself.',
    ...presets.flatMap((each) => [
      `### ${each.label}`,
      [
        `- Preset \`${each.id}\`, known by ${each.hosts.length === 0 ? 'the path of its issuer' : each.hosts.map(code).join(', ')}.`,
        each.issuer === undefined
          ? '- No metadata: its endpoints are in the preset.'
          : `- Issuer ${code(each.issuer)}${Object.entries(each.placeholders ?? {})
              .map(([name, means]) => `; ${code(name)} is ${means}`)
              .join('')}.`,
        `- Fields: ${code(JSON.stringify(each.fields))}.`,
        `- Redirect to register (${each.redirect.form}): ${/^[a-z]+:/.test(each.redirect.register) && !each.redirect.register.includes(' ') ? code(each.redirect.register) : each.redirect.register}.`,
        `- At ${each.registration.at}: ${each.registration.steps.join(' ')}`,
        `- Scopes: ${each.scopes.map(({ scope, gives }) => `${code(scope)} ${gives}`).join('; ')}.`,
        ...each.facts.map(({ says, source }) => `- ${says} [source](${source})`),
      ].join('\n'),
    ]),
    '## Dynamic variables',
    'Written as `{{$name argument}}`. Those of other tools that are known by name only are left out.',
    table(
      ['Variable', 'What it gives'],
      dynamicVariables.filter((each) => !each.unsupported).map((each) => [code(each.name), each.documentation]),
    ),
    '## Commands',
    table(
      ['Command', 'Id', 'Key'],
      commands.map((each) => {
        const key = keybindings.find((binding) => binding.command === each.command);
        const keys = key === undefined ? '' : [key.key, key.mac].filter((one) => one !== undefined).join(' · ');
        return [`${each.category}: ${each.title}`, code(each.command), keys];
      }),
    ),
    '## Settings',
    'Settings of scope `machine` cannot be set by a workspace.',
    table(
      ['Setting', 'Scope', 'Default', 'What it does'],
      Object.entries(properties).map(([name, setting]) => [
        code(name),
        setting.scope ?? 'window',
        code(JSON.stringify(setting.default ?? null)),
        `${setting.markdownDescription ?? setting.description ?? ''}${setting.enum ? ` One of ${setting.enum.map((value) => code(String(value))).join(', ')}.` : ''}`,
      ]),
    ),
  ].join('\n\n');
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(referencePage)), parser: 'markdown' });
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(referencePage, await toReferencePage());
  console.log('docs/reference.md written.');
}
