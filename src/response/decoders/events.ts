/**
 * Server-sent events (WHATWG HTML §9.2.6) as a list: name, id, data (as JSON where it is JSON), retry. Comments are no
 * events. An event that the stream broke off in is kept, with a mark: a person wants to see it.
 */
import { decoded, type Decoder } from './decoder.ts';
import { embeddedText } from './embedded.ts';

export const events: Decoder = {
  kind: 'events',
  name: 'an event stream',
  binary: false,
  decode: (bytes, from) => decoded(bytes, () => toEvents(new TextDecoder().decode(bytes.subarray(from)))),
};

function toEvents(text: string): string {
  const found: string[] = [];
  let lastId: string | undefined;
  let name = '';
  let retry: string | undefined;
  let data: string[] = [];
  const finish = (unfinished: boolean): void => {
    if (data.length > 0 || (unfinished && name !== '')) {
      found.push(
        `{"event":${JSON.stringify(name === '' ? 'message' : name)}` +
          (lastId === undefined ? '' : `,"id":${JSON.stringify(lastId)}`) +
          `,"data":${embeddedText(data.join('\n'))}` +
          (retry === undefined ? '' : `,"retry":${retry}`) +
          (unfinished ? ',"unfinished":true}' : '}'),
      );
    }
    name = '';
    retry = undefined;
    data = [];
  };
  for (const line of linesOf(text)) {
    if (line === '') {
      finish(false);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) lastId = value;
    else if (field === 'retry' && /^\d{1,15}$/.test(value)) retry = String(Number(value));
  }
  finish(true);
  return `[${found.join(',')}]`;
}

function* linesOf(text: string): Generator<string> {
  const end = /\r\n|\n|\r/g;
  let from = 0;
  for (let match = end.exec(text); match; match = end.exec(text)) {
    yield text.slice(from, match.index);
    from = end.lastIndex;
  }
  if (from < text.length) yield text.slice(from);
}
