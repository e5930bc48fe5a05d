/** `...name` among the headers: sent without them, and told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
const arrived: string[][] = [];

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    arrived.push(request.rawHeaders);
    response.end('ok');
  });
});
afterAll(() => server.close());

it('is told with each line’s own words, and what stands beside it is sent', async () => {
  const fixture = createEngineFixture();
  const result = await fixture.send(
    `POST ${server.url}/a\n...common\nX-Own: 1\n  ...auth.headers\n\n...not a header\n\n...neither\n`,
  );
  expect(result.notes.map(({ message }) => message)).toEqual([
    'The headers of “...common” were not sent: write them out, each on a line.',
    'The headers of “...auth.headers” were not sent: write them out, each on a line.',
  ]);
  expect(result.notes[0]?.code).toBe('CS-PARSE-UNSUPPORTED');
  expect(arrived[0]).toContain('X-Own');
  await fixture.dispose();
});

it('is no word about a request that has none', async () => {
  const fixture = createEngineFixture();
  const result = await fixture.send(`GET ${server.url}/a?x=...b\nX-Own: ...c\n\n###\n...d\n`);
  expect(result.notes).toEqual([]);
  await fixture.dispose();
});
