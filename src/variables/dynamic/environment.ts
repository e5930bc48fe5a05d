/**
 * Dynamic variables that read what surrounds the request: the process environment, `.env` files, shared values and
 * the project's folder. Process and `.env` values are secret. Source: dialects.md §10.3.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { loadNearestDotenv } from '../environments/dotenv-files.ts';
import { definitionsIn } from '../environments/environment-definitions.ts';
import { foldersUpward } from '../environments/folders.ts';
import { emptyTracked, plain, secret, type Tracked } from '../tracked.ts';
import { shownName } from '../words.ts';
import { argumentError, type DynamicCall, type DynamicVariable } from './dynamic-variable.ts';

/** The name asked for; `%X` means: the name that variable X holds. */
async function nameOf(call: DynamicCall): Promise<string> {
  const written = call.args[0];
  if (written === undefined || call.args.length > 1) throw argumentError(call, 'one name');
  if (!written.startsWith('%')) return written;
  const holder = written.slice(1);
  const found = await call.expansion.lookup(holder);
  if (!found) throw argumentError(call, `a name, and no variable is called “${shownName(holder)}”`);
  return found.value.text;
}

/** REST Client and httpYac send nothing for a variable that is not set; everywhere else it is an error. */
function fromProcess(call: DynamicCall, name: string): Tracked {
  const { env } = call.context;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return secret(value, `environment variable ${shownName(name)}`);
  if (call.context.file.dialect === 'rest-client' || call.context.file.dialect === 'httpyac') return emptyTracked;
  throw new CountersignError('CS-VAR-PROCESS-ENV', `The environment variable ${shownName(name)} is not set.`, {
    facts: { name },
  });
}

const processEnv: DynamicVariable = {
  name: '$processEnv',
  signature: '$processEnv [%]name',
  parameters: [{ name: 'name', description: 'Of the process environment; %name takes the name from a variable.' }],
  documentation: 'A variable of the environment that this program was started in.',
  value: async (call) => fromProcess(call, await nameOf(call)),
};

const env: DynamicVariable = {
  name: '$env',
  signature: '$env.NAME',
  parameters: [],
  documentation: 'A variable of the environment that this program was started in.',
  dotted: true,
  value: (call) => fromProcess(call, call.rest),
};

const dotenv: DynamicVariable = {
  name: '$dotenv',
  signature: '$dotenv [%]name',
  parameters: [{ name: 'name', description: 'A key of the nearest .env file; %name takes the name from a variable.' }],
  documentation: 'A value of .env.<environment> or .env in the nearest folder that has one.',
  async value(call) {
    const name = await nameOf(call);
    for (const file of await loadNearestDotenv(call.context)) {
      const value = file.values.get(name);
      if (value !== undefined) return secret(value, `.env value ${shownName(name)}`);
    }
    throw new CountersignError('CS-VAR-UNKNOWN', `No .env file here has a value called “${shownName(name)}”.`, {
      next: 'Add it to a .env file beside the request file or above it.',
      facts: { name, close: [] },
    });
  },
};

const shared: DynamicVariable = {
  name: '$shared',
  signature: '$shared name',
  parameters: [{ name: 'name', description: 'A name in the $shared part of the environments.' }],
  documentation: 'The value that all environments share, whatever the chosen one says.',
  async value(call) {
    const name = await nameOf(call);
    const definition = (await definitionsIn(name, ['$shared'], call.context))[0];
    if (definition) return definition.value(call.expansion);
    throw new CountersignError('CS-VAR-UNKNOWN', `No shared variable is called “${shownName(name)}”.`, {
      facts: { name, close: [] },
    });
  },
};

const projectRoot: DynamicVariable = {
  name: '$projectRoot',
  signature: '$projectRoot',
  parameters: [],
  documentation: 'The folder that is open, else the folder of the file.',
  value(call) {
    const root = call.context.root ?? foldersUpward(call.context)[0];
    if (root === undefined) throw argumentError(call, 'a file or an open folder');
    return plain(root);
  },
};

const global: DynamicVariable = {
  name: '$global',
  signature: '$global.name',
  parameters: [],
  documentation: 'A variable that a script or an @global definition set.',
  dotted: true,
  async value(call) {
    const found = await call.expansion.lookup(call.rest);
    if (found) return found.value;
    throw new CountersignError('CS-VAR-UNKNOWN', `No variable is called “${shownName(call.rest)}”.`, {
      facts: { name: call.rest, close: [] },
    });
  },
};

export const environmentVariables: readonly DynamicVariable[] = [processEnv, env, dotenv, shared, projectRoot, global];
