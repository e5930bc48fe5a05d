/**
 * A browser for BROWSER=…: walks the playground's pages with name and password from the environment, then follows the
 * redirect to the waiting receiver. Run by Node itself, so it is written in what Node strips.
 */
import { followRedirect } from './loopback-browser.ts';
import { signInByForms } from './sign-in-by-forms.ts';

const [, , url = ''] = process.argv;
const location = await signInByForms(url, {
  username: process.env['PLAYGROUND_USER'] ?? '',
  password: process.env['PLAYGROUND_PASSWORD'] ?? '',
});
await followRedirect(location);
