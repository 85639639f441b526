import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../src/core/connection/connection.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import {
  connectionLink,
  connectionWebLink,
  markdownLink,
  parseConnectionLink,
} from '../../../src/features/connectionLink.ts';
import { cleanPasted } from '../../../src/input/pastedText.ts';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { anyString } from '../fakes/anyString.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';
import { thrownBy } from '../fakes/thrownBy.ts';

/** A link as VS Code passes it: with its query decoded once. */
function arrive(link: string): Connection {
  const { pathname, search } = new URL(link);
  return parseConnectionLink(pathname, decodeURIComponent(search.slice(1)));
}

const parse = (query: string) => parseConnectionLink('/connect', query);
const okta = 'type=okta&issuer=https://example.okta.com/oauth2/aus1&clientId=0oa1';
const center = 'type=identityCenter&startUrl=https://d-1234567890.awsapps.com/start&region=eu-central-1';

describe('connectionLink: a link', () => {
  test('of an Okta connection can be read', () => {
    expect(parse(`${okta}&name=My company&scopes=openid offline_access`)).toEqual({
      type: 'okta',
      name: 'My company',
      issuer: 'https://example.okta.com/oauth2/aus1',
      clientId: '0oa1',
      scopes: ['openid', 'offline_access'],
    });
  });

  test('of an Identity Center connection can be read', () => {
    expect(parse(center)).toEqual({
      type: 'identityCenter',
      name: 'IAM Identity Center (d-1234567890)',
      startUrl: 'https://d-1234567890.awsapps.com/start',
      region: 'eu-central-1',
    });
  });

  test('of an OpenID Connect connection keeps its redirect settings and parameters', () => {
    const connection: Connection = {
      type: 'oidc',
      name: 'Company',
      issuer: 'https://id.example.com/realms/x',
      clientId: 'app',
      redirectUri: 'http://127.0.0.1',
      authorizeParameters: { audience: 'https://api.example.com/v1?a=b&c', domain_hint: 'example.com' },
    };
    expect(arrive(connectionLink('vscode', { ...connection, redirectPorts: [8008] }))).toEqual(connection);
  });

  test('without a name is named after its host', () => {
    expect(parse(okta).name).toBe('example.okta.com');
  });

  test('needs no Region if the start URL contains it', () => {
    const startUrl = 'https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws';
    expect(parse(`type=identityCenter&startUrl=${startUrl}`)).toMatchObject({ region: 'eu-west-1' });
  });

  test('accepts addresses in every spelling', () => {
    const metadata = 'https://EXAMPLE.okta.com/oauth2/aus1/.well-known/oauth-authorization-server';
    expect(parse(`type=okta&issuer=${metadata}&clientId=0oa1`)).toMatchObject({
      issuer: 'https://example.okta.com/oauth2/aus1',
    });
  });

  test('may have a trailing slash in its path', () => {
    expect(parseConnectionLink('/connect/', okta).type).toBe('okta');
  });

  test('is readable', () => {
    expect(connectionLink('vscode', oktaConnection)).toBe(
      'vscode://developer-sign-in.developer-sign-in/connect?type=okta&name=Example&issuer=https://example.okta.com/oauth2/aus1a2b3c4d5&clientId=0oa1b2c3d4E5f6G7h8i9',
    );
  });

  test('supports a name with query delimiters', () => {
    const name = 'R&D = 100 % C++ #1';
    expect(arrive(connectionLink('vscode', { ...oktaConnection, name })).name).toBe(name);
  });

  test('omits the flow and the ports, which are machine-specific', () => {
    const link = connectionLink('vscode', { ...oktaConnection, flow: 'deviceCode', redirectPorts: [8008] });
    expect(arrive(link)).toEqual(oktaConnection);
  });

  test('omits a name with invisible characters', () => {
    const link = connectionLink('vscode', { ...oktaConnection, name: '$(verified) \u202eelpmaxE' });
    expect(arrive(link).name).toBe('example.okta.com');
  });

  test('cannot be created for a connection over HTTP', () => {
    const connection = { ...oktaConnection, issuer: 'http://localhost:3000/oauth2/aus1' };
    expect(thrownBy(() => connectionLink('vscode', connection)).details.reason).toBe('notHttps');
  });
});

describe('parseConnectionLink: rejects a link', () => {
  test.each([
    ['/connect/x', okta, 'path'],
    ['/', okta, 'path'],
    ['/CONNECT', okta, 'path'],
  ])('at %s', (path, query, reason) => {
    expect(thrownBy(() => parseConnectionLink(path, query)).details.reason).toBe(reason);
  });

  test.each([
    ['nothing', '', 'type', undefined],
    ['another type', 'type=saml', 'type', 'saml'],
    ['a repeated parameter', `${okta}&clientId=0oa2`, 'repeated', 'clientId'],
    ['a repeated parameter of the same value', `${okta}&type=okta`, 'repeated', 'type'],
    ['an unknown parameter', `${okta}&colour=blue`, 'unknown', 'colour'],
    ['a parameter without a name', `${okta}&=blue`, 'unknown', undefined],
    ['a parameter in other letters', 'Type=okta', 'type', undefined],
    ['a parameter of the other type', `${okta}&region=us-east-1`, 'unknown', 'region'],
    ['a flow', `${okta}&flow=deviceCode`, 'unknown', 'flow'],
    ['ports', `${okta}&redirectPorts=1`, 'unknown', 'redirectPorts'],
    ['an endpoint', `${center}&endpoint=https://evil.example`, 'unknown', 'endpoint'],
    ['a client secret', `${okta}&client_secret=x`, 'secret', 'client_secret'],
    ['a client secret in camel case', `${okta}&clientSecret=x`, 'secret', 'clientSecret'],
    ['a password', `${okta}&password=x`, 'secret', 'password'],
    ['a token', `${okta}&accessToken=x`, 'secret', 'accessToken'],
    ['no issuer', 'type=okta&clientId=0oa1', 'missing', 'issuer'],
    ['an empty issuer', 'type=okta&issuer=&clientId=0oa1', 'missing', 'issuer'],
    ['no client id', 'type=okta&issuer=https://example.okta.com', 'missing', 'clientId'],
    ['no region', 'type=identityCenter&startUrl=https://d-1234567890.awsapps.com/start', 'missing', 'region'],
    ['a login hint of two words', `${okta}&loginHint=ana lopez`, 'value', 'loginHint'],
    ['an empty login hint', `${okta}&loginHint=`, 'missing', 'loginHint'],
    ['a login hint at IAM Identity Center', `${center}&loginHint=ana`, 'unknown', 'loginHint'],
    ['an empty name', `${okta}&name=`, 'missing', 'name'],
    ['no scope', `${okta}&scopes=`, 'scopes', undefined],
    ['a scope with a quote', `${okta}&scopes=open"id`, 'scopes', undefined],
    ['a name of spaces', `${okta}&name=%20`, 'name', undefined],
    ['a name of signs', `${okta}&name=...`, 'name', undefined],
    ['a name with an icon', `${okta}&name=$(verified) Okta`, 'name', undefined],
    ['a name of 101 letters', `${okta}&name=${'x'.repeat(101)}`, 'name', undefined],
    ['a name that runs backwards', `${okta}&name=a\u202eb`, 'unreadable', undefined],
    ['a line end', `${okta}&name=a%0Ab`, 'unreadable', undefined],
    ['a letter without width', `${okta}&name=a\u200bb`, 'unreadable', undefined],
    ['a filler', `${okta}&name=a\u3164b`, 'unreadable', undefined],
    ['half a character', `${okta}&name=\ud800`, 'unreadable', undefined],
    ['a broken escape', `${okta}&name=%E4`, 'unreadable', undefined],
    ['a line end in an address', center.replace('/start', '/start%0d%0a'), 'unreadable', undefined],
    ['too much', `${okta}&name=${'x'.repeat(4000)}`, 'tooLong', undefined],
    ['another scheme', okta.replace('https:', 'ftp:'), 'notHttps', undefined],
    ['a user name in an address', okta.replace('https://', 'https://okta.com@'), 'userInfo', undefined],
    ['a client id that is an address', okta.replace('0oa1', 'https://x'), 'notClientId', undefined],
    ['a foreign AWS page', center.replace('/start', '/console'), 'notStartUrl', undefined],
    ['an invalid region', center.replace('eu-central-1', 'Europe'), undefined, undefined],
  ])('with %s', (_, query, reason, input) => {
    const { kind, details } = thrownBy(() => parse(query));
    expect(kind).toBe('invalidInput');
    expect(details.reason).toBe(reason);
    if (input !== undefined) expect(details.input).toBe(input);
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('with %s', (issuer) => {
    const query = `type=okta&issuer=${issuer}/oauth2/aus1&clientId=0oa1`;
    expect(thrownBy(() => parse(query)).details).toMatchObject({ operation: 'link', reason: 'notHttps' });
  });

  test('does not put its secret into an error', () => {
    expect(JSON.stringify(thrownBy(() => parse(`${okta}&secret=hunter2`)))).not.toContain('hunter2');
  });
});

describe('parseConnectionLink: a host that resembles another', () => {
  test.each([
    ['Cyrillic letters', 'ex\u0430mple.okta.com', 'xn--exmple-4nf.okta.com'],
    ['full-width letters, which are the same host', '\uff45xample.okta.com', 'example.okta.com'],
    ['an ideographic full stop', 'example.okta.com\u3002evil.example', 'example.okta.com.evil.example'],
  ])('with %s is shown in an unambiguous form', (_, host, shown) => {
    const connection = parse(`type=okta&issuer=https://${host}/oauth2/aus1&clientId=0oa1`);
    expect(connection).toMatchObject({ issuer: `https://${shown}/oauth2/aus1`, name: shown });
  });
});

describe('connectionLink: any connection', () => {
  const name = anyString(12)
    .map((text) => `x${text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '')}y`)
    .filter((text) => !text.includes('$(') && !text.includes(']('));
  const scopes = fc.option(fc.array(fc.stringMatching(/^[\w:.\/-]{1,30}$/), { minLength: 1, maxLength: 4 }), {
    nil: undefined,
  });
  const withScopes = (connection: Connection, wanted: readonly string[] | undefined): Connection =>
    wanted === undefined ? connection : { ...connection, scopes: wanted };
  const connection = fc.oneof(
    fc
      .record({ name, scopes, clientId: fc.stringMatching(/^[!#-~]{1,20}$/) })
      .filter(({ clientId }) => clientId === cleanPasted(clientId) && !clientId.includes('://'))
      .map(({ name, scopes, clientId }) => withScopes({ ...oktaConnection, name, clientId }, scopes)),
    fc
      .record({ name, scopes, region: fc.constantFrom('us-east-1', 'eu-central-1', 'ap-southeast-7') })
      .map(({ name, scopes, region }) => withScopes({ ...identityCenterConnection, name, region }, scopes)),
  );

  test('is unchanged after a round trip through a link', () => {
    fc.assert(
      fc.property(connection, (one) => {
        expect(arrive(connectionLink('vscode-insiders', one))).toEqual(one);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('parseConnectionLink: any query', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'type=okta',
        'type=identityCenter',
        '&',
        '=',
        'issuer=',
        'clientId=0oa1',
        'startUrl=',
        'region=us-east-1',
      ],
      ...[
        'name=',
        'scopes=',
        'secret=',
        'https://',
        'http://',
        'localhost',
        'example.okta.com',
        '/start',
        '%0a',
        '+',
      ],
      ...[
        'https://d-1234567890.awsapps.com/start',
        '@',
        '%2540',
        '\u202e',
        'ex\u0430mple.com',
        '$(',
        '#',
        '?',
      ],
    ),
    anyString(3),
  );
  const query = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 3 }).map((pieces) => `${okta}&name=${pieces.join('')}`),
    fc
      .array(piece, { maxLength: 3 })
      .map((pieces) => center.replace('d-1234567890.awsapps.com/start', pieces.join(''))),
  );
  const shown = /^[\x21-\x7e]+$/;

  test('is a displayable connection over HTTPS, or invalid input, and nothing else', () => {
    fc.assert(
      fc.property(query, (text) => {
        let found: Connection;
        try {
          found = parse(text);
        } catch (error) {
          if (error instanceof SignInError && error.kind === 'invalidInput') return true;
          throw error;
        }
        const [{ value: address } = { value: '' }, { value: more } = { value: '' }] = placeOf(found);
        const members = ['type', 'name', 'issuer', 'clientId', 'startUrl', 'region', 'scopes'];
        return (
          address.startsWith('https://') &&
          [address, more, ...(found.scopes ?? [])].every((value) => shown.test(value)) &&
          !/[\p{C}\p{Zl}\p{Zp}]|\$\(/u.test(found.name) &&
          Object.keys(found).every((member) => members.includes(member))
        );
      }),
      { numRuns: 10_000, examples: [[okta], [center]] },
    );
  });
});

describe("parseConnectionLink: 04.03 to 04.05: errors do not repeat a link's content", () => {
  const okta = 'type=okta&issuer=https://example.okta.com/oauth2/aus1&clientId=0oa1';
  const factsOf = (query: string): unknown => {
    try {
      return parseConnectionLink('/connect', query);
    } catch (error) {
      return error instanceof SignInError ? error.details : error;
    }
  };

  test.each([
    ['04.03: a parameter that is a link', `${okta}&[Repair](command:workbench.action.quit)=1`, 'unknown'],
    ['04.03b: one to a stranger', `${okta}&[Get the right link](https://evil.ex)=1`, 'unknown'],
    ['a secret one', `${okta}&[token](command:x)=1`, 'secret'],
    ['a type that is a link', 'type=[Repair](command:workbench.action.quit)', 'type'],
  ])('%s is not repeated', (_what, query, reason) => {
    expect(factsOf(query)).toEqual({ operation: 'link', reason });
  });

  test.each(['[Sign in again](command:x)', 'Example](', '$(verified) Example'])(
    '04.04: a name cannot be %s',
    (name) => {
      expect(factsOf(`${okta}&name=${name}`)).toMatchObject({ reason: 'name' });
    },
  );

  test.each(['[Allow](command:workbench.action.quit)', 'a <b>', '$(x)', 'a`b', 'openid,profile', 'a|b'])(
    '04.05: a scope cannot be %s',
    (scopes) => {
      expect(factsOf(`${okta}&scopes=${encodeURIComponent(scopes)}`)).toMatchObject({ reason: 'scopes' });
    },
  );

  test.each([
    'codewhisperer:completions',
    'sso:account:access',
    'https://graph.example.com/.default',
    'okta.users.read',
  ])('a scope can be %s', (scope) => {
    expect(factsOf(`${okta}&scopes=${scope}`)).toMatchObject({ scopes: [scope] });
  });
});

describe('markdownLink', () => {
  test('keeps a name as text, and an address complete', () => {
    expect(markdownLink('[x](y) *z*', 'vscode://a/b?c=(d)')).toBe(
      '[\\[x\\]\\(y\\) \\*z\\*](vscode://a/b?c=%28d%29)',
    );
  });
});

describe('connectionWebLink', () => {
  test('has the connection after #, in the same form as the editor link', () => {
    const [, query = ''] = connectionLink('vscode', oktaConnection).split('?');
    expect(connectionWebLink(' https://wiki.example.com/connect?x=1#y ', oktaConnection)).toBe(
      `https://wiki.example.com/connect?x=1#${query}`,
    );
  });

  test.each(['http://wiki.example.com', 'vscode://x', 'https://a@b.example', 'not a url', ''])(
    'is rejected for a page at %s',
    (page) => {
      expect(thrownBy(() => connectionWebLink(page, oktaConnection)).details.reason).toBe('page');
    },
  );
});
