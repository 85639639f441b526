import { describe, expect, test } from 'vitest';
import { checkResponseName } from '../../../../src/setup/checks/samlResponsePerson.ts';
import type { SamlResponse } from '../../../../src/setup/samlResponse.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { pastedResponse } from '../../fakes/samlResponse.ts';

const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:';

describe('checkResponseName', () => {
  test.each<[string, Partial<SamlResponse>, string, string | undefined]>([
    ['the person’s user name', {}, 'pass', undefined],
    ['the same in other letters', { nameId: 'Ana@Example.com' }, 'pass', undefined],
    [
      'another name, which may be of someone else',
      { nameId: 'ana.alves@example.com' },
      'inconclusive',
      'otherPerson',
    ],
    ['no email address', { nameId: 'ana' }, 'fail', 'nameIdNotEmail'],
    ['a name with two dots, which passed', { nameId: 'ana..b@example.com' }, 'fail', 'nameIdNotEmail'],
    ['a name that ends with a dot, which passed', { nameId: 'ana.@example.com' }, 'fail', 'nameIdNotEmail'],
    ['letters outside ASCII, which passed', { nameId: 'änne@example.com' }, 'fail', 'nameIdNotEmail'],
    ['an empty format, which failed', { nameIdFormat: '' }, 'warning', 'nameIdUnspecified'],
    ['a name that is encrypted', { nameId: '', isNameEncrypted: true }, 'inconclusive', 'encrypted'],
    ['no name', { nameId: '' }, 'fail', 'noNameId'],
    ['no format', { nameIdFormat: `${format}unspecified` }, 'warning', 'nameIdUnspecified'],
    [
      'another name without a format',
      { nameId: 'ben@example.com', nameIdFormat: `${format}unspecified` },
      'inconclusive',
      'otherPerson',
    ],
    [
      'a transient name',
      { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
      'fail',
      'nameIdFormat',
    ],
  ])('%s', async (_, change, state, reason) => {
    const found = await checkResponseName(pastedResponse(change));
    expect([found.state, found.reason]).toEqual([state, reason]);
  });

  test.each([
    [
      'was provisioned: the response is of someone else',
      [{ id: '2', userName: 'ben@example.com' }],
      'inconclusive',
      'otherPerson',
    ],
    ['was not provisioned', [], 'fail', 'nameIdDiffers'],
    [
      'cannot be told of, which no row explained: SCIM refuses the token',
      undefined,
      'inconclusive',
      'blocked',
    ],
  ])('a different name that %s', async (_, Resources, state, reason) => {
    const { http, asked } = answeringHttp(() =>
      Resources === undefined ? new Response('', { status: 401 }) : Response.json({ Resources }),
    );
    const inputs = {
      scimEndpoint: 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
      scimToken: 'secret',
    };
    const found = await checkResponseName(pastedResponse({ nameId: 'ben@example.com' }, inputs, { http }));
    expect([found.state, found.reason]).toEqual([state, reason]);
    expect(asked.map(([url]) => url.searchParams.get('filter'))).toEqual(['userName eq "ben@example.com"']);
  });
});
