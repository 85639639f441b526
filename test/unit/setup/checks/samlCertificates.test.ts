import { describe, expect, test } from 'vitest';
import { checkCertificates } from '../../../../src/setup/checks/samlCertificates.ts';
import type { SamlCertificate } from '../../../../src/setup/samlCertificate.ts';
import { day, january } from '../../fakes/examples.ts';
import { certificate, savedMetadata } from '../../fakes/samlMetadata.ts';

describe('checkCertificates: the signing certificate', () => {
  test.each<[string, readonly SamlCertificate[], string, string | undefined]>([
    ['for years', [certificate(-day, 900 * day)], 'pass', undefined],
    [
      'of which the newest counts',
      [certificate(-90 * day, -day), certificate(-day, 900 * day)],
      'pass',
      undefined,
    ],
    ['for a month and a day', [certificate(-day, 31 * day)], 'pass', undefined],
    ['for less than a month', [certificate(-day, 29 * day)], 'warning', 'certificateEndsSoon'],
    ['that ended', [certificate(-90 * day, -1)], 'fail', 'certificateExpired'],
    ['that has not begun', [certificate(day, 90 * day)], 'fail', 'certificateNotYet'],
    ['that cannot be read', [{ state: 'unreadable' }], 'fail', 'certificateUnreadable'],
    [
      'beside one that cannot be read',
      [{ state: 'unreadable' }, certificate(-day, 90 * day)],
      'warning',
      'certificateUnreadable',
    ],
    [
      'that ended, beside one that cannot be read',
      [{ state: 'unreadable' }, certificate(-90 * day, -day)],
      'fail',
      'certificateUnreadable',
    ],
    [
      'followed by one that ends soon, too',
      [certificate(-day, 9 * day), certificate(7 * day, 20 * day)],
      'warning',
      'certificateEndsSoon',
    ],
    ['that is not there', [], 'fail', 'noCertificate'],
    [
      'F14: beside the next one, not valid yet',
      [certificate(-day, 60 * day), certificate(7 * day, 900 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: followed in time',
      [certificate(-day, 9 * day), certificate(7 * day, 900 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: followed too late',
      [certificate(-day, 9 * day), certificate(20 * day, 900 * day)],
      'warning',
      'certificateEndsSoon',
    ],
    [
      'F14: beside an expired one that ended last of all',
      [certificate(-9 * day, -1), certificate(-day, 60 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: expired, the next one not valid yet',
      [certificate(-9 * day, -1), certificate(day, 90 * day)],
      'fail',
      'certificateExpired',
    ],
    [
      'F14: of which none has begun',
      [certificate(day, 60 * day), certificate(7 * day, 900 * day)],
      'fail',
      'certificateNotYet',
    ],
  ])('%s', async (_, certificates, state, reason) => {
    const result = await checkCertificates(savedMetadata({ certificates }));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });
});

test('the end of the last certificate without a gap before it is the one to be reminded of', async () => {
  const certificates = [
    certificate(-day, 60 * day),
    certificate(50 * day, 300 * day),
    certificate(299 * day, 600 * day),
    certificate(700 * day, 900 * day),
  ];
  const { evidence } = await checkCertificates(savedMetadata({ certificates }));
  expect(evidence).toContainEqual({ name: 'lastCertificateEndsAt', value: january + 600 * day });
  const alone = await checkCertificates(savedMetadata({ certificates: certificates.slice(0, 1) }));
  expect(alone.evidence.map(({ name }) => name)).not.toContain('lastCertificateEndsAt');
});

test('F14: notes about the others: when the next starts, and when earlier ones expired', async () => {
  const certificates = [
    certificate(-90 * day, -day),
    certificate(-day, 60 * day),
    certificate(7 * day, 900 * day),
  ];
  const { state, evidence } = await checkCertificates(savedMetadata({ certificates }));
  expect(state).toBe('pass');
  expect(Object.fromEntries(evidence.map(({ name, value }) => [name, value]))).toMatchObject({
    certificateEndsAt: january + 60 * day,
    nextCertificateStartsAt: january + 7 * day,
    expiredCertificateEndedAt: january - day,
  });
});

describe('checkCertificates: A8: a weak certificate is a warning, and an unknown algorithm is not verified', () => {
  const judged = async (...changes: readonly Partial<SamlCertificate>[]) => {
    const certificates = changes.map((one) => ({ ...certificate(-day, 900 * day), ...one }));
    const { state, reason } = await checkCertificates(
      savedMetadata({ certificates: certificates as SamlCertificate[] }),
    );
    return [state, reason];
  };

  test.each([
    [{ keyBits: 512 }, 'warning', 'certificateShortKey'],
    [{ keyBits: 1024 }, 'warning', 'certificateShortKey'],
    [{ keyBits: 4096 }, 'pass', undefined],
    [{ hasWeakHash: true }, 'warning', 'certificateWeakHash'],
    [{ keyType: 'ec' }, 'inconclusive', 'certificateNotRsa'],
    [{ keyType: 'rsa-pss' }, 'inconclusive', 'certificateNotRsa'],
  ])('%j', async (change, state, reason) => {
    expect(await judged(change)).toEqual([state, reason]);
  });

  test('one strong certificate is enough', async () => {
    expect(await judged({ keyBits: 1024 }, {})).toEqual(['pass', undefined]);
  });
});
