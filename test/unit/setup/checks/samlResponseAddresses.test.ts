import { describe, expect, test } from 'vitest';
import {
  checkResponseAudience,
  checkResponseIssuer,
  checkResponseRecipient,
} from '../../../../src/setup/checks/samlResponseAddresses.ts';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { textOf } from '../../../../src/setup/checks/resultTexts.ts';
import { english } from '../../../../src/setup/translator.ts';
import { pastedResponse, response } from '../../fakes/samlResponse.ts';

const [audience = '', recipient = ''] = [...response.audiences.flat(), ...response.recipients];
const inputs = { samlIssuerUrl: audience, acsUrl: recipient };

describe('checkResponseIssuer', () => {
  test.each([
    [['http://www.okta.com/exk1'], 'pass', undefined],
    [['http://www.okta.com/exk2'], 'fail', 'issuerDiffers'],
    [['http://www.okta.com/exk1', 'http://www.okta.com/exk2'], 'fail', 'issuerDiffers'],
    [[], 'fail', 'noIssuer'],
  ])('%j: %s', async (issuers, state, reason) => {
    const found = await checkResponseIssuer(pastedResponse({ issuers }));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

describe('checkResponseAudience', () => {
  test.each([
    [[[audience]], 'pass', undefined],
    [[['https://other.example', audience]], 'pass', undefined],
    [[[audience], [audience, 'https://other.example']], 'pass', undefined],
    [[[`${audience}/`]], 'fail', 'audienceDiffers'],
    [[], 'fail', 'noAudience'],
    [[[]], 'fail', 'noAudience'],
  ])('%j: %s', async (audiences, state, reason) => {
    const found = await checkResponseAudience(pastedResponse({ audiences }, inputs));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

test('several audience restrictions counted as one list, of which one audience was enough', async () => {
  const audiences = [[audience], ['https://other.example']];
  expect(await checkResponseAudience(pastedResponse({ audiences }, inputs))).toMatchObject({
    state: 'fail',
    reason: 'audienceDiffers',
    evidence: [{ name: 'audiences', value: [audience, 'https://other.example'] }, {}],
  });
});

describe('checkResponseRecipient', () => {
  test('a destination alone stood for the recipient that is missing', async () => {
    const found = await checkResponseRecipient(pastedResponse({ recipients: [] }, inputs));
    expect([found.state, found.reason]).toEqual(['fail', 'noRecipient']);
  });

  test('a destination at another address', async () => {
    const found = await checkResponseRecipient(
      pastedResponse({ destination: 'https://other.example' }, inputs),
    );
    expect([found.state, found.reason]).toEqual(['fail', 'recipientDiffers']);
  });

  test('one confirmation for another service failed the one for this', async () => {
    const recipients = ['https://other.example', recipient];
    expect(await checkResponseRecipient(pastedResponse({ recipients }, inputs))).toMatchObject({
      state: 'pass',
    });
  });

  test.each([
    [[recipient], 'pass', undefined],
    [['https://other.example'], 'fail', 'recipientDiffers'],
    [[], 'fail', 'noRecipient'],
  ])('%j: %s', async (recipients, state, reason) => {
    const found = await checkResponseRecipient(pastedResponse({ recipients }, inputs));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

test.each([(address: string) => `"${address}"`, (address: string) => `Address: ${address}`])(
  'an address that was copied with its label or quotes differed from itself',
  async (copied) => {
    const pasted = { ...inputs, acsUrl: copied(recipient), samlIssuerUrl: copied(audience) };
    expect(await checkResponseAudience(pastedResponse({}, pasted))).toMatchObject({ state: 'pass' });
    expect(await checkResponseRecipient(pastedResponse({}, pasted))).toMatchObject({ state: 'pass' });
  },
);

test.each([
  ['saml.responseAudience', 'audienceDiffers', checkResponseAudience],
  ['saml.responseRecipient', 'recipientDiffers', checkResponseRecipient],
] as const)('%s: typed values are not suggested as the correct ones', async (id, reason, check) => {
  const other = { audiences: [['https://other.example']], recipients: ['https://other.example'] };
  const found = await check(pastedResponse(other, inputs));
  expect(found.reason).toBe(reason);
  const row = checksOf.identityCenter.find((one) => one.id === id);
  if (row === undefined) throw new Error('The check was renamed.');
  const { next, value } = textOf(row, found, english, () => ({ found: '', next: '' }));
  expect(value).toBeUndefined();
  expect(next).toMatch(/^Compare both with the IAM Identity Center console/);
});
