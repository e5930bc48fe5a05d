/**
 * A provider that is known (a preset): what to register there and which redirect it accepts, before its client ID is
 * asked for. Facts and their pages are the preset's own.
 */
import type { Preset, RedirectForm } from '../../oauth/presets/preset.ts';
import type { PickItem } from './question-loop.ts';
import type { Ask } from './wizard-facts.ts';

const forms: Readonly<Record<RedirectForm, string>> = {
  any_port: 'Any port will do: register it without one.',
  exact_port: 'Compared letter by letter, with its port.',
  application: 'No http address of this machine: the editor’s own is used.',
};

/** @param browser whether a browser comes back */
export function providerQuestion(preset: Preset, browser: boolean): Ask {
  return {
    id: 'provider',
    stage: 'details',
    async ask(step) {
      await step.pick({ placeholder: `What has to be registered at ${preset.label}`, items: toRows(preset, browser) });
    },
  };
}

function toRows({ label, registration, redirect, scopes, facts }: Preset, browser: boolean): readonly PickItem[] {
  const rows: PickItem[] = [
    { id: 'go-on', icon: 'key', label: 'Go On With a Client ID', detail: `It is registered at ${label}.` },
    { label: `At ${registration.at}`, kind: -1 },
    ...registration.steps.map((step, index) => ({ icon: 'info', label: `${String(index + 1)}. ${step}` })),
  ];
  if (browser) {
    const said = { icon: 'link', label: `Redirect: ${redirect.register}`, detail: forms[redirect.form] };
    rows.push({ label: 'How the browser comes back', kind: -1 }, said);
  }
  rows.push(
    { label: 'Scopes', kind: -1 },
    ...scopes.map(({ scope, gives }) => ({ icon: 'lock', label: scope, description: gives })),
    { label: `What ${label} says`, kind: -1 },
    ...facts.map(({ says, source }) => ({ icon: 'book', label: says, detail: source })),
  );
  return rows;
}
