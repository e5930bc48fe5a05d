/**
 * Every error code, by area, one file an area. `docs/errors.md` is compared with it by a test.
 * Adding a code is one entry in its area's file.
 */
import { authErrors } from './catalog/auth.ts';
import { bindErrors } from './catalog/bind.ts';
import { bodyErrors } from './catalog/body.ts';
import { cliErrors } from './catalog/cli.ts';
import { defErrors } from './catalog/def.ts';
import { fileErrors } from './catalog/file.ts';
import { httpErrors } from './catalog/http.ts';
import { netErrors } from './catalog/net.ts';
import { parseErrors } from './catalog/parse.ts';
import { scriptErrors } from './catalog/script.ts';
import { storeErrors } from './catalog/store.ts';
import { tlsErrors } from './catalog/tls.ts';
import { varErrors } from './catalog/var.ts';

export const errorCatalog = {
  ...parseErrors,
  ...varErrors,
  ...defErrors,
  ...bindErrors,
  ...authErrors,
  ...tlsErrors,
  ...netErrors,
  ...httpErrors,
  ...bodyErrors,
  ...scriptErrors,
  ...storeErrors,
  ...fileErrors,
  ...cliErrors,
} as const;

export type ErrorCode = keyof typeof errorCatalog;
