/** What scripts can use, in the order it is put into the sandbox. */
import { client } from './client.ts';
import { console } from './console.ts';
import { crypto } from './crypto.ts';
import { httpyac } from './httpyac.ts';
import { jsonPath } from './json-path.ts';
import { random } from './random.ts';
import { request } from './request.ts';
import { response } from './response.ts';
import type { Surface } from './surface.ts';
import { window } from './window.ts';

export const surfaces = [
  client,
  response,
  request,
  httpyac,
  crypto,
  jsonPath,
  random,
  window,
  console,
] as const satisfies readonly Surface[];
