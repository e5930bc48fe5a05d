/** Presets as completions of `countersign.json`: the body of a credential with tab stops. Pure. Source: VS Code’s `defaultSnippets`. */
import type { Preset } from './preset.ts';
import { presets } from './registry.ts';

export function toPresetSnippets(): readonly Record<string, unknown>[] {
  return presets.map((preset) => ({
    label: preset.label,
    description: `Sign in at ${preset.label}. Register ${preset.redirect.register}. ${preset.registration.steps.join(' ')}`,
    body: toBody(preset),
  }));
}

function toBody({ issuer, fields }: Preset): Record<string, unknown> {
  const { grant, ...rest } = fields;
  let stops = 1;
  const filled = issuer?.replaceAll(/\{(\w+)\}/g, (_, name: string) => `\${${(stops += 1)}:${name}}`);
  return {
    scheme: 'oauth2',
    grant,
    ...(filled === undefined ? {} : { issuer: filled }),
    client_id: '${1:CLIENT_ID}',
    ...rest,
    origins: [`\${${stops + 1}:https://api.example.com}`],
  };
}
