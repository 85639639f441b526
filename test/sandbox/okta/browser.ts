import type { Person } from '../people.ts';

/**
 * The result of a walk: outside the sandbox at a redirect that was not followed, or on a page without a way
 * forward.
 */
export interface Arrival {
  /** The next address, which is the client's; `undefined` if the browser stays on a page. */
  readonly location: string | undefined;
  /** Status of the last response. */
  readonly status: number;
  /** The last page. */
  readonly body: string;
  /** How often the sign-in form was submitted. */
  readonly signIns: number;
}

/** A windowless browser with its own cookies. */
export interface Browser {
  /**
   * Opens an address and acts as this user: follows redirects inside the sandbox, signs in if asked, and presses
   * the first button of every other form.
   * @param press the name of a different button to press if a form has it: `abort`
   */
  open(url: string, username: string, press?: string): Promise<Arrival>;
}

/** Upper bound for the number of steps, larger than any path through the sandbox. */
const MOST_STEPS = 20;

export function createBrowser(people: readonly Person[]): Browser {
  const cookies = createCookies();

  const request = async (url: URL, form?: URLSearchParams): Promise<Response> => {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: cookies.headerFor(url.pathname), accept: 'text/html' },
      redirect: 'manual',
      ...(form === undefined ? {} : { body: form }),
    });
    cookies.keep(response.headers.getSetCookie());
    return response;
  };

  return {
    async open(url, username, press) {
      const person = people.find((each) => each.username === username);
      if (person === undefined) throw new RangeError(`No user of the sandbox is called ${username}.`);
      const { origin } = new URL(url);
      let here = new URL(url);
      let response = await request(here);
      let signIns = 0;

      for (let step = 0; step < MOST_STEPS; step += 1) {
        const body = await response.text();
        const location = response.headers.get('location');
        if (location !== null) {
          const next = new URL(location, here);
          if (next.origin !== origin) return { location: next.href, status: response.status, body, signIns };
          here = next;
          response = await request(here);
          continue;
        }
        const form = formOf(body);
        if (form === undefined || body.includes('role="alert"')) {
          return { location: undefined, status: response.status, body, signIns };
        }
        if (form.fields.has('password')) {
          signIns += 1;
          form.fields.set('username', person.username);
          form.fields.set('password', person.password);
        }
        if (press !== undefined && form.buttons.includes(press)) form.fields.set(press, 'yes');
        here = new URL(form.action ?? here, here);
        response = await request(here, form.fields);
      }
      throw new Error(`The sandbox redirects the browser in a loop at ${here.pathname}.`);
    },
  };
}

interface Form {
  readonly action: string | undefined;
  readonly fields: URLSearchParams;
  /** Names of the named buttons. */
  readonly buttons: readonly string[];
}

/** The first form of a page. Parses only the markup of the sandbox and of oidc-provider. */
function formOf(page: string): Form | undefined {
  const found = /<form([^>]*)>(.*?)<\/form>/s.exec(page);
  if (found === null) return undefined;
  const [, head = '', content = ''] = found;
  const fields = new URLSearchParams();
  for (const [input] of content.matchAll(/<input[^>]*>/gs)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '');
  }
  const buttons = [...content.matchAll(/<button[^>]*>/gs)].map(([button]) => attribute(button, 'name') ?? '');
  return { action: attribute(head, 'action'), fields, buttons };
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  const entities: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return value?.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

/** The cookies of one host; considers only the attributes path and expiry. */
function createCookies() {
  const jar = new Map<string, { name: string; value: string; path: string }>();

  return {
    keep(setCookies: readonly string[]): void {
      for (const line of setCookies) {
        const [pair = '', ...attributes] = line.split(/;\s*/);
        const [name = '', value = ''] = pair.split(/=(.*)/s);
        const valueOf = (key: string): string | undefined =>
          attributes.find((each) => each.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
        const path = valueOf('path') ?? '/';
        const expires = valueOf('expires');
        const gone = expires !== undefined && Date.parse(expires) <= Date.now();
        if (gone) jar.delete(`${name} ${path}`);
        else jar.set(`${name} ${path}`, { name, value, path });
      }
    },
    headerFor(path: string): string {
      const fitting = [...jar.values()].filter((cookie) => path.startsWith(cookie.path));
      return fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
  };
}
