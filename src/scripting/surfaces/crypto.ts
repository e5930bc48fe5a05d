/** `crypto`: digests and HMAC over text, hex and Base64. Source: dialects.md §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const crypto: Surface = {
  id: 'crypto',
  when: 'always',
  source: String.raw`
    const { call, secrets } = kit;
    const plain = (value) => String(value).replace(/-/g, '+').replace(/_/g, '/');
    const isObject = (value) => typeof value === 'object' && value !== null;
    const digester = (algorithm, keyed) => {
      const pieces = [];
      let key;
      const self = {
        updateWithText(text) { pieces.push({ as: 'text', text: String(text) }); return self; },
        updateWithHex(hex) { pieces.push({ as: 'hex', text: String(hex) }); return self; },
        updateWithBase64(base64) { pieces.push({ as: 'base64', text: plain(base64) }); return self; },
        digest() {
          if (keyed && key === undefined) throw new Error('The HMAC has no secret.');
          const { hex, base64 } = call('digest', { algorithm, pieces, key });
          return {
            toHex: () => hex,
            toBase64: (urlSafe) => urlSafe ? base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : base64,
          };
        },
      };
      if (!keyed) return self;
      const set = (as) => (value) => {
        if (value === undefined || value === null) throw new Error('The secret has no value.');
        key = isObject(value) && secrets.has(value)
          ? { as: 'environment', text: secrets.get(value) }
          : { as, text: as === 'base64' ? plain(value) : String(value) };
        return self;
      };
      return Object.assign(self, {
        withTextSecret: set('text'), withHexSecret: set('hex'), withBase64Secret: set('base64'),
      });
    };
    const family = (keyed) => {
      const names = {};
      for (const algorithm of ['md5', 'sha1', 'sha256', 'sha384', 'sha512']) {
        names[algorithm] = () => digester(algorithm, keyed);
      }
      return names;
    };
    return { crypto: { ...family(false), hmac: family(true) } };
  `,
};
