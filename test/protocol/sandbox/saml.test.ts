import { X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certified, createCertified } from '../../sandbox/certificate.ts';
import { parseIdpMetadata } from '../../sandbox/identityCenter/saml/idpMetadata.ts';
import type { ResponseChanges } from '../../sandbox/okta/saml/samlApplication.ts';
import { credentialsOf, useChain } from './chainWorld.ts';
import { ANA } from './identityCenterWorld.ts';
import type { PageBrowser, Seen } from './pageBrowser.ts';

const world = useChain();
const BEN = 'ben@example.com';
const MALLORY = 'mallory@example.com';

/** A browser on its way to Okta, with the content of its request. */
interface Away {
  readonly browser: PageBrowser;
  readonly requestId: string;
  readonly relayState: string;
  /** Delivers a response, as Okta's page would. */
  readonly bring: (samlResponse: string) => Promise<Seen>;
}

async function sendAway(browser = world.browserAt(world.chain.identityCenter.origin)): Promise<Away> {
  const device = await world.startSignIn();
  await browser.open(device.verificationUriComplete);
  await browser.press('Confirm and continue');
  const { searchParams } = new URL(browser.left() ?? '');
  const request = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  const relayState = searchParams.get('RelayState') ?? '';
  return {
    browser,
    requestId: /\bID="([^"]*)"/.exec(request)?.[1] ?? '',
    relayState,
    bring: (samlResponse) =>
      browser.post(world.chain.federated.acsUrl, { SAMLResponse: samlResponse, RelayState: relayState }),
  };
}

const respond = (away: Away, changes: ResponseChanges = {}): Promise<string> =>
  world.chain.samlApplication.respond({ username: ANA, inResponseTo: away.requestId, ...changes });

/** Changes the XML inside a base64 response; fails if nothing changed. */
function edit(samlResponse: string, change: (xml: string) => string): string {
  const xml = Buffer.from(samlResponse, 'base64').toString();
  const changed = change(xml);
  expect(changed).not.toBe(xml);
  return Buffer.from(changed).toString('base64');
}

const assertionIn = (xml: string): string => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? '';
const withoutSignatures = (xml: string): string => xml.replace(/<Signature[\s\S]*?<\/Signature>/g, '');

it('accepts a valid response', async () => {
  const away = await sendAway();
  const page = await away.bring(await respond(away));
  expect(page.heading).toBe('Allow Developer Sign-In to access your data?');
  expect(page.text).toContain('Signed in as Ana Alves (ana@example.com).');
});

describe('a response is rejected when', () => {
  let stranger: Certified;

  beforeAll(async () => {
    const endsAt = Date.now() + 3600_000;
    stranger = await createCertified({ commonName: 'stranger', startsAt: Date.now() - 60_000, endsAt });
  });

  /** Each starts with a response that is valid except for `changes`. */
  const attacks: readonly {
    readonly name: string;
    readonly changes?: (away: Away) => ResponseChanges;
    readonly forge?: (xml: string) => string;
    readonly alert: RegExp;
  }[] = [
    {
      name: 'the person in it was changed',
      forge: (xml) => xml.replaceAll(ANA, BEN),
      alert: /not signed/,
    },
    {
      name: 'an attribute was added to the assertion',
      forge: (xml) =>
        xml.replace('</saml:AttributeStatement>', '<saml:Attribute/></saml:AttributeStatement>'),
      alert: /not signed/,
    },
    {
      name: 'its status or another part outside of the assertion was changed',
      forge: (xml) => xml.replace(/Destination="[^"]*"/, 'Destination="https://elsewhere.example/"'),
      alert: /not signed/,
    },
    {
      name: 'nothing is signed',
      changes: () => ({ signAssertion: false, signResponse: false }),
      alert: /not signed/,
    },
    {
      name: 'only the response is signed',
      changes: () => ({ signAssertion: false }),
      alert: /not signed/,
    },
    {
      name: 'only the assertion is signed',
      changes: () => ({ signResponse: false }),
      alert: /not signed/,
    },
    {
      name: 'its signatures were taken out',
      forge: withoutSignatures,
      alert: /not signed/,
    },
    {
      name: 'an attacker signed it, who sent their own certificate along',
      changes: () => ({ signedBy: stranger }),
      alert: /not signed/,
    },
    {
      name: 'a forged assertion stands before the signed one',
      forge: (xml) => {
        const signed = assertionIn(xml);
        const forged = withoutSignatures(signed)
          .replaceAll(ANA, BEN)
          .replace(/ID="[^"]*"/, 'ID="_forged"');
        return xml.replace(signed, forged + signed);
      },
      alert: /not signed/,
    },
    {
      name: 'a forged assertion is wrapped around the signed one',
      changes: () => ({ signResponse: false }),
      forge: (xml) => {
        const signed = assertionIn(xml);
        const forged = withoutSignatures(signed)
          .replaceAll(ANA, BEN)
          .replace(/ID="[^"]*"/, 'ID="_forged"')
          .replace('</saml:Assertion>', `<saml:Advice>${signed}</saml:Advice></saml:Assertion>`);
        return xml.replace(signed, forged);
      },
      alert: /not signed/,
    },
    {
      name: 'a forged assertion has the id of the signed one, which hides in the extensions',
      changes: () => ({ signResponse: false }),
      forge: (xml) => {
        const signed = assertionIn(xml);
        const forged = signed.replaceAll(ANA, BEN);
        return xml
          .replace(signed, forged)
          .replace('<samlp:Status', `<samlp:Extensions>${signed}</samlp:Extensions><samlp:Status`);
      },
      alert: /not signed/,
    },
    {
      name: 'a forged response is wrapped around the signed one',
      forge: (xml) => {
        const root = /<samlp:Response[^>]*>/.exec(xml)?.[0] ?? '';
        const forged = withoutSignatures(xml)
          .replaceAll(ANA, BEN)
          .replace(/ID="[^"]*"/, 'ID="_forged"')
          .replace(/<\/samlp:Response>\s*$/, '');
        expect(root).not.toBe('');
        return `${forged}<samlp:Extensions>${xml}</samlp:Extensions></samlp:Response>`;
      },
      alert: /not signed/,
    },
    {
      name: 'a comment cuts the name of another person short',
      changes: () => ({ username: `${ANA}.attacker.example` }),
      forge: (xml) =>
        xml.replace(
          `>${ANA}.attacker.example</saml:NameID>`,
          `>${ANA}<!---->.attacker.example</saml:NameID>`,
        ),
      alert: /attacker\.example is not known here/,
    },
    {
      name: 'an entity stands for the name',
      forge: (xml) => `<!DOCTYPE r [<!ENTITY who "${BEN}">]>${xml.replaceAll(ANA, '&who;')}`,
      alert: /rejected/,
    },
    {
      name: 'it is for another audience',
      changes: () => ({ audience: 'https://elsewhere.example/saml' }),
      alert: /its audience is not the issuer URL/,
    },
    {
      name: 'it has no audience',
      forge: (xml) => xml.replace(/<saml:AudienceRestriction[\s\S]*?<\/saml:AudienceRestriction>/, ''),
      alert: /not signed/,
    },
    {
      name: 'it comes too late',
      changes: () => ({ lifetimeSeconds: -60 }),
      alert: /has expired or is not yet valid/,
    },
    {
      name: 'it was sent to another address',
      changes: () => ({
        recipient: 'https://elsewhere.example/acs',
        destination: 'https://elsewhere.example/acs',
      }),
      alert: /destination is not the ACS URL/,
    },
    {
      name: 'its assertion is for another address than its response',
      changes: () => ({ recipient: 'https://elsewhere.example/acs' }),
      alert: /destination is not the ACS URL/,
    },
    {
      name: 'another application of the identity provider issued it',
      changes: () => ({ issuer: 'http://www.okta.com/exkanother' }),
      alert: /not the entity ID/,
    },
    {
      name: 'it answers no request',
      changes: () => ({ inResponseTo: undefined }),
      alert: /does not match the request/,
    },
    {
      name: 'it answers a request that was never made',
      changes: () => ({ inResponseTo: '_0123456789abcdef0123456789abcdef' }),
      alert: /does not match the request/,
    },
    {
      name: 'the person is unknown',
      changes: () => ({ username: MALLORY }),
      alert: /mallory@example\.com is not known here/,
    },
  ];

  it.each(attacks)('$name', async ({ changes, forge, alert }) => {
    const away = await sendAway();
    const response = await respond(away, changes?.(away));
    const page = await away.bring(forge ? edit(response, forge) : response);
    expect(page).toMatchObject({ status: 403, alert: expect.stringMatching(alert) as string });
    await refusesStill(away);
  });

  it('it answers the request of another sign-in in the same browser', async () => {
    const first = await sendAway();
    const second = await sendAway(first.browser);
    const page = await second.bring(await respond(first));
    expect(page.alert).toMatch(/does not match the request/);
    await refusesStill(second);
  });

  it('it is delivered twice', async () => {
    const away = await sendAway();
    const response = await respond(away);
    await away.bring(response);
    const page = await away.bring(response);
    expect([page.heading, page.alert]).toEqual([
      'This request cannot be processed',
      'This browser did not start this sign-in, or the sign-in timed out.',
    ]);
  });

  it('it is delivered again for a new sign-in', async () => {
    const away = await sendAway();
    const response = await respond(away);
    await away.bring(response);
    const later = await sendAway();
    expect((await later.bring(response)).alert).toMatch(/rejected/);
    await refusesStill(later);
  });

  it('another user’s browser delivers it', async () => {
    const attacker = await sendAway();
    const victim = await sendAway();
    const page = await victim.browser.post(world.chain.federated.acsUrl, {
      SAMLResponse: await respond(attacker, { username: MALLORY }),
      RelayState: attacker.relayState,
    });
    expect(page.alert).toBe('This browser did not start this sign-in, or the sign-in timed out.');
    const fresh = world.browserAt(world.chain.identityCenter.origin);
    const stolen = await fresh.post(world.chain.federated.acsUrl, {
      SAMLResponse: await respond(attacker),
      RelayState: attacker.relayState,
    });
    expect(stolen.alert).toBe('This browser did not start this sign-in, or the sign-in timed out.');
  });

  it.each(['', 'AAAA', Buffer.from('<Response/>').toString('base64'), Buffer.from('<a').toString('base64')])(
    'it is unreadable: %j',
    async (samlResponse) => {
      const away = await sendAway();
      const page = await away.bring(samlResponse);
      expect(page).toMatchObject({ status: 403, alert: expect.stringMatching(/rejected/) as string });
    },
  );
});

/** The browser is not signed in anywhere: the question leads it to Okta again. */
async function refusesStill({ browser }: Away): Promise<void> {
  const device = await world.startSignIn();
  await browser.open(device.verificationUriComplete);
  const page = await browser.press('Confirm and continue');
  expect(page.status).toBe(302);
  expect(browser.left()).toContain(world.chain.samlApplication.signOnUrl);
}

describe('Okta', () => {
  it('responds only to the configured address, whatever the request says', async () => {
    const { samlApplication, okta, federated } = world.chain;
    const away = await sendAway();
    const address = new URL(away.browser.left() ?? '');
    const request = inflateRawSync(
      Buffer.from(address.searchParams.get('SAMLRequest') ?? '', 'base64'),
    ).toString();
    const elsewhere = request.replaceAll(federated.acsUrl, 'https://elsewhere.example/acs');
    expect(elsewhere).not.toBe(request);
    address.searchParams.set('SAMLRequest', Buffer.from(elsewhere).toString('base64'));
    const browser = world.browserAt(okta.origin);
    await browser.open(address.href);
    const page = await browser.press('Sign in', credentialsOf(ANA));
    expect(page.text).toContain(`action="${federated.acsUrl}"`);
    expect(page.text).not.toContain('elsewhere.example');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'sha256-");
    expect(samlApplication.signOnUrl).toContain(address.pathname);
  });

  it.each(['', 'AAAA', Buffer.from('<samlp:AuthnRequest ID="_1"/>').toString('base64')])(
    'rejects a request that is not from its application: %j',
    async (samlRequest) => {
      const browser = world.browserAt(world.chain.okta.origin);
      const query = new URLSearchParams({ SAMLRequest: samlRequest, RelayState: 'x' });
      const page = await browser.open(`${world.chain.samlApplication.signOnUrl}?${query}`);
      expect(page).toMatchObject({ status: 400, heading: '400 Bad Request' });
    },
  );

  it('publishes metadata with the signing certificate, until it changes', async () => {
    const { samlApplication } = world.chain;
    const response = await fetch(samlApplication.metadataUrl);
    expect(response.headers.get('content-type')).toMatch(/^application\/xml/);
    const xml = await response.text();
    expect(xml).toBe(world.chain.describe().okta.saml.metadataXml);
    const saved = parseIdpMetadata(xml);
    expect(saved).toMatchObject({
      entityId: samlApplication.entityId,
      signOnUrl: samlApplication.signOnUrl,
    });
    const [certificate] = saved.certificates.map((pem) => new X509Certificate(pem));
    expect(certificate?.subject).toBe('O=Okta\nCN=sandbox');
    expect(certificate?.verify(certificate.publicKey)).toBe(true);
    expect(certificate?.validToDate.getTime()).toBeGreaterThan(Date.now() + 9 * 365 * 24 * 3600_000);

    const endsAt = Date.UTC(2020, 1, 29, 12, 30, 15);
    await samlApplication.renewCertificate(endsAt);
    const renewed = new X509Certificate(parseIdpMetadata(samlApplication.metadata()).certificates[0] ?? '');
    expect(renewed.validToDate.getTime()).toBe(endsAt);
    const away = await sendAway();
    expect((await away.bring(await respond(away))).alert).toMatch(
      /not signed with a certificate from the uploaded metadata/,
    );
  });
});
