import { describe, expect, test } from 'vitest';
import {
  checkResponseAttributes,
  checkResponseSignature,
  checkResponseTimes,
} from '../../../../src/setup/checks/samlResponseContent.ts';
import type { SamlResponse } from '../../../../src/setup/samlResponse.ts';
import { january } from '../../fakes/examples.ts';
import { certificate } from '../../fakes/samlMetadata.ts';
import { pastedResponse } from '../../fakes/samlResponse.ts';

type Row = readonly [string, Partial<SamlResponse>, string, string | undefined];
const minute = 60_000;
const other = { ...certificate(-1, 1), fingerprint: 'CC' } as never;

describe('checkResponseTimes', () => {
  test.each<Row>([
    ['a response that is over passes: it was pasted', {}, 'pass', undefined],
    ['it ends before it begins', { validUntil: january - 80 * minute }, 'fail', 'timesContradict'],
    [
      'it can be delivered only before it begins',
      { deliverableUntil: january - 80 * minute },
      'fail',
      'timesContradict',
    ],
    ['it was issued after its end', { issuedAt: january - 30 * minute }, 'fail', 'timesContradict'],
    [
      'it was issued long before its beginning',
      { issuedAt: january - 90 * minute },
      'fail',
      'timesContradict',
    ],
    ['it names no end', { validUntil: undefined, deliverableUntil: undefined } as never, 'fail', 'noTimes'],
    [
      'it was issued in the future',
      {
        issuedAt: january + 10 * minute,
        validFrom: january + 9 * minute,
        validUntil: january + 15 * minute,
        deliverableUntil: january + 15 * minute,
      },
      'warning',
      'issuedAhead',
    ],
  ])('%s', async (_, change, state, reason) => {
    const found = await checkResponseTimes(pastedResponse(change));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

describe('checkResponseSignature', () => {
  test.each<Row>([
    ['a certificate of the metadata', {}, 'pass', undefined],
    ['another certificate', { certificates: [[other]] }, 'fail', 'otherCertificate'],
    [
      'another certificate for one of two signatures',
      { certificates: [[certificate(-1, 1)], [other]] },
      'fail',
      'otherCertificate',
    ],
    [
      'two certificates for one signature, which may be by the other',
      { certificates: [[certificate(-1, 1), other]] },
      'inconclusive',
      'certificateNotNamed',
    ],
    [
      'a certificate for one of two signatures alone',
      { certificates: [[certificate(-1, 1)], []] },
      'inconclusive',
      'certificateNotNamed',
    ],
    ['no signature', { signed: [], certificates: [] }, 'fail', 'notSigned'],
    ['a preview', { isWhole: false, signed: [], certificates: [] }, 'inconclusive', 'certificateNotNamed'],
    ['no certificate in it', { certificates: [[]] }, 'inconclusive', 'certificateNotNamed'],
    [
      'SHA-1',
      { signatureMethods: ['http://www.w3.org/2000/09/xmldsig#rsa-sha1'] },
      'warning',
      'signatureWeakHash',
    ],
  ])('%s', async (_, change, state, reason) => {
    const found = await checkResponseSignature(pastedResponse(change));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});

describe('checkResponseAttributes', () => {
  const ofAws = 'https://aws.amazon.com/SAML/Attributes/';
  test.each([
    ['none, as IAM Identity Center needs none', [], 'pass', undefined],
    [
      'those of others',
      ['email', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'],
      'pass',
      undefined,
    ],
    ['those for access control', [`${ofAws}AccessControl:CostCenter`], 'pass', undefined],
    ['those of accounts', [`${ofAws}Role`, `${ofAws}AccessControl:Team`], 'warning', 'unusedAttributes'],
    ['tags of principals', [`${ofAws}PrincipalTag:Team`], 'warning', 'unusedAttributes'],
    ['a slip in the name', [`${ofAws}accesscontrol:Team`], 'warning', 'unusedAttributes'],
    ['no key', [`${ofAws}AccessControl:`], 'warning', 'unusedAttributes'],
  ])('%s', async (_, attributes, state, reason) => {
    const found = await checkResponseAttributes(pastedResponse({ attributes }));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});
