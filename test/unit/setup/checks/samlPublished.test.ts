import { describe, expect, test } from 'vitest';
import { checkSamlPublished } from '../../../../src/setup/checks/samlPublished.ts';
import type { SamlCertificate } from '../../../../src/setup/samlCertificate.ts';
import type { SamlMetadata } from '../../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day } from '../../fakes/examples.ts';
import { certificate, metadata, post } from '../../fakes/samlMetadata.ts';

describe('checkSamlPublished: A2: compares the saved file with the published metadata', () => {
  const url = 'https://example.okta.com/app/amazon_aws_sso/exkAbc1/sso/saml';
  const saved: SamlMetadata = {
    ...metadata,
    entityId: 'http://www.okta.com/exkAbc1',
    signOn: [{ binding: post, url }],
    certificates: [{ ...certificate(-day, day), fingerprint: 'AA' } as SamlCertificate],
  };
  async function compared(published: Partial<SamlMetadata> | undefined, answer?: Response) {
    const { http, asked } = answeringHttp(() => answer ?? new Response('published'));
    const result = await checkSamlPublished(
      checkContext({
        inputs: { metadataXml: 'saved' },
        ports: {
          http,
          readSamlMetadata: (xml) =>
            xml === 'saved'
              ? { metadata: saved }
              : published === undefined
                ? { problem: 'webPage' }
                : { metadata: { ...saved, ...published } },
        },
      }),
    );
    return { ...result, asked };
  }
  const withPrint = (...prints: readonly string[]): Partial<SamlMetadata> => ({
    certificates: prints.map(
      (fingerprint) => ({ ...certificate(-day, day), fingerprint }) as SamlCertificate,
    ),
  });

  test('uses the address that needs no credential, and sends none', async () => {
    const { state, asked } = await compared({});
    expect(state).toBe('pass');
    expect(asked.map(([address, { headers }]) => [address.href, Object.keys(headers)])).toEqual([
      ['https://example.okta.com/app/exkAbc1/sso/saml/metadata', ['accept']],
    ]);
  });

  test('a sign-on URL that the file has twice was another one', async () => {
    const once = { binding: post, url };
    expect(await compared({ signOn: [once, once] })).toMatchObject({ state: 'pass' });
  });

  test('says where a redirect leads', async () => {
    const elsewhere = 'https://login.example.com/app/exkAbc1/sso/saml/metadata';
    const answer = new Response(null, { status: 302, headers: { location: elsewhere } });
    expect(await compared(undefined, answer)).toMatchObject({
      state: 'inconclusive',
      reason: 'unclearAnswer',
    });
    const { evidence } = await compared(undefined, answer);
    expect(evidence).toContainEqual({ name: 'redirectsTo', value: elsewhere });
  });

  test.each<[string, Partial<SamlMetadata> | undefined, string, string | undefined]>([
    ['another certificate', withPrint('BB'), 'fail', 'certificateReplaced'],
    ['a certificate more', withPrint('AA', 'BB'), 'warning', 'certificateAdded'],
    ['another entity ID', { entityId: 'http://www.okta.com/exkAbc2' }, 'fail', 'publishedEntityDiffers'],
    [
      'another sign-on URL',
      { signOn: [{ binding: post, url: url.replace('example', 'other') }] },
      'fail',
      'publishedSignOnDiffers',
    ],
    ['a page', undefined, 'inconclusive', 'unclearAnswer'],
    ['no certificate', { certificates: [] }, 'inconclusive', 'unclearAnswer'],
    [
      'certificates that cannot be read',
      { certificates: [{ state: 'unreadable' }] },
      'inconclusive',
      'unclearAnswer',
    ],
  ])('%s', async (_, published, state, reason) => {
    const result = await compared(published);
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test.each([
    [404, 'notPublished'],
    [302, 'unclearAnswer'],
    [403, 'unclearAnswer'],
  ])('HTTP %i proves nothing', async (status, reason) => {
    const result = await compared({}, new Response(null, { status }));
    expect([result.state, result.reason]).toEqual(['inconclusive', reason]);
  });
});
