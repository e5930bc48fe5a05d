/**
 * Walks the playground's sign-in pages as a browser would, without one: keeps cookies, follows redirects, fills the
 * forms. Works because the pages need no script. Knows only plain http pages.
 */

export interface Step {
  /** What to do on the page with this title (start of it). */
  readonly on: string;
  readonly values?: Readonly<Record<string, string>>;
  /** Text of the button to press. */
  readonly press: string;
}

export interface Walk {
  /** The redirect that leaves the identity provider, or the address of the last page. */
  readonly location: string;
  /** Titles of the pages shown, in order. */
  readonly pages: readonly string[];
  readonly lastPage: string;
}

function unescape(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string | undefined) =>
    code === undefined ? (named[name ?? ''] ?? all) : String.fromCodePoint(Number(code)),
  );
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescape(value);
}

interface Form {
  readonly action: string;
  readonly fields: URLSearchParams;
}

/** The form that the button with this text sends, with what the button itself adds. */
function findForm(page: string, press: string): Form {
  for (const [button, text] of page.matchAll(/<button[^>]*>([^<]*)<\/button>/g)) {
    if (unescape(text ?? '') !== press) continue;
    const id = attribute(button, 'form');
    const at = page.indexOf(button);
    const forms = [...page.matchAll(/<form[^>]*>[\s\S]*?<\/form>/g)];
    const [form] = forms.find((one) =>
      id === undefined ? one.index < at && at < one.index + one[0].length : attribute(one[0], 'id') === id,
    ) ?? [''];
    const fields = new URLSearchParams();
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = attribute(input, 'name');
      if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '');
    }
    const name = attribute(button, 'name');
    if (name !== undefined) fields.set(name, attribute(button, 'value') ?? '');
    const action = attribute(button, 'formaction') ?? attribute(form, 'action');
    if (action !== undefined) return { action, fields };
  }
  throw new Error(`No button “${press}” on this page:\n${page}`);
}

export class FormBrowser {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  async #fetch(url: URL, form?: URLSearchParams): Promise<Response> {
    const cookies = [...this.#cookies]
      .filter(([, cookie]) => url.pathname.startsWith(cookie.path))
      .map(([name, cookie]) => `${name}=${cookie.value}`);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: cookies.join('; '), Accept: 'text/html' },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const at = pair.indexOf('=');
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      const value = pair.slice(at + 1);
      if (value === '') this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), { value, path });
    }
    return response;
  }

  /** Goes through the pages by `steps`, the first that fits each page; ends when a redirect leaves the server. */
  async walk(start: string, steps: readonly Step[]): Promise<Walk> {
    const origin = new URL(start).origin;
    const pages: string[] = [];
    let url = new URL(start);
    let response = await this.#fetch(url);
    for (let turn = 0; turn < 20; turn++) {
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url);
        if (url.origin !== origin) return { location: url.href, pages, lastPage: '' };
        response = await this.#fetch(url);
        continue;
      }
      const page = await response.text();
      const title = unescape(/<h1>(?:<svg[\s\S]*?<\/svg>)?([^<]*)<\/h1>/.exec(page)?.[1] ?? '');
      pages.push(title);
      const step = steps.find((one) => title.startsWith(one.on));
      if (step === undefined) return { location: url.href, pages, lastPage: page };
      const form = findForm(page, step.press);
      for (const [name, value] of Object.entries(step.values ?? {})) form.fields.set(name, value);
      url = new URL(form.action, url);
      response = await this.#fetch(url, form.fields);
    }
    throw new Error(`The pages go round: ${pages.join(' → ')}`);
  }
}

/** Signs in with name and password and allows what is asked. */
export function allowSteps(person: { readonly username: string; readonly password: string }): readonly Step[] {
  return [
    { on: 'Sign in', values: { username: person.username, password: person.password }, press: 'Sign in' },
    { on: 'Let ', press: 'Allow' },
  ];
}

/** Resolves with the redirect URL that an authorization request ends in. */
export async function signInByForms(
  authorizationUrl: string,
  person: { readonly username: string; readonly password: string },
): Promise<string> {
  return (await new FormBrowser().walk(authorizationUrl, allowSteps(person))).location;
}

/** The one form of a page that sends itself (`response_mode=form_post`). */
export function toPostedForm(page: string): { readonly action: string; readonly fields: URLSearchParams } {
  const [form = ''] = /<form[^>]*>[\s\S]*?<\/form>/.exec(page) ?? [];
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '');
  }
  return { action: attribute(form, 'action') ?? '', fields };
}
