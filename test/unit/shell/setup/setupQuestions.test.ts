import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Memento } from 'vscode';
import { askSecret, promptForOptions } from '../../../../src/shell/setup/setupQuestions.ts';
import { screen } from '../../fakes/screen.ts';
import { settle } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';
import { views } from '../../fakes/vscodeWithViews.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

let memento: Memento;

beforeEach(async () => {
  views.clear();
  ({ memento } = (await shellWorld()).context);
});

const awsProfiles = async () => ['default', 'admin'];
const described = (label: string) => screen.pick.row(label).description;

/** Selects a row and types into its input box. */
async function give(label: string, text: string): Promise<void> {
  screen.pick.choose(label);
  await settle();
  screen.field.submit(text);
  await settle();
}

describe('promptForOptions', () => {
  test('lists all inputs of the checks, and starts with the missing ones', async () => {
    const asked = promptForOptions(memento, 'kiro', {
      given: { issuer: 'https://example.okta.com' },
      checkCount: 19,
      awsProfiles,
    });
    expect(screen.pick.labels).toEqual([
      ...['Check Now', 'Test sign-in', 'Inputs for the checks', 'Issuer', 'Client ID', 'Domain'],
      ...['The domain’s verification token', 'SCIM endpoint', 'SCIM access token'],
      ...['A person to look up', 'One of the person’s groups', 'API address of the service'],
      ...['Read-only Okta API token', 'Okta service app: client ID', 'Okta service app: private key'],
      'Region of the Kiro profile',
    ]);
    expect(described('Issuer')).toBe('https://example.okta.com');
    expect(described('Client ID')).toBe('Not provided');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('Client ID')]);
    screen.pick.choose('Check Now');
    expect(await asked).toEqual({ answers: { issuer: 'https://example.okta.com' }, testSignIn: false });
  });

  test('accepts a value in normal form, and continues with the next field', async () => {
    const asked = promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles });
    await give('SCIM endpoint', ' “https://scim.us-east-1.amazonaws.com/1/scim/v2” ');
    expect(described('SCIM endpoint')).toBe('https://scim.us-east-1.amazonaws.com/1/scim/v2');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('SCIM access token')]);
    await give('A person to look up', ' ana@example.com ');
    screen.pick.choose('Check Now');
    expect((await asked).answers).toEqual({
      scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2',
      userName: 'ana@example.com',
    });
  });

  test('the SAML response stood between the values from the consoles, where each run had to skip it', async () => {
    const asked = promptForOptions(memento, 'identityCenter', { given: {}, checkCount: 17, awsProfiles });
    await give('Issuer URL', 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-1234567890');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('SCIM endpoint')]);
    await give('One of the person’s groups', 'Developers');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('SAML response')]);
    screen.pick.choose('Check Now');
    await asked;
  });

  test('reports invalid text without accepting it', async () => {
    void promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles }).catch(() => undefined);
    await give('SCIM endpoint', 'a-token-in-the-wrong-field');
    expect(screen.field.validationMessage).toMatch(/valid URL/);
    screen.field.escape();
    await settle();
    expect(described('SCIM endpoint')).toBe('Not provided');
  });

  test('remembers what is not secret, and so not the SCIM token', async () => {
    const asked = promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles });
    await give('SCIM access token', 'a-secret-of-scim');
    expect(described('SCIM access token')).toBe('Provided, not saved');
    await give('Domain', 'example.com');
    screen.pick.choose('Test sign-in');
    await settle();
    expect(described('Test sign-in')).toMatch(/^On\./);
    expect(screen.pick.activeItems).toEqual([screen.pick.row('Test sign-in')]); // Regression: it jumped to the top.
    screen.pick.choose('Check Now');
    expect(await asked).toEqual({
      answers: { scimToken: 'a-secret-of-scim', domain: 'example.com' },
      testSignIn: true,
    });
    expect(JSON.stringify(memento.keys().map((key) => memento.get(key)))).not.toContain('a-secret');

    const again = promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles });
    expect(described('SCIM access token')).toBe('Not provided');
    expect(described('Domain')).toBe('example.com');
    expect(described('Test sign-in')).toMatch(/^On\./);
    screen.pick.escape();
    expect(await rejectionOf(again)).toMatchObject({ kind: 'cancelled' });
  });

  test('forgot that the run before had a SCIM token, and checked less with the second run', async () => {
    const asked = promptForOptions(memento, 'kiro', {
      given: {},
      checkCount: 19,
      awsProfiles,
      secretsBefore: ['scimToken', 'oktaApiToken'],
    });
    expect(described('SCIM access token')).toBe('Enter it again. It isn’t saved.');
    expect(described('Okta service app: private key')).toBe('Not provided');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('SCIM access token')]);
    screen.pick.choose('Check Now');
    await settle();
    expect(screen.field).toMatchObject({
      title: 'SCIM access token · Kiro with Okta (OIDC)',
      password: true,
    });
    screen.field.submit('a-secret-of-scim');
    await settle();
    expect(screen.field.title).toMatch(/^Read-only Okta API token/);
    screen.field.submit(''); // Skipped on purpose.
    expect((await asked).answers).toEqual({ scimToken: 'a-secret-of-scim', oktaApiToken: '' });
  });

  test('returns to the list if a required secret is not entered', async () => {
    const asked = promptForOptions(memento, 'kiro', {
      given: {},
      checkCount: 19,
      awsProfiles,
      secretsBefore: ['scimToken', 'oktaApiToken'],
    });
    await give('Read-only Okta API token', '00a-secret-of-okta');
    screen.pick.choose('Check Now');
    await settle();
    screen.field.escape();
    await settle();
    expect(screen.pick.activeItems).toEqual([screen.pick.row('SCIM access token')]);
    await give('SCIM access token', '');
    screen.pick.choose('Check Now');
    expect((await asked).answers).toEqual({ scimToken: '', oktaApiToken: '00a-secret-of-okta' });
  });

  test('reaches the test sign-in after the last field', async () => {
    void promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles }).catch(() => undefined);
    await give('API address of the service', 'https://service.example.com');
    await give('Read-only Okta API token', '00a-secret-of-okta');
    await give('Region of the Kiro profile', 'us-east-1');
    expect(JSON.stringify(memento.keys().map((key) => memento.get(key)))).not.toContain('a-secret');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('Test sign-in')]);
  });

  test('a service app replaces the API token, and its key is not remembered', async () => {
    void promptForOptions(memento, 'kiro', { given: {}, checkCount: 19, awsProfiles }).catch(() => undefined);
    await give('Okta service app: client ID', '0oa1b2c3d4E5f6G7h8i9');
    await give('Okta service app: private key', '{"kty":"EC","d":"a-secret"}');
    const remembered = JSON.stringify(memento.keys().map((key) => memento.get(key)));
    expect(remembered).toContain('0oa1b2c3d4E5f6G7h8i9');
    expect(remembered).not.toContain('a-secret');
    expect(described('Okta service app: private key')).toBe('Provided, not saved');
    await give('API address of the service', 'https://service.example.com');
    await give('Region of the Kiro profile', 'us-east-1');
    expect(screen.pick.activeItems).toEqual([screen.pick.row('Test sign-in')]);
  });

  test('calls AWS only with a selected profile, and says so before it starts', async () => {
    const asked = promptForOptions(memento, 'identityCenter', { given: {}, checkCount: 17, awsProfiles });
    expect(described('AWS profile')).toBe('Not provided');
    expect(screen.pick.row('Check Now').detail).not.toMatch(/read calls/);
    screen.pick.choose('AWS profile');
    await settle();
    expect(screen.pick.labels).toEqual([
      ...['Skip AWS Checks', 'default', 'admin', 'Credentials from the environment'],
    ]);
    screen.pick.choose('admin');
    await settle();
    expect(described('AWS profile')).toBe('admin');
    expect(screen.pick.row('Check Now').detail).toMatch(/about 15 read calls/);
    screen.pick.choose('AWS profile');
    await settle();
    screen.pick.choose('Credentials from the environment');
    await settle();
    expect(described('AWS profile')).toBe('Credentials from the environment');
    screen.pick.choose('Check Now');
    expect((await asked).answers).toEqual({ awsProfile: '*' });
  });

  test('a SAML response is neither remembered nor displayed while typing', async () => {
    const asked = promptForOptions(memento, 'identityCenter', {
      given: {},
      checkCount: 17,
      awsProfiles,
      secretsBefore: ['samlResponse'],
    });
    expect(described('SAML response')).toBe('Enter it again. It isn’t saved.');
    await give('SAML response', 'PHNhbWwycDpS');
    expect(screen.field.validationMessage).toMatch(/whole SAML response/);
    expect(screen.field.password).toBe(true);
    screen.field.submit(`SAMLResponse=${'PHNhbWwycDpS'.repeat(20)}`);
    await settle();
    expect(described('SAML response')).toBe('Provided, not saved');
    screen.pick.choose('Check Now');
    expect((await asked).answers.samlResponse).toMatch(/^SAMLResponse=PHN/);
    expect(JSON.stringify(memento.keys().map((key) => memento.get(key)))).not.toContain('PHN');
  });

  test('reads metadata from a file, and keeps the previous one if none is selected', async () => {
    void promptForOptions(memento, 'identityCenter', { given: {}, checkCount: 17, awsProfiles }).catch(
      () => undefined,
    );
    views.file = 'file:///home/ana/metadata.xml';
    screen.pick.choose('Saved metadata.xml');
    await settle();
    expect(described('Saved metadata.xml')).toBe('/home/ana/metadata.xml');
    views.file = undefined;
    screen.pick.choose('Saved metadata.xml');
    await settle();
    expect(described('Saved metadata.xml')).toBe('/home/ana/metadata.xml');
  });
});

describe('promptForOptions: an input', () => {
  test.each([
    ['SCIM access token', /AWS shows it only once.* Settings > Automatic provisioning > Access tokens/],
    ['API address of the service', /^Only for your own service/],
    ['Read-only Okta API token', /^Not needed with a service app\./],
    ['Okta service app: client ID', /^Not needed with an API token\./],
  ])('did not say where to find %s, or when to leave it out', async (label, prompt) => {
    void promptForOptions(memento, 'identityCenter', { given: {}, checkCount: 17, awsProfiles }).catch(
      () => undefined,
    );
    screen.pick.choose(label);
    await settle();
    expect(screen.field.prompt).toMatch(prompt);
    expect(screen.field.prompt).toMatch(/Leave empty to skip\.$/);
  });

  test('that is a file did not say where to save it from, since its dialog has no room', () => {
    void promptForOptions(memento, 'identityCenter', { given: {}, checkCount: 17, awsProfiles }).catch(
      () => undefined,
    );
    expect(described('Saved metadata.xml')).toMatch(/From Okta: .*View IdP metadata/);
  });

  test('of Okta’s API did not say that one of two is enough', async () => {
    void promptForOptions(memento, 'kiro', { given: {}, checkCount: 17, awsProfiles }).catch(() => undefined);
    expect(described('Read-only Okta API token')).toMatch(/Either this or a service app/);
    await give('Read-only Okta API token', '00a-secret-of-okta');
    expect(described('Okta service app: client ID')).toBe('Not needed');
    expect(described('Okta service app: private key')).toBe('Not needed');
  });
});

test('askSecret masks its input, and treats an empty one as none', async () => {
  const asked = askSecret('identityCenter', 'scimToken');
  expect(screen.field.password).toBe(true);
  screen.field.submit('');
  expect(await asked).toBeUndefined();
  const given = askSecret('identityCenter', 'scimToken');
  screen.field.submit('Bearer abc');
  expect(await given).toBe('Bearer abc');
});
