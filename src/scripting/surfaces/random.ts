/** `$random`, `$uuid`, `$timestamp`, `$isoTimestamp`, `$randomInt` in scripts. Source: dialects.md §10.3, §13 (JetBrains). */
import type { Surface } from './surface.ts';

export const random: Surface = {
  id: 'random',
  when: 'always',
  source: String.raw`
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const unit = () => parseInt(kit.call('random', 6), 16) / 2 ** 48;
    const float = (from = 0, to = 1000) => Number(from) + unit() * (Number(to) - Number(from));
    const integer = (from = 0, to = 1000) => Math.floor(float(from, to));
    const pick = (alphabet) => (length = 10) => {
      let text = '';
      for (let count = Math.min(10000, Number(length) || 0); count > 0; count--) text += alphabet[integer(0, alphabet.length)];
      return text;
    };
    const alphabetic = pick(letters);
    const alphanumeric = pick(letters + '0123456789_');
    const hexadecimal = pick('0123456789abcdef');
    const uuid = () => {
      const hex = kit.call('random', 16);
      const variant = '89ab'[parseInt(hex[16], 16) % 4];
      return [hex.slice(0, 8), hex.slice(8, 12), '4' + hex.slice(13, 16), variant + hex.slice(17, 20), hex.slice(20)].join('-');
    };
    const values = {
      $random: {
        integer, float, alphabetic, alphanumeric, hexadecimal,
        get uuid() { return uuid(); },
        get email() { return alphabetic(8).toLowerCase() + '@example.com'; },
        bool: () => unit() < 0.5,
      },
    };
    const late = (name, read) => Object.defineProperty(globalThis, name, { get: read, configurable: true });
    late('$uuid', uuid);
    late('$timestamp', () => Math.floor(Date.now() / 1000));
    late('$isoTimestamp', () => new Date().toISOString());
    late('$randomInt', () => integer(0, 1000));
    return values;
  `,
};
