/**
 * Who may answer for a name, strongest first (dialects.md §8). File variables stand above environments (V1).
 * Request variables come last because an exact variable name goes before the path of a message (V4).
 */
import type { VariableSource } from '../types.ts';
import { dotenvSource } from './dotenv.ts';
import { dynamicSource } from './dynamic.ts';
import { configurationSource, environmentFilesSource, settingsSource } from './environments.ts';
import { fileVariablesSource } from './file-variables.ts';
import { importedVariablesSource } from './imported-variables.ts';
import { overridesSource, promptedSource } from './overrides.ts';
import { promptsSource } from './prompts.ts';
import { requestVariablesSource } from './request-variables.ts';
import { scriptVariablesSource } from './script-variables.ts';

export const variableSources = [
  promptedSource,
  overridesSource,
  promptsSource,
  dynamicSource,
  fileVariablesSource,
  importedVariablesSource,
  environmentFilesSource,
  settingsSource,
  dotenvSource,
  configurationSource,
  scriptVariablesSource,
  requestVariablesSource,
] as const satisfies readonly VariableSource[];
