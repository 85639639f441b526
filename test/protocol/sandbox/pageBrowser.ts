/** A page as a user sees it. */
export interface Seen {
  readonly status: number;
  readonly heading: string;
  readonly alert: string | undefined;
  readonly text: string;
  readonly buttons: readonly string[];
  readonly labels: readonly string[];
  readonly headers: Headers;
}

/** A minimal browser for the sandbox's pages: cookies, redirects inside the sandbox, and forms. */
export interface PageBrowser {
  open(address: string): Promise<Seen>;
  /**
   * Fills in the fields with these labels and presses a button of the current page.
   * @param changed fields by name, to send values that no page would
   */
  press(button: string, typed?: Record<string, string>, changed?: Record<string, string>): Promise<Seen>;
  /** Submits a form that is not on any page, with this browser's cookies. */
  post(address: string, fields: Record<string, string>): Promise<Seen>;
  /** The target of the last redirect, if it was outside the sandbox. */
  left(): string | undefined;
  /** The value of a field of the current page. */
  field(name: string): string;
}

interface PageBrowserOptions {
  /** The origins inside which redirects are followed. */
  readonly inside: () => readonly string[];
  /** Called for every cookie that is set. */
  readonly onCookie?: (setCookie: string) => void;
  /** Whether to submit self-submitting forms, as a script would; true by default. */
  readonly runsScripts?: boolean;
}

const SENDS_ITSELF = 'document.forms[0].submit()';

export function createPageBrowser({ inside, onCookie, runsScripts = true }: PageBrowserOptions): PageBrowser {
  const cookies = new Map<string, string>();
  let here = '';
  let page = '';
  let left: string | undefined;

  const request = async (address: string, init: RequestInit = {}): Promise<Seen> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { ...init, headers: { cookie }, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) {
      onCookie?.(set);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      const expires = /expires=([^;]+)/i.exec(set)?.[1];
      if (set.includes('Max-Age=0') || (expires !== undefined && Date.parse(expires) < Date.now()))
        cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) {
      const next = new URL(location, address).href;
      if (inside().includes(new URL(next).origin)) return request(next);
      left = next;
    }
    here = address;
    page = await response.text();
    if (runsScripts && page.includes(SENDS_ITSELF)) return press('Continue');
    return see(page, response);
  };

  const press: PageBrowser['press'] = (button, typed = {}, changed = {}) => {
    const form = forms(page).find((each) => each.includes(`>${button}</button>`));
    if (form === undefined) throw new Error(`The page has no button ${button}.`);
    const fields = new URLSearchParams(inputs(form));
    for (const [label, value] of Object.entries(typed)) {
      const field = new RegExp(`<label\\s*>\\s*${label}\\s*<input\\s+([^>]*?)/?>`).exec(form)?.[1];
      if (field === undefined) throw new Error(`The form has no field ${label}.`);
      fields.set(attribute(field, 'name'), value);
    }
    const pressed = new RegExp(`<button([^>]*)>${button}</button>`).exec(form)?.[1] ?? '';
    if (pressed.includes('name=')) fields.set(attribute(pressed, 'name'), attribute(pressed, 'value'));
    for (const [name, value] of Object.entries(changed)) fields.set(name, value);
    const action = attribute(/^<form([^>]*)>/.exec(form)?.[1] ?? '', 'action');
    return request(new URL(action, here).href, { method: 'POST', body: fields });
  };

  return {
    open: (address) => request(address),
    press,
    post: (address, fields) => request(address, { method: 'POST', body: new URLSearchParams(fields) }),
    left: () => left,
    field: (name) => new URLSearchParams(inputs(page)).get(name) ?? '',
  };
}

const forms = (page: string): string[] => page.match(/<form[\s\S]*?<\/form>/g) ?? [];

const inputs = (form: string): [string, string][] =>
  [...form.matchAll(/<input\s+([^>]*?)\/?>/g)].map(([, attributes = '']) => [
    attribute(attributes, 'name'),
    attribute(attributes, 'value'),
  ]);

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

const attribute = (text: string, name: string): string =>
  (new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '').replace(
    /&(?:amp|lt|gt|quot|#39);/g,
    (entity) => ENTITIES[entity] ?? entity,
  );

const all = (page: string, pattern: RegExp): string[] =>
  [...page.matchAll(pattern)].map(([, text = '']) => text.trim());

function see(page: string, response: Response): Seen {
  return {
    status: response.status,
    heading: all(page, /<h1>([^<]*)<\/h1>/g).join(),
    alert: all(page, /<p role="alert">([^<]*)<\/p>/g)[0],
    text: page,
    buttons: all(page, /<button[^>]*>([^<]*)<\/button>/g),
    labels: all(page, /<label\s*>([^<]*)</g),
    headers: response.headers,
  };
}
