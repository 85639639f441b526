import { describe, expect, test } from 'vitest';
import { fail } from '../../../../src/setup/checkResult.ts';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { checkSamlResponse, responseIn } from '../../../../src/setup/checks/samlResponse.ts';
import type { SamlResponse } from '../../../../src/setup/samlResponse.ts';
import { english } from '../../../../src/setup/translator.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, january } from '../../fakes/examples.ts';
import { pastedResponse } from '../../fakes/samlResponse.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe('checkSamlResponse', () => {
  test('passes for a successful sign-in', async () => {
    expect(await checkSamlResponse(pastedResponse({}))).toMatchObject({ state: 'pass' });
  });

  test.each<[string, Partial<SamlResponse>, string, string]>([
    ['a refusal', { statusCodes: ['Responder', 'AuthnFailed'], assertionCount: 0 }, 'fail', 'statusFailed'],
    [
      'a NameID that Okta cannot send',
      { statusCodes: ['Requester', 'InvalidNameIDPolicy'] },
      'fail',
      'nameIdRefused',
    ],
    ['no status', { statusCodes: [] }, 'inconclusive', 'notResponse'],
    ['no assertion', { assertionCount: 0 }, 'fail', 'noAssertion'],
    ['an encrypted assertion', { assertionCount: 0, isEncrypted: true }, 'inconclusive', 'encrypted'],
    [
      'a response from before the last change',
      { issuedAt: january - 2 * day },
      'inconclusive',
      'responseOld',
    ],
    ['several assertions', { assertionCount: 2 }, 'inconclusive', 'severalAssertions'],
  ])('%s', async (_, change, state, reason) => {
    expect(await checkSamlResponse(pastedResponse(change))).toMatchObject({ state, reason });
  });

  test('other text proves nothing, and is reported if it is not XML', async () => {
    const context = checkContext({
      inputs: { samlResponse: 'x' },
      ports: { readSamlResponse: () => ({ problem: 'notWellFormed', line: 2, column: 7 }) },
    });
    expect(await checkSamlResponse(context)).toMatchObject({
      state: 'inconclusive',
      reason: 'notWellFormed',
      evidence: [{ name: 'place', value: '2:7' }],
    });
    expect(await rejectionOf(responseIn(context.lookups))).toMatchObject({ kind: 'invalidInput' });
  });
});

describe('samlResponseChecks: with another identity provider', () => {
  const rows = checksOf.identityCenter.filter(({ id }) => /^saml\.(?:response\w*|certificates)$/.test(id));
  const results = rows.flatMap(({ id, texts }) =>
    Object.entries(texts(english).results ?? {}).map(([reason, text]) => {
      const { found, next } = typeof text === 'function' ? text(fail(reason)) : text;
      return { name: `${id}: ${reason}`, found, next: next ?? '' };
    }),
  );

  test('no sentence mentions Okta as the sender of the response', () => {
    expect(rows.length).toBeGreaterThan(6);
    expect(results.filter(({ found }) => found.includes('Okta'))).toEqual([]);
    expect(
      results.filter(({ next }) => next.includes('Okta') && !next.includes('identity provider')),
    ).toEqual([]);
  });
});
