/** What a provider that is known (a preset) gives a definition where it publishes no metadata of its own. Pure. */
import { findGrant } from '../../oauth/grants/registry.ts';
import type { Preset } from '../../oauth/presets/preset.ts';
import { findPreset } from '../../oauth/presets/registry.ts';

/** The preset of a provider that publishes no metadata: its endpoints are known here. */
export function presetWithoutMetadata(address: string): Preset | undefined {
  const preset = findPreset(address);
  return preset?.issuer === undefined && preset?.fields.token_endpoint !== undefined ? preset : undefined;
}

/** What a provider without metadata gives a definition of this grant; empty for every other address. */
export function fieldsOfProvider(address: string, grant: string | undefined): Readonly<Record<string, unknown>> {
  const { fields } = presetWithoutMetadata(address) ?? {};
  if (!fields || grant === undefined) return {};
  if (grant === fields.grant) return fields;
  const needs: readonly string[] = findGrant(grant)?.needs ?? [];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => needs.includes(name)));
}
