/** Runs one script in a real sandbox, with facts that a test may leave out. */
import { Sandbox } from '../../src/scripting/sandbox.ts';
import type { ScriptJob, ScriptLimits, ScriptReport } from '../../src/scripting/types.ts';
import { defaultLimits } from '../../src/scripting/types.ts';

export interface ScriptFixture {
  run(code: string, facts?: Partial<ScriptJob>): Promise<ScriptReport>;
  dispose(): Promise<void>;
}

const json = JSON.stringify({ id: 7, items: [{ name: 'a' }, { name: 'b' }], nested: { 'odd key': true } });

export const sampleJob: Omit<ScriptJob, 'code'> = {
  when: 'response',
  request: {
    method: 'POST',
    url: { raw: '{{host}}/orders', value: 'https://api.example.com/orders' },
    body: { raw: '{"n": {{n}}}', value: '{"n": 1}' },
    headers: [
      { name: 'Authorization', raw: '', value: 'Bearer •••• orders access token' },
      { name: 'X-Note', raw: '{{note}}', value: 'hello' },
    ],
  },
  response: {
    status: 200,
    statusText: 'OK',
    headers: [
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
    mimeType: 'application/json',
    charset: 'utf-8',
    body: json,
    httpVersion: '1.1',
    timings: { total: 12 },
  },
  environment: [
    { name: 'host', value: 'https://api.example.com', secret: false },
    { name: 'key', value: 'Jefe', secret: true },
  ],
  dialect: 'jetbrains',
  file: [],
  globals: [['known', '"kept"']],
  variables: [],
};

export function createScriptFixture(limits: Partial<ScriptLimits> = {}): ScriptFixture {
  const sandbox = new Sandbox({ ...defaultLimits, ...limits });
  return {
    run: (code, facts = {}) => sandbox.run({ ...sampleJob, code, ...facts }, new AbortController().signal),
    dispose: () => sandbox.dispose(),
  };
}
