/**
 * One host's entry of a netrc file. The host has to be named exactly: a `default` entry, which is for every server there
 * is, is not used. Macros are passed over. Pure. Source: netrc(5) of ftp, and curl's and Python's quoting.
 */
export interface NetrcEntry {
  readonly login: string;
  readonly password: string;
}

/** The first entry of a host, and of a login where one is asked for. @param host in lower case, without a port */
export function findNetrcEntry(text: string, host: string, login?: string): NetrcEntry | undefined {
  const words = toWords(text);
  for (let at = 0; at < words.length; at++) {
    if (words[at] !== 'machine') continue;
    const name = words[at + 1]?.toLowerCase();
    const entry = { login: '', password: '' };
    for (at += 2; at < words.length; at += 2) {
      const key = words[at];
      const value = words[at + 1] ?? '';
      if (key === 'login' || key === 'user') entry.login = value;
      else if (key === 'password') entry.password = value;
      else if (key !== 'account') break;
    }
    at--;
    if (name === host && entry.password !== '' && (login === undefined || entry.login === login)) return entry;
  }
  return undefined;
}

/** Words in quotes may hold spaces; `#` begins a comment at the start of a word; a macro ends at an empty line. */
function toWords(text: string): readonly string[] {
  const plain = text.replace(/^[ \t]*macdef\b[^]*?(?:\r?\n[ \t]*\r?\n|$(?![^]))/gm, '\n');
  return [...plain.matchAll(/#[^\n]*|"((?:[^"\\]|\\[^])*)"|((?:\\[^]|\S)+)/g)].flatMap(([all, quoted, word]) => {
    if (quoted !== undefined) return [quoted.replace(/\\([^])/g, (_, one: string) => escapes[one] ?? one)];
    // A password may hold “#” itself; only a word that begins with it is a comment.
    return word === undefined || all.startsWith('#') ? [] : [word.replace(/\\([^])/g, '$1')];
  });
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
