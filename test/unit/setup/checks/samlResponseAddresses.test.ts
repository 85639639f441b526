import { describe, expect, test } from 'vitest';
import {
  checkResponseAudience,
  checkResponseIssuer,
  checkResponseRecipient,
} from '../../../../src/setup/checks/samlResponseAddresses.ts';
import { pastedResponse, response } from '../../fakes/samlResponse.ts';

const [audience = '', recipient = ''] = [...response.audiences, ...response.recipients];
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
    [[audience], 'pass', undefined],
    [['https://other.example', audience], 'pass', undefined],
    [[`${audience}/`], 'fail', 'audienceDiffers'],
    [[], 'fail', 'noAudience'],
  ])('%j: %s', async (audiences, state, reason) => {
    const found = await checkResponseAudience(pastedResponse({ audiences }, inputs));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

describe('checkResponseRecipient', () => {
  test.each([
    [[recipient], 'pass', undefined],
    [['https://other.example', recipient], 'fail', 'recipientDiffers'],
    [[], 'fail', 'noRecipient'],
  ])('%j: %s', async (recipients, state, reason) => {
    const found = await checkResponseRecipient(pastedResponse({ recipients }, inputs));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});
