/** Choosing an environment and making the first environment file. */
import { Uri, window, workspace } from 'vscode';
import { listEnvironments } from '../../variables/environments/list-environments.ts';
import type { CommandContext, CommandGroup } from './command.ts';

export const environments: CommandGroup = { selectEnvironment, createEnvironmentFile, defineVariable };

async function selectEnvironment({ app }: CommandContext, chosen?: unknown): Promise<void> {
  if (typeof chosen === 'string') return app.environments.choose([chosen]);
  const document = window.activeTextEditor?.document;
  const held = document && app.documents.holdsRequests(document);
  const place = held ? app.placeOf(document.uri) : { path: undefined, root: app.root };
  const { deps } = app.composed;
  const found = await listEnvironments({ ...place, files: deps.files, settings: deps.settings(place.root).variables });
  const { current } = app.environments;
  const items = found.map((each) => ({
    label: each.name,
    description: current.includes(each.name) ? 'current' : '',
    detail: `${each.variables} variables · ${each.origins.map((origin) => origin.label).join(', ')}`,
    names: [each.name],
  }));
  const none = {
    label: 'No environment',
    description: current.length > 0 ? '' : 'current',
    detail: 'Only variables of the file and shared ones',
    names: [],
  };
  const several = {
    label: 'Several Environments…',
    description: current.length > 1 ? current.join(', ') : '',
    detail: 'All in force at once; where two have a name, the first of this list wins',
    names: undefined,
  };
  const choice = await window.showQuickPick([...items, none, ...(items.length > 1 ? [several] : [])], {
    title: 'Select Environment',
    matchOnDetail: true,
  });
  if (choice?.names) return app.environments.choose(choice.names);
  if (!choice) return;
  const picks = await window.showQuickPick(
    items.map((item) => ({ ...item, picked: current.includes(item.label) })),
    { title: 'Select Environments', canPickMany: true },
  );
  if (picks) await app.environments.choose(picks.map(({ label }) => label));
}

const firstFile = `{
  "local": {
    "api": "http://localhost:3000"
  },
  "staging": {
    "api": "https://staging.example.com"
  }
}
`;

async function createEnvironmentFile(): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) return;
  const uri = Uri.joinPath(folder.uri, 'http-client.env.json');
  const exists = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) await workspace.fs.writeFile(uri, new TextEncoder().encode(firstFile));
  await window.showTextDocument(uri);
}

/** Quick fix of an unknown variable: opens the environment file where it belongs. */
async function defineVariable({ app }: CommandContext): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) return;
  const uri = Uri.joinPath(folder.uri, 'http-client.env.json');
  if (!(await app.composed.deps.files.exists(uri.fsPath))) return createEnvironmentFile();
  await window.showTextDocument(uri);
}
