import { describe, expect, test } from 'vitest';
import { isSameOrganization } from '../../../../src/adapters/node/publicSuffixes.ts';
import { isTrustedEndpoint } from '../../../../src/core/oidc/trustedEndpoint.ts';
import { parseIssuer } from '../../../../src/input/issuer.ts';
import type { IsSameOrganization } from '../../../../src/core/ports.ts';

const home = (issuer: string, endpoint: string, same: IsSameOrganization = isSameOrganization) =>
  isTrustedEndpoint(new URL(`https://${endpoint}/token`), new URL(`https://${issuer}/oauth2/aus1`), same);

describe('isTrustedEndpoint: 03.01: an endpoint belongs to the issuer', () => {
  test.each([
    ['example.okta.com', 'example.okta.com'],
    ['login.example.com', 'login.example.com'],
    ['login.example.com', 'api.login.example.com'],
    ['login.example.com', 'id.example.com'],
    ['example.com', 'id.example.com'],
    ['login.example.co.uk', 'id.example.co.uk'],
    ['a.b.example.com', 'c.b.example.com'],
    ['example.github.io', 'id.example.github.io'],
    ['school.example.nsw.edu.au', 'id.example.nsw.edu.au'],
    ['id.firma.münchen.de', 'login.firma.münchen.de'],
    ['tenant.auth0.com', 'api.tenant.auth0.com'],
    ['id.corp.internal', 'api.id.corp.internal'],
    ['10.0.0.1', '10.0.0.1'],
    ['login.example.com:8443', 'login.example.com:8443'],
    ['cognito-idp.eu-west-1.amazonaws.com', 'acme.auth.eu-west-1.amazoncognito.com'],
    ['cognito-idp.us-gov-west-1.amazonaws.com', 'acme.auth-fips.us-gov-west-1.amazoncognito.com'],
  ])('of %s: %s', async (issuer, endpoint) => {
    expect(await home(issuer, endpoint)).toBe(true);
  });
});

describe('isTrustedEndpoint: 03.01: an endpoint does not belong to the issuer', () => {
  test.each([
    ['victim.okta.com', 'evil.okta.com'],
    ['victim.okta.com', 'victim-admin.okta.com'],
    ['victim.okta.com', 'login.victim.okta.com'],
    ['victim.okta.com', 'okta.com'],
    ['okta.com', 'evil.okta.com'],
    ['victim.oktapreview.com', 'evil.oktapreview.com'],
    ['victim.okta-emea.com', 'evil.okta-emea.com'],
    ['victim.okta-gov.com', 'evil.okta-gov.com'],
    ['victim.okta.mil', 'evil.okta.mil'],
    ['victim.trexcloud.com', 'evil.trexcloud.com'],
    ['login.example.com', 'evil.okta.com'],
    ['id.uk.com', 'evil.uk.com'],
    ['example.eu.org', 'evil.eu.org'],
    ['example.asso.fr', 'evil.asso.fr'],
    ['school.nsw.edu.au', 'evil.nsw.edu.au'],
    ['firm.chiyoda.tokyo.jp', 'evil.chiyoda.tokyo.jp'],
    ['example.us.com', 'evil.us.com'],
    ['a.duckdns.org', 'evil.duckdns.org'],
    ['a.ngrok-free.app', 'evil.ngrok-free.app'],
    ['a.trycloudflare.com', 'evil.trycloudflare.com'],
    ['a.web.app', 'evil.web.app'],
    ['a.github.io', 'evil.github.io'],
    ['a.workers.dev', 'evil.workers.dev'],
    ['a.azurewebsites.net', 'evil.azurewebsites.net'],
    ['login.azure.com', 'evil.cloudapp.azure.com'],
    ['a.us.auth0.com', 'evil.us.auth0.com'],
    ['a.auth0.com', 'evil.auth0.com'],
    ['auth0.com', 'evil.auth0.com'],
    ['a.auth.eu-central-1.amazoncognito.com', 'evil.auth.eu-central-1.amazoncognito.com'],
    ['cognito-idp.eu-west-1.amazonaws.com', 'acme.auth.eu-west-2.amazoncognito.com'],
    ['cognito-idp.eu-west-1.amazonaws.com', 'a.b.auth.eu-west-1.amazoncognito.com'],
    ['cognito-idp.eu-west-1.amazonaws.com', 'evil.s3.eu-west-1.amazonaws.com'],
    ['evil.s3.eu-west-1.amazonaws.com', 'acme.auth.eu-west-1.amazoncognito.com'],
    ['a.b2clogin.com', 'evil.b2clogin.com'],
    ['acme.zitadel.cloud', 'evil.zitadel.cloud'],
    ['acme.us1.zitadel.cloud', 'evil.us1.zitadel.cloud'],
    ['acme.projects.oryapis.com', 'evil.projects.oryapis.com'],
    ['acme.logto.app', 'evil.logto.app'],
    ['acme.fusionauth.io', 'evil.fusionauth.io'],
    ['acme.kinde.com', 'evil.kinde.com'],
    ['acme.us.frontegg.com', 'evil.us.frontegg.com'],
    ['acme.clerk.accounts.dev', 'evil.clerk.accounts.dev'],
    ['acme.authkit.app', 'evil.authkit.app'],
    ['acme.verify.ibm.com', 'evil.verify.ibm.com'],
    ['acme.ice.ibmcloud.com', 'evil.ice.ibmcloud.com'],
    ['acme.sso.duosecurity.com', 'evil.sso.duosecurity.com'],
    ['acme.my.salesforce.com', 'evil.my.salesforce.com'],
    ['acme.my.site.com', 'evil.my.site.com'],
    ['acme.id.cyberark.cloud', 'evil.id.cyberark.cloud'],
    ['acme.accounts.cloud.sap', 'evil.accounts.cloud.sap'],
    ['acme.criipto.id', 'evil.criipto.id'],
    ['acme.authing.cn', 'evil.authing.cn'],
    ['acme.cloud-iam.com', 'evil.cloud-iam.com'],
    ['acme.gitlab-dedicated.com', 'evil.gitlab-dedicated.com'],
    ['acme.pingone.sg', 'evil.pingone.sg'],
    ['example.co.uk', 'evil.co.uk'],
    ['example.com', 'evil.com'],
    ['login.example.com', 'example.com'],
    ['a.b.example.com', 'c.d.example.com'],
    ['login.example.com', 'login.example.com.evil.example'],
    ['login.example.com', 'evilexample.com'],
    ['id.corp.internal', 'evil.corp.internal'],
    ['id.localdomain', 'evil.localdomain'],
    ['10.0.0.1', '66.0.0.1'],
    ['login.example.com', 'id.example.com:8443'],
    ['login.example.com', 'ada@login.example.com'],
  ])('%s and %s', async (issuer, endpoint) => {
    expect(await home(issuer, endpoint)).toBe(false);
  });

  test("whatever Okta's list says", async () => {
    expect(await home('victim.okta.com', 'evil.okta.com', async () => true)).toBe(false);
  });
});

describe('isTrustedEndpoint: 03.02: a trailing dot', () => {
  test.each([
    ['victim.okta.com.', 'evil.okta.com.'],
    ['victim.okta.com', 'evil.okta.com.'],
    ['victim.okta.com', 'victim.okta.com.'],
    ['login.example.com.', 'id.example.com'],
    ['login.example.com', 'id.example.com.'],
  ])('is never trusted: %s and %s', async (issuer, endpoint) => {
    expect(await home(issuer, endpoint)).toBe(false);
  });

  test.each([
    ['https://victim.okta.com./oauth2/aus1', 'https://victim.okta.com/oauth2/aus1'],
    ['login.example.com.', 'https://login.example.com'],
    ['https://login.example.com.:8443/', 'https://login.example.com:8443'],
  ])('of an issuer is ignored: %s', (text, issuer) => {
    expect(parseIssuer(text)).toBe(issuer);
  });
});
