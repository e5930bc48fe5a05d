import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRestored, toFromPanel, toToPanel } from '../../../src/webview/protocol.ts';

describe('messages from the panel', () => {
  function check(message: unknown, accepted: boolean): void {
    expect(toFromPanel(message) !== undefined, JSON.stringify(message)).toBe(accepted);
  }
  it('are taken when their shape is known', () => {
    check({ type: 'ready' }, true);
    check({ type: 'ask', id: 1, runId: 'r', ask: { kind: 'tree-rows', list: 'body', from: 0, to: 40 } }, true);
    check({ type: 'copy', what: 'value', node: 4 }, true);
    check({ type: 'copy-table', part: { node: -1, columns: [0, 2], sort: { column: 0, descending: true } } }, true);
    check({ type: 'open-external', url: 'https://example.com/a?b#c' }, true);
    check({ type: 'open-settings', key: 'countersign.response' }, true);
  });
  it('are dropped otherwise', () => {
    check(undefined, false);
    check('ready', false);
    check({ type: 'toString' }, false);
    check({ type: '__proto__' }, false);
    check({ type: 'run-command', command: 'x' }, false);
    check({ type: 'ask', id: 1, runId: 'r', ask: { kind: 'tree-rows', list: 'body', from: -1, to: 40 } }, false);
    check({ type: 'ask', id: 1, runId: 'r', ask: { kind: 'file', path: '/etc/passwd' } }, false);
    check({ type: 'ask', id: 1.5, runId: 'r', ask: { kind: 'image' } }, false);
    check({ type: 'open-external', url: 'command:workbench.action.terminal.new' }, false);
    check({ type: 'open-external', url: 'file:///etc/passwd' }, false);
    check({ type: 'open-external', url: 'javascript:alert(1)' }, false);
    check({ type: 'open-settings', key: 'terminal.integrated' }, false);
    check({ type: 'copy', what: 'secret' }, false);
    check({ type: 'copy-table', part: { node: 0, columns: Array.from({ length: 101 }, (_, i) => i) } }, false);
    check({ type: 'copy-table', part: { node: 0, columns: [0] }, cell: { row: 0 } }, false);
    check({ type: 'trust-certificate', choice: 'forever' }, false);
  });
  it('never make the check throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        toFromPanel(value);
        toToPanel(value);
        isRestored(value);
      }),
    );
  });
});

describe('messages to the panel', () => {
  it('are checked too', () => {
    expect(toToPanel({ type: 'idle' })).toBeDefined();
    expect(toToPanel({ type: 'finish', model: { runId: 'r', title: 't', method: 'GET', body: {} } })).toBeDefined();
    expect(toToPanel({ type: 'finish', model: { runId: 'r' } })).toBeUndefined();
    expect(toToPanel({ type: 'progress', runId: 'r', bytes: -1, encodedBytes: 0 })).toBeUndefined();
    expect(toToPanel({ type: 'eval', code: '1' })).toBeUndefined();
  });
  it('and kept state', () => {
    const facts = {
      runId: 'r',
      title: 't',
      name: null,
      method: 'GET',
      target: '/',
      host: 'h',
      status: '200 OK',
      family: 'ok',
      at: 1,
      line: 1,
    };
    expect(isRestored(facts)).toBe(true);
    expect(isRestored({ ...facts, at: 'now' })).toBe(false);
    expect(isRestored({})).toBe(false);
  });
});
