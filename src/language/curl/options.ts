/**
 * The options of curl that say something about a request, and those that take a value and say nothing, so that
 * the value is not read as a URL. Source: curl's manual page; dialects.md §14.
 */

/** What an option does to the request in the making. */
export type CurlEffect =
  | 'method'
  | 'url'
  | 'location'
  | 'header'
  | 'head'
  | 'cookie'
  | 'user'
  | 'data'
  | 'data-raw'
  | 'data-binary'
  | 'data-urlencode'
  | 'json'
  | 'get'
  | 'form'
  | 'form-string'
  | 'agent'
  | 'referer'
  | 'bearer'
  | 'digest'
  | 'upload'
  | 'range'
  | 'http-version'
  /** Known, takes nothing, changes nothing of the request. */
  | 'quiet'
  /** Known, takes a value, changes nothing that we do. */
  | 'unused';

export interface CurlOption {
  readonly names: readonly string[];
  readonly effect: CurlEffect;
  readonly takesValue: boolean;
  /** The value of an option that stands for one: `--http2`. */
  readonly value?: string;
}

const option = (names: string, effect: CurlEffect, takesValue: boolean, value?: string): CurlOption => ({
  names: names.split(' '),
  effect,
  takesValue,
  ...(value === undefined ? {} : { value }),
});

const quiet =
  '-s --silent -S --show-error -v --verbose -i --include -f --fail --fail-with-body --compressed -N --no-buffer -# --progress-bar ' +
  '-g --globoff -j --junk-session-cookies --tcp-nodelay --no-keepalive -4 --ipv4 -6 --ipv6 -q --disable -O --remote-name ' +
  '-J --remote-header-name --location-trusted --path-as-is --raw --no-progress-meter -a --append --basic --styled-output';

const unused =
  '-o --output -w --write-out -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -x --proxy -U --proxy-user ' +
  '--noproxy -E --cert --cert-type --key --key-type --pass --cacert --capath -c --cookie-jar -D --dump-header -K --config ' +
  '--resolve --connect-to --interface --limit-rate -y --speed-time -Y --speed-limit -z --time-cond --trace --trace-ascii --stderr ' +
  '--max-redirs --ciphers --tls-max --dns-servers --unix-socket --abstract-unix-socket --proto --proto-default --aws-sigv4 ' +
  '--pinnedpubkey --socks5 --socks5-hostname --socks4 --local-port --keepalive-time --create-file-mode --output-dir --variable --rate';

export const curlOptions: readonly CurlOption[] = [
  option('-X --request', 'method', true),
  option('--url', 'url', true),
  option('-L --location', 'location', false),
  option('-H --header', 'header', true),
  option('-I --head', 'head', false),
  option('-b --cookie', 'cookie', true),
  option('-u --user', 'user', true),
  option('-d --data --data-ascii', 'data', true),
  option('--data-raw', 'data-raw', true),
  option('--data-binary', 'data-binary', true),
  option('--data-urlencode', 'data-urlencode', true),
  option('--json', 'json', true),
  option('-G --get', 'get', false),
  option('-F --form', 'form', true),
  option('--form-string', 'form-string', true),
  option('-A --user-agent', 'agent', true),
  option('-e --referer', 'referer', true),
  option('--oauth2-bearer', 'bearer', true),
  option('--digest', 'digest', false),
  option('-T --upload-file', 'upload', true),
  option('-r --range', 'range', true),
  option('-0 --http1.0', 'http-version', false, 'HTTP/1.0'),
  option('--http1.1', 'http-version', false, 'HTTP/1.1'),
  option('--http2', 'http-version', false, 'HTTP/2'),
  option('--http2-prior-knowledge', 'http-version', false, 'HTTP/2 (Prior Knowledge)'),
  option('--http3', 'http-version', false, 'HTTP/3'),
  ...quiet.split(' ').map((name) => option(name, 'quiet', false)),
  ...unused.split(' ').map((name) => option(name, 'unused', true)),
];

const byName: ReadonlyMap<string, CurlOption> = new Map(
  curlOptions.flatMap((entry) => entry.names.map((name) => [name, entry])),
);

/** The option of a name with its dashes, undefined when curl's manual does not have it or we do not know it. */
export function curlOption(name: string): CurlOption | undefined {
  return byName.get(name);
}
