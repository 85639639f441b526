import { describe, expect, test } from 'vitest';
import { awsApiHistoryChecks } from '../../../../src/setup/checks/awsApiHistory.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { awsAndOktaContext } from '../../fakes/checkContext.ts';
import { day, january } from '../../fakes/examples.ts';

interface Event {
  readonly name: string;
  readonly at: number;
  readonly credentialType?: string;
  readonly errorCode?: string;
}
const enabled = 'EnableExternalIdPConfigurationForDirectory';
const disabled = 'DisableExternalIdPConfigurationForDirectory';
const signIn = 'UserAuthentication';

/** The result if the account's history has these events. */
async function found(events: readonly Event[]) {
  const instance = { InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId: 'd-1234567890' };
  const { http } = answeringHttp((_url, { headers, body = '' }) =>
    headers['x-amz-target']?.endsWith('.ListInstances') === true
      ? Response.json({ Instances: [instance] })
      : Response.json({
          Events: events
            .filter(({ name }) => body.includes(`"${name}"`))
            .map(({ at, errorCode, credentialType: CredentialType }) => ({
              EventTime: at / 1000,
              CloudTrailEvent: JSON.stringify({ errorCode, additionalEventData: { CredentialType } }),
            })),
        }),
  );
  const check = awsApiHistoryChecks.find(({ id }) => id === 'awsApi.identitySource');
  return check?.run?.(awsAndOktaContext(http, 'https://d-1234567890.awsapps.com/start'));
}

describe('awsApiHistoryChecks: awsApi.identitySource', () => {
  const external = { name: signIn, at: january, credentialType: 'EXTERNAL_IDP' };
  const left = { name: disabled, at: january + day };
  const password = { name: signIn, at: january + 2 * day, credentialType: 'PASSWORD' };

  test('one account’s history was said to show that the provider is disabled, although another can enable it', async () => {
    const other = await found([external, left]);
    expect(other).toMatchObject({ state: 'inconclusive', reason: 'notExternal' });
    expect(await found([external, left, password])).toMatchObject({ state: 'fail', reason: 'notExternal' });
  });

  test.each<[what: string, events: readonly Event[]]>([
    ['a refused password', [external, left, { ...password, errorCode: 'AccessDenied' }]],
    ['a password before the change', [external, left, { ...password, at: january }]],
  ])('%s does not show that the provider is disabled', async (_what, events) => {
    expect(await found(events)).toMatchObject({ state: 'inconclusive', reason: 'notExternal' });
  });

  test.each<[what: string, events: readonly Event[]]>([
    ['the provider was enabled', [{ name: enabled, at: january }]],
    ['people sign in through it', [external]],
    ['it was enabled again', [external, left, { name: enabled, at: january + 2 * day }]],
    ['people sign in through it again', [left, { ...external, at: january + 2 * day }]],
    ['the attempt to disable it was refused', [external, { ...left, errorCode: 'AccessDenied' }]],
  ])('passes if %s', async (_what, events) => {
    expect(await found(events)).toMatchObject({ state: 'pass' });
  });

  test('an empty history proves nothing', async () => {
    expect(await found([])).toMatchObject({ state: 'inconclusive', reason: 'notInHistory' });
  });
});
