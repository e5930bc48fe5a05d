/** A header copied out of a request: `Authorization: Bearer …`, `X-API-Key: …`. Source: RFC 9110 §5. */
import { readHeaderCredential } from '../header-credential.ts';
import type { Recogniser } from '../pasted.ts';

export const secretHeader: Recogniser = {
  id: 'header',
  read(text, { now }) {
    const line = /^([!#$%&'*+.^_`|~\dA-Za-z-]{2,64}):[ \t]*([^\r\n]+)$/.exec(text);
    if (!line || line[2]?.startsWith('//')) return undefined;
    const [, name = '', value = ''] = line;
    const found = readHeaderCredential(name, value, now);
    if (found?.scheme === undefined) return undefined;
    const { scheme, fields, secrets, title, words } = found;
    return {
      found: [
        {
          kind: 'header',
          icon: scheme === 'basic' ? 'account' : 'key',
          title,
          about: 'of a header',
          reasons: words,
          draft: { scheme, origins: [], fields, secrets },
        },
      ],
    };
  },
};
