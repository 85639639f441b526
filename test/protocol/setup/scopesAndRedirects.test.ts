import { expect, test } from 'vitest';
import type { HttpFetch } from '../../../src/core/ports.ts';
import type { CheckId } from '../../../src/setup/checks/index.ts';
import { GUIDE_SCOPES, RESERVED_SCOPES } from '../../sandbox/okta/settings.ts';
import { claiming } from './claiming.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { RunChanges } from './setupWorld.ts';
import { inOkta } from './slip.ts';
import type { Slip } from './slip.ts';

/** An administrator's setting, and the checks that were wrong about it. */
interface Situation extends Pick<Slip, 'options' | 'registered' | 'make' | 'changes'> {
  readonly fault: string;
  /** State and reason by check. */
  readonly found: Readonly<Partial<Record<CheckId, string>>>;
}

const withScopes = (scopes: readonly string[]): RunChanges => ({
  inputs: ({ oktaClient, ...inputs }) => ({
    ...inputs,
    ...(oktaClient === undefined ? {} : { oktaClient: { ...oktaClient, scopes } }),
  }),
});

/** Answers requests without user interaction in place of the server. */
const answering =
  (answer: (asked: URLSearchParams) => Response | undefined) =>
  (http: HttpFetch): HttpFetch =>
  async (address, request) => {
    const { searchParams } = new URL(address);
    const own = searchParams.get('prompt') === 'none' ? answer(searchParams) : undefined;
    return own ?? http(address, request);
  };

const situations: readonly Situation[] = [
  {
    fault: 'the guide’s own offline_access was one scope too many if the connection lacked it',
    changes: withScopes(GUIDE_SCOPES.slice(0, 2)),
    found: {
      'okta.scopes': 'pass',
      'okta.rule': 'pass',
      'oktaApi.policy': 'pass',
      'okta.refreshToken': 'fail offlineNotAsked',
    },
  },
  {
    fault: 'one refused scope passed the rule although the server had no answer to the others',
    changes: {
      http: answering((asked) =>
        /openid|profile|email|address|phone/.test(asked.get('scope') ?? '')
          ? new Response('', { status: 503 })
          : undefined,
      ),
    },
    found: { 'okta.scopes': 'pass', 'okta.rule': 'inconclusive unclearAnswer' },
  },
  {
    fault: 'a later rule with Any scopes passed',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['priority'] = 1;
      rules.push({ ...rules[0], id: '0pr2', priority: 2, conditions: { scopes: { include: ['*'] } } });
    }),
    found: { 'oktaApi.policy': 'warning ruleListsMore' },
  },
  {
    fault: 'a proxy’s error page was a missing redirect URI of the Kiro IDE',
    changes: { http: answering(() => new Response('Blocked', { status: 400 })) },
    found: {
      'okta.redirectUris': 'inconclusive redirectUrisNotKnown',
      'okta.kiroRedirectUri': 'inconclusive redirectUrisNotKnown',
    },
  },
  {
    fault: 'a server with a dynamic issuer failed at its custom domain',
    make: inOkta(({ server }) => {
      Object.assign(server, {
        issuerMode: 'DYNAMIC',
        issuer: `https://login.example.com/oauth2/${String(server['id'])}`,
      });
    }),
    found: { 'oktaApi.server': 'pass', 'oktaApi.policy': 'pass' },
  },
  {
    fault: 'a fixed issuer on another domain passed',
    make: inOkta(({ server }) => {
      Object.assign(server, {
        issuerMode: 'CUSTOM_URL',
        issuer: `https://login.example.com/oauth2/${String(server['id'])}`,
      });
    }),
    found: { 'oktaApi.server': 'fail issuerDiffers' },
  },
  {
    fault: 'with a slash after every redirect URI, nothing was said about scopes and rule',
    registered: (uris) => uris.map((uri) => `${uri}/`),
    options: { okta: { ownRedirectUris: false, allowedScopes: [...GUIDE_SCOPES, 'openid'] } },
    found: {
      'okta.redirectUris': 'fail noneRegistered',
      'okta.scopes': 'pass',
      'okta.rule': 'warning ruleTooWide',
      'okta.signIn': 'inconclusive blocked',
    },
  },
  {
    fault: 'a server that checks scopes after the sign-in was suspected of Any scopes',
    changes: {
      http: answering((asked) =>
        asked.get('redirect_uri') === null
          ? undefined
          : new Response(null, {
              status: 302,
              headers: { location: `${asked.get('redirect_uri') ?? ''}?error=login_required` },
            }),
      ),
    },
    found: { 'okta.scopes': 'inconclusive scopesNotShown', 'okta.rule': 'inconclusive scopesNotShown' },
  },
  {
    fault: 'Any scopes, as the rule comes, was not suspected',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, ...RESERVED_SCOPES] } },
    found: { 'okta.scopes': 'pass', 'okta.rule': 'inconclusive anyScopes' },
  },
  {
    fault: 'without the metadata, nothing was said about redirect URIs that Okta’s API does not list',
    make: async (world) => {
      const back = inOkta(({ oidc }) => {
        const { oauthClient } = oidc['settings'] as { oauthClient: { redirect_uris: string[] } };
        const last = oauthClient.redirect_uris.findLast((uri) => uri.startsWith('http:'));
        oauthClient.redirect_uris = oauthClient.redirect_uris.filter((uri) => uri !== last);
      })(world);
      world.chain.faults.add({ at: 'okta.metadata', status: 404, body: '{}', times: 4 });
      return back;
    },
    found: {
      'okta.metadata': 'fail noMetadata',
      'okta.redirectUris': 'fail redirectUrisMissing',
      'okta.kiroRedirectUri': 'inconclusive blocked',
    },
  },
  {
    fault: 'a rule without the device grant passed where sign-ins begin with a device code',
    changes: { ports: (ports) => ({ ...ports, beginsWithDeviceCode: true }) },
    found: { 'okta.clientId': 'pass', 'oktaApi.policy': 'warning deviceGrantMissing' },
  },
  {
    fault: 'a token without the claim cid was of another client',
    changes: { http: claiming({ cid: undefined }) },
    found: { 'okta.token': 'inconclusive unclearAnswer' },
  },
];

test.each(situations)('$fault', async ({ options, registered, make, changes, found }) => {
  const world = await openSetupWorld(options, registered);
  try {
    await make?.(world);
    const results = await world.run('kiro', changes);
    const seen = Object.keys(found).map((id) => {
      const { state, reason } = results.get(id as CheckId) ?? {};
      return [id, [state, reason].filter((part) => part !== undefined).join(' ')];
    });
    expect(Object.fromEntries(seen)).toEqual(found);
  } finally {
    await world.close();
  }
});
