/** What the pages say: sign in, allow, device code, signed out, and what went wrong. Only words and forms. */
import { html, trusted } from './page.ts';
import type { Markup, Page } from './page.ts';
import type { People, Person } from './people.ts';

function practice(person: Person, action: string, button: string): Markup {
  return html`<dl>
      <dt>User name</dt>
      <dd><code>${person.username}</code></dd>
      <dt>Password</dt>
      <dd><code>${person.password}</code></dd>
    </dl>
    <form method="post" action="${action}">
      <input type="hidden" name="username" value="${person.username}" />
      <input type="hidden" name="password" value="${person.password}" />
      <button>${button}</button>
    </form>`;
}

export interface SignIn {
  readonly action: string;
  readonly cancel: string;
  readonly client: string;
  readonly people: People;
  readonly username: string;
  /** The password was asked for again by the client or the API. */
  readonly again: boolean;
  readonly refused: boolean;
}

export function signInPage(page: SignIn): Page {
  const { user, admin } = page.people;
  return {
    title: page.again ? 'Sign in again' : 'Sign in',
    body: html`<p class="soft">
        To go on to ${page.client}.${page.again ? ' It asks that you show now that it is you.' : ''}
      </p>
      ${page.refused ? html`<p class="alert" role="alert">That user name and password do not belong together.</p>` : undefined}
      <section class="panel" aria-label="Practice person">
        <h2>${user.name}, the practice person</h2>
        <p class="soft">Type these, or let the button do it.</p>
        ${practice(user, page.action, 'Use these')}
        <details>
          <summary>${admin.name}, who may do more</summary>
          ${practice(admin, page.action, `Use ${admin.givenName}’s`)}
        </details>
      </section>
      <form method="post" action="${page.action}">
        <label for="username">User name</label>
        <input
          id="username"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          value="${page.username}"
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <div class="row">
          <button class="main">Sign in</button> <button formaction="${page.cancel}" formnovalidate>Cancel</button>
        </div>
      </form>`,
  };
}

const scopeWords: Readonly<Record<string, string>> = {
  openid: 'know who you are',
  profile: 'see your name',
  email: 'see your e-mail address',
  offline_access: 'stay signed in when you are not there',
  'orders.read': 'read orders',
  'orders.write': 'create and change orders',
  admin: 'administer the practice API',
};

export interface Allow {
  readonly action: string;
  readonly cancel: string;
  readonly client: string;
  readonly person: Person;
  readonly scopes: readonly string[];
  readonly withheld: readonly string[];
  /** Where the browser goes next: an origin or a scheme. */
  readonly returnsTo: string;
}

export function allowPage(page: Allow): Page {
  const item = (scope: string): Markup => {
    const words = scopeWords[scope];
    return html`<li>${words === undefined ? '' : `${words} `}<code class="soft">${scope}</code></li>`;
  };
  return {
    title: `Let ${page.client} do this?`,
    body: html`<p class="soft">You are signed in as ${page.person.name} (${page.person.username}).</p>
      <ul>
        ${page.scopes.map(item)}
      </ul>
      ${page.withheld.length === 0 ? undefined : html`<p class="soft">Not given to ${page.person.name}: <code>${page.withheld.join(' ')}</code></p>`}
      <p class="soft">After this the browser goes to <code>${page.returnsTo}</code>.</p>
      <form method="post" action="${page.action}">
        <div class="row">
          <button class="main">Allow</button>
          <button formaction="${page.cancel}">Cancel</button>
        </div>
      </form>`,
  };
}

export function deviceCodePage(form: { action: string; xsrf: string; code: string; note: string | undefined }): Page {
  return {
    title: 'Connect a device',
    body: html`${form.note === undefined ? undefined : html`<p class="alert" role="alert">${form.note}</p>`}
      <p class="soft">Type the code that the device or the program shows.</p>
      <form method="post" action="${form.action}">
        <input type="hidden" name="xsrf" value="${form.xsrf}" />
        <label for="user_code">Code</label>
        <input
          id="user_code"
          class="code"
          name="user_code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          value="${form.code}"
        />
        <div class="row"><button class="main">Go on</button></div>
      </form>`,
  };
}

/** `form` is the library's own: hidden fields and the id op.deviceConfirmForm. */
export function deviceConfirmPage(form: string, client: string, code: string): Page {
  return {
    title: 'Is this the code?',
    body: html`<p><code class="code">${code}</code></p>
      <p>${client} asks for it. Only go on if you started this sign-in yourself and see the same code there.</p>
      ${trusted(form)}
      <div class="row">
        <button class="main" form="op.deviceConfirmForm">Go on</button>
        <button form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>
      </div>`,
  };
}

export const deviceDonePage: Page = {
  title: 'The device is connected',
  mark: 'good',
  body: html`<p>The program that showed the code goes on by itself.</p>
    <p class="soft">You can close this tab.</p>`,
};

export interface WaitingApproval {
  readonly action: string;
  readonly client: string;
  readonly person: string;
  readonly username: string;
  readonly message: string;
  readonly scope: string;
}

/** What a person would see on their phone. */
export function approvalsPage(waiting: readonly WaitingApproval[], note: string | undefined): Page {
  return {
    title: 'Approvals',
    body: html`<p class="soft">This page stands for the device of the person who is asked.</p>
      ${note === undefined ? undefined : html`<p class="alert" role="status">${note}</p>`}
      ${waiting.length === 0 ? html`<p>Nothing waits.</p>` : undefined}
      ${waiting.map(
        (one) =>
          html`<form class="panel" method="post" action="${one.action}">
            <h2>${one.client} asks ${one.person}</h2>
            <p>Allow it only if the program shows <code class="code">${one.message}</code></p>
            <p class="soft">${one.scope}</p>
            <label for="${one.action}">Password of ${one.username}</label>
            <input id="${one.action}" name="password" type="password" autocomplete="current-password" required />
            <div class="row">
              <button class="main" name="decision" value="allow">Allow</button>
              <button name="decision" value="refuse">Refuse</button>
            </div>
          </form>`,
      )}`,
  };
}

/** `form` is the library's own: a hidden field and the id op.logoutForm. */
export function signOutPage(form: string, person: string): Page {
  return {
    title: 'Sign out?',
    body: html`<p>You are signed in here as ${person}.</p>
      ${trusted(form)}
      <div class="row">
        <button class="main" form="op.logoutForm" name="logout" value="yes">Sign out</button>
        <button form="op.logoutForm">Stay signed in</button>
      </div>`,
  };
}

export const signedOutPage: Page = {
  title: 'Signed out',
  mark: 'good',
  body: html`<p class="soft">You can close this tab.</p>`,
};

/** `error` and `description` are the registered code and the server's own words (RFC 6749 §4.1.2.1). */
export function failurePage(error: string, description: string | undefined): Page {
  return {
    title: 'This cannot go on',
    mark: 'bad',
    body: html`<p>
        The identity provider answered <code>${error}</code>${description === undefined ? '' : `: ${description}`}.
      </p>
      <p class="soft">Go back to the program that opened this page; it can start again.</p>`,
  };
}

/** The page at the root of the browser's address: what to type into the credentials of the tour. */
export function homePage(values: readonly (readonly [name: string, value: string])[]): Page {
  return {
    title: 'Practice values',
    body: html`<p>
        A practice identity provider and a practice API run on this machine. These values open them and nothing else.
        Sign-ins that a person approves on a device of theirs wait under <a href="/approvals">Approvals</a>.
      </p>
      ${values.map(([name, value]) => html`<p><span class="soft">${name}</span><br /><code>${value}</code></p>`)}`,
  };
}
