/**
 * What httpYac's scripts find: `response` and `request` as plain data, `test` with its helpers, `exports`, `$global`,
 * `sleep`, and `require` for the modules that are offered. Variables stand in the global scope.
 * Source: dialects.md §13 (httpYac).
 */
import { assertModule } from './assert-module.ts';
import type { Surface } from './surface.ts';

export const httpyac: Surface = {
  id: 'httpyac',
  when: 'always',
  dialect: 'httpyac',
  source: String.raw`
    const { facts, call, record, placeOf, toText, describe, state, secrets } = kit;
    const { stringify, parse } = JSON;
    const modules = { assert: (${assertModule})(describe, toText) };
    modules['assert/strict'] = modules.assert;
    const require = (name) => {
      const module = modules[String(name).replace(/^node:/, '')];
      if (!module) throw new Error('The module ' + toText(name) + ' is not offered to scripts here; there is ' + Object.keys(modules).join(', ') + '.');
      return module;
    };

    const fixed = (object, what) => new Proxy(object, {
      set() { throw new Error('A script cannot change ' + what + ' here.'); },
      deleteProperty() { throw new Error('A script cannot change ' + what + ' here.'); },
      defineProperty() { throw new Error('A script cannot change ' + what + ' here.'); },
    });
    const toHeaders = (pairs) => {
      const found = Object.create(null);
      for (const [name, value] of pairs) {
        const key = name.toLowerCase();
        found[key] = key in found ? [].concat(found[key], value) : value;
      }
      return found;
    };
    const sent = facts.request;
    const request = fixed({
      method: sent.method,
      url: sent.url.value,
      body: sent.body === null ? undefined : sent.body.value,
      headers: fixed(toHeaders(sent.headers.map(({ name, value }) => [name, value])), 'the headers of the request'),
    }, 'the request');

    let response;
    if (facts.response) {
      const { status, statusText, httpVersion, headers, mimeType, charset, tooLarge, timings } = facts.response;
      const byName = toHeaders(headers);
      let text;
      let data;
      let parsed = false;
      const bodyText = () => {
        if (tooLarge) throw new Error('The body is too large to be given to scripts.');
        return (text ??= call('body'));
      };
      const isJson = /^(application|text)\/json$|\+json$/.test(mimeType);
      response = {
        statusCode: status, statusMessage: statusText, httpVersion, protocol: 'HTTP/' + httpVersion,
        headers: byName, timings, request,
        contentType: mimeType === '' ? undefined : { mimeType, charset, contentType: byName['content-type'] },
        get body() { return bodyText(); },
        get parsedBody() {
          if (!parsed) {
            parsed = true;
            const raw = bodyText();
            try { data = isJson ? parse(raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw) : raw; } catch (_) { data = raw; }
          }
          return data;
        },
      };
    }

    const passed = (name, at) => record({ kind: 'test', name, passed: true, place: at });
    const failed = (name, error, at) => record({ kind: 'test', name, passed: false, message: describe(error), place: placeOf(error) || at });
    const test = (name, body) => {
      const title = toText(name);
      const at = placeOf(new Error());
      if (typeof body !== 'function') return failed(title, 'The test has no function.', at);
      let result;
      try { result = body(); } catch (error) { return failed(title, error, at); }
      if (!result || typeof result.then !== 'function') return passed(title, at);
      state.pending += 1;
      return result.then(
        () => { state.pending -= 1; passed(title, at); },
        (error) => { state.pending -= 1; failed(title, error, at); },
      );
    };
    const must = (holds, message) => { if (!holds) throw new Error(message); };
    const answered = () => { must(response, 'There is no response yet.'); return response; };
    const one = (value) => (Array.isArray(value) ? value.join(', ') : value);
    const header = (name) => one(answered().headers[String(name).toLowerCase()]);
    Object.assign(test, {
      status: (status) => test('response status equals ' + status, () => must(answered().statusCode == status, 'The status is ' + answered().statusCode + '.')),
      totalTime: (max) => test('totalTime exceeded ' + max + 'ms', () => must(answered().timings.total <= max, 'It took ' + Math.round(answered().timings.total) + ' ms.')),
      header: (name, value) => test('response header ' + name + ' equals ' + value, () => must(header(name) == value, 'The header is ' + header(name) + '.')),
      headerContains: (name, value) => test('response header ' + name + ' contains ' + value, () => must(String(header(name) ?? '').includes(value), 'The header is ' + header(name) + '.')),
      responseBody: (body) => test('response body equals ' + toText(body), () => must(answered().body === body || toText(answered().parsedBody) === toText(body), 'The body is another.')),
      hasResponseBody: () => test('response body exists', () => must(answered().body, 'The body is empty.')),
      hasNoResponseBody: () => test('response body does not exist', () => must(!answered().body, 'There is a body.')),
    });

    const keep = (scope, target) => {
      for (const name of Object.keys(target)) {
        const json = stringify(target[name] === undefined ? null : target[name]);
        if (json !== before.get(scope + name)) record({ kind: 'set', scope, name, json: json === undefined ? 'null' : json });
      }
    };
    const before = new Map();
    const exports = {};
    const $global = {};
    for (const [name, json] of facts.globals) { $global[name] = parse(json); before.set('global' + name, json); }
    /* Only what the script made: its own exports, and what it changed among the globals. */
    state.finish = () => { keep('file', exports); keep('global', $global); };
    const names = {};
    for (const { name, value, secret } of facts.environment) {
      if (!secret) { names[name] = value; continue; }
      const handle = Object.freeze({ toString: () => value, toJSON: () => value });
      secrets.set(handle, name);
      names[name] = handle;
    }
    for (const [name, json] of [...facts.file, ...facts.variables]) names[name] = parse(json);
    const sleep = (ms) => { call('sleep', Number(ms) || 0); return Promise.resolve(); };
    return { ...names, request, ...(response ? { response } : {}), test, exports, $global, require, sleep };
  `,
};
