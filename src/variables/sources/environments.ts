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
import type { VariableContext, VariableSource } from '../types.ts';

const inForce = ({ environments, file }: VariableContext): readonly string[] =>
  environmentsInForce(environments, file.dialect);

export const environmentFilesSource: VariableSource = {
  id: 'environment-files',
  label: 'environment file',
  definitions: (name, context) => definitionsInFiles(name, inForce(context), context),
  list: (context) => listInFiles(inForce(context), context),
};

export const settingsSource: VariableSource = {
  id: 'settings',
  label: 'settings',
  definitions: (name, context) =>
    Promise.resolve(definitionsInTables(name, inForce(context), settingTables(context), context)),
  list: (context) => Promise.resolve(listInTables(inForce(context), settingTables(context))),
};

export const configurationSource: VariableSource = {
  id: 'httpyac-configuration',
  label: 'httpYac configuration',
  definitions: async (name, context) =>
    definitionsInTables(name, inForce(context), await loadConfigurationTables(context), context),
  list: async (context) => listInTables(inForce(context), await loadConfigurationTables(context)),
};
