/**
 * The values of the chosen environments with `$shared` beneath: environment files, the settings of other tools,
 * httpYac's JSON configuration. Source: dialects.md §9.
 */
import {
  definitionsInFiles,
  definitionsInTables,
  listInFiles,
  listInTables,
} from '../environments/environment-definitions.ts';
import { environmentsInForce, loadConfigurationTables, settingTables } from '../environments/setting-environments.ts';
import type { VariableSource } from '../types.ts';

export const environmentFilesSource: VariableSource = {
  id: 'environment-files',
  label: 'environment file',
  definitions: (name, context) => definitionsInFiles(name, environmentsInForce(context.environments), context),
  list: (context) => listInFiles(environmentsInForce(context.environments), context),
};

export const settingsSource: VariableSource = {
  id: 'settings',
  label: 'settings',
  definitions: (name, context) =>
    Promise.resolve(
      definitionsInTables(name, environmentsInForce(context.environments), settingTables(context), context),
    ),
  list: (context) => Promise.resolve(listInTables(environmentsInForce(context.environments), settingTables(context))),
};

export const configurationSource: VariableSource = {
  id: 'httpyac-configuration',
  label: 'httpYac configuration',
  definitions: async (name, context) =>
    definitionsInTables(
      name,
      environmentsInForce(context.environments),
      await loadConfigurationTables(context),
      context,
    ),
  list: async (context) =>
    listInTables(environmentsInForce(context.environments), await loadConfigurationTables(context)),
};
