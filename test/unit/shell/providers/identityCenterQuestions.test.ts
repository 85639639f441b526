import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import {
  askNewIdentityCenter,
  editIdentityCenter,
  offerRegion,
} from '../../../../src/shell/providers/identityCenterQuestions.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { startUrl } = identityCenterConnection;
const withRegion = 'https://ssoins-1234567890abcdef.us-west-2.portal.amazonaws.com';
const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);

describe('askNewIdentityCenter', () => {
  test('asks for the Region of a start URL without one', async () => {
    const { context, memento } = await shellWorld();
    const done = askNewIdentityCenter(context, 'Title', { totalSteps: 2 });
    await shown();
    expect(screen.field).toMatchObject({ title: 'Title', step: 1, totalSteps: 2 });
    const { field } = screen;
    field.submit(startUrl);
    await settleUntil(() => screen.input !== undefined && screen.input !== field);
    expect(screen.pick).toMatchObject({ title: 'Title', step: 2, totalSteps: 2 });
    screen.pick.choose('Europe (Frankfurt)');
    expect(await done).toMatchObject({ type: 'identityCenter', startUrl, region: 'eu-central-1' });
    expect(memento.get('typed.startUrl')).toBe(startUrl);
  });

  test('asks for the region where connections to one start URL have several', async () => {
    const { context } = await shellWorld();
    const known = [identityCenterConnection, { ...identityCenterConnection, region: 'us-east-1' }];
    const done = askNewIdentityCenter(context, 'Title', { totalSteps: 2, known });
    await shown();
    const { field } = screen;
    field.submit(startUrl);
    await settleUntil(() => screen.input !== undefined && screen.input !== field);
    screen.pick.choose('Europe (Frankfurt)');
    expect(await done).toMatchObject({ region: 'eu-central-1' });
  });

  test('does not ask for a region that the start URL names', async () => {
    const { context } = await shellWorld();
    const done = askNewIdentityCenter(context, 'Title', { totalSteps: 2 });
    await shown();
    screen.field.submit(withRegion);
    expect(await done).toMatchObject({ region: 'us-west-2' });
  });
});

describe('askNewIdentityCenter: the start URL', () => {
  test.each([
    ['https://example.okta.com', 'Okta'],
    ['example-admin.okta.com/admin/dashboard', 'Okta'],
    ['https://example.oktapreview.com/app/UserHome', 'Okta'],
    ['https://login.microsoftonline.com/common', 'OpenID Connect'],
    ['https://accounts.google.com', 'OpenID Connect'],
    ['https://example.auth0.com/', 'OpenID Connect'],
  ])('asked a server about a URL for another provider: %s', async (url, other) => {
    const { context } = await shellWorld();
    const http = vi.fn<typeof context.http>();
    const done = rejectionOf(askNewIdentityCenter({ ...context, http }, 'Title', { totalSteps: 2 }));
    await shown();
    screen.field.submit(url);
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.field.validationMessage).toBe(
      `This URL is for ${other}. Sign in with ${other}, or enter a URL for IAM Identity Center.`,
    );
    expect(http).not.toHaveBeenCalled();
    screen.field.escape();
    await done;
  });

  test('an email address was refused because of its username', async () => {
    const { context } = await shellWorld();
    const done = rejectionOf(askNewIdentityCenter(context, 'Title', { totalSteps: 2 }));
    await shown();
    screen.field.submit('ana@example.com');
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.field.validationMessage).toMatch(/^Enter a valid start URL/);
    screen.field.escape();
    await done;
  });
});

describe('askNewIdentityCenter: Escape', () => {
  test.each(['start URL', 'region'])('in the question for %s cancels silently', async (step) => {
    const { context } = await shellWorld();
    const done = rejectionOf(askNewIdentityCenter(context, 'Title', { totalSteps: 2 }));
    await shown();
    if (step === 'region') {
      const { field } = screen;
      field.submit(startUrl);
      await settleUntil(() => screen.input !== undefined && screen.input !== field);
      screen.pick.escape();
    } else screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect([screen.input, screen.messages]).toEqual([undefined, []]);
  });
});

describe('editIdentityCenter', () => {
  test('a new Region keeps the start URL', async () => {
    const { context } = await shellWorld();
    const done = editIdentityCenter(context, identityCenterConnection, 'region');
    await shown();
    expect(screen.pick.title).toBe('Edit Region');
    screen.pick.choose('US East (N. Virginia)');
    expect(await done).toEqual({ ...identityCenterConnection, region: 'us-east-1' });
  });

  test.each([
    ['Example', 'Example'],
    ['d-1234567890', 'IAM Identity Center (ssoins-1234567890abcdef)'],
    ['IAM Identity Center (d-1234567890)', 'IAM Identity Center (ssoins-1234567890abcdef)'],
  ])('a new start URL updates a name derived from the old one (%s)', async (name, after) => {
    const { context, memento } = await shellWorld();
    const done = editIdentityCenter(context, { ...identityCenterConnection, name }, 'startUrl');
    await shown();
    expect(screen.field).toMatchObject({ title: 'Edit Start URL', value: startUrl });
    screen.field.submit(withRegion);
    const edited = await done;
    expect(edited.region).toBe('us-west-2');
    expect(edited.name).toEqual(after);
    expect(memento.get('typed.startUrl')).toBe(edited.startUrl); // The next sign-in begins with it.
  });
});

describe('offerRegion', () => {
  const error = new SignInError('invalidStartUrl', { host: 'oidc.eu-central-1.amazonaws.com' });

  test('offers to edit the start URL only if a retry is possible', async () => {
    const { context } = await shellWorld();
    for (const canEdit of [true, false]) {
      const done = rejectionOf(offerRegion(context, identityCenterConnection, error, canEdit));
      await shown();
      expect(screen.message).toMatchObject({
        severity: 'error',
        buttons: ['Detect Region', ...(canEdit ? ['Edit Start URL…'] : [])],
      });
      screen.message.answer(undefined);
      expect(await done).toMatchObject({ kind: 'cancelled', cause: error });
    }
  });

  test('the request ID stood before what to do', async () => {
    const { context } = await shellWorld();
    const details = { host: 'oidc.eu-central-1.amazonaws.com', requestId: 'f3b2c1d0' };
    const done = rejectionOf(
      offerRegion(context, identityCenterConnection, new SignInError('invalidStartUrl', details), true),
    );
    await shown();
    expect(screen.message.message).toMatch(/ Check the start URL .* Request ID: f3b2c1d0\.$/);
    screen.message.answer(undefined);
    await done;
  });

  test('asks before a request to AWS, and respects a no', async () => {
    const { context } = await shellWorld();
    const done = rejectionOf(offerRegion(context, identityCenterConnection, error, true));
    await shown();
    screen.message.answer('Detect Region');
    await shown();
    expect(screen.message).toMatchObject({ isModal: true, message: 'Detect the AWS Region?' });
    expect(screen.message.detail).toContain(startUrl);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });
});
