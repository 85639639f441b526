import { describe, expect, test } from 'vitest';
import { nameOfStartUrl, parseStartUrl } from '../../../src/input/startUrl.ts';
import { builderId, partitionOfPage } from '../../../src/core/identityCenter/endpoints.ts';
import type { StartUrl } from '../../../src/input/startUrl.ts';
import { expectLinearTime } from '../fakes/quickest.ts';
import { thrownBy } from '../fakes/thrownBy.ts';

const ssoins = 'ssoins-7223f0a1b2c3d4e5';

/** The table "Start URLs and regions" in docs/PROTOCOL.md, in normal form. */
const forms: readonly StartUrl[] = [
  { url: 'https://d-1234567890.awsapps.com/start', partition: 'aws', alias: 'd-1234567890' },
  { url: 'https://my-company.awsapps.com/start', partition: 'aws', alias: 'my-company' },
  {
    url: 'https://view.awsapps.com/start',
    partition: 'aws',
    region: 'us-east-1',
    alias: 'AWS Builder ID',
  },
  { url: `https://identitycenter.amazonaws.com/${ssoins}`, partition: 'aws', alias: ssoins },
  {
    url: `https://${ssoins}.portal.eu-west-1.app.aws`,
    partition: 'aws',
    region: 'eu-west-1',
    alias: ssoins,
  },
  {
    url: `https://${ssoins}.us-east-2.portal.amazonaws.com`,
    partition: 'aws',
    region: 'us-east-2',
    alias: ssoins,
  },
  {
    url: 'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
    partition: 'aws-us-gov',
    alias: 'd-1234567890',
  },
  {
    url: 'https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/my-agency',
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    alias: 'my-agency',
  },
  {
    url: 'https://start.home.awsapps.cn/directory/d-1234567890',
    partition: 'aws-cn',
    alias: 'd-1234567890',
  },
  {
    url: 'https://start.cn-north-1.home.awsapps.cn/directory/d-1234567890',
    partition: 'aws-cn',
    region: 'cn-north-1',
    alias: 'd-1234567890',
  },
  { url: `https://identitycenter.amazonaws.eu/${ssoins}`, partition: 'aws-eusc', alias: ssoins },
  {
    url: `https://${ssoins}.eusc-de-east-1.portal.amazonaws.eu`,
    partition: 'aws-eusc',
    region: 'eusc-de-east-1',
    alias: ssoins,
  },
  { url: `https://${ssoins}.portal.amazonaws.eu`, partition: 'aws-eusc', alias: ssoins },
  {
    url: `https://${ssoins}.portal.us-gov-west-1.app.aws`,
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    alias: ssoins,
  },
  {
    url: `https://${ssoins}.us-gov-west-1.portal.amazonaws.com`,
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    alias: ssoins,
  },
  { url: `https://identitycenter.us-gov.amazonaws.com/${ssoins}`, partition: 'aws-us-gov', alias: ssoins },
  {
    url: `https://${ssoins}.portal.cn-north-1.app.amazonwebservices.com.cn`,
    partition: 'aws-cn',
    region: 'cn-north-1',
    alias: ssoins,
  },
  {
    url: `https://${ssoins}.cn-northwest-1.portal.amazonaws.com.cn`,
    partition: 'aws-cn',
    region: 'cn-northwest-1',
    alias: ssoins,
  },
  { url: `https://identitycenter.amazonaws.com.cn/${ssoins}`, partition: 'aws-cn', alias: ssoins },
  {
    url: `https://${ssoins}.portal.eusc-de-east-1.api.amazonwebservices.eu`,
    partition: 'aws-eusc',
    region: 'eusc-de-east-1',
    alias: ssoins,
  },
  {
    url: `https://${ssoins}.portal.us-isob-east-1.app.aws.scloud`,
    partition: 'aws-iso-b',
    region: 'us-isob-east-1',
    alias: ssoins,
  },
  {
    url: `https://${ssoins}.eu-isoe-west-1.portal.cloud.adc-e.uk`,
    partition: 'aws-iso-e',
    region: 'eu-isoe-west-1',
    alias: ssoins,
  },
  { url: `https://identitycenter.csp.hci.ic.gov/${ssoins}`, partition: 'aws-iso-f', alias: ssoins },
  { url: `https://identitycenter.c2s.ic.gov/${ssoins}`, partition: 'aws-iso', alias: ssoins },
  { url: 'https://sso.example.com/', alias: 'sso.example.com' },
  { url: 'https://example.com/aws/sign-in', alias: 'example.com' },
];

test.each([
  ['my-company', 'my-company'],
  ['AWS Builder ID', 'AWS Builder ID'],
  ['d-1234567890', 'IAM Identity Center (d-1234567890)'],
  [ssoins, `IAM Identity Center (${ssoins})`],
  ['sso.example.com', 'IAM Identity Center (sso.example.com)'],
])(
  'nameOfStartUrl: includes what an ID or host belongs to (regression: a status bar showed %s)',
  (alias, name) => {
    expect(nameOfStartUrl({ alias })).toBe(name);
  },
);

test("nameOfStartUrl: is never longer than a connection's name may be", () => {
  const { alias } = parseStartUrl(`https://${'long.'.repeat(40)}example.com`);
  expect(nameOfStartUrl({ alias }).length).toBeLessThanOrEqual(100);
});

// An account's ID starts with the partition, which the core derives from the host alone.
test.each(forms)('partitionOfPage derives the partition of $url', ({ url, partition }) => {
  expect(partitionOfPage(new URL(url).hostname)).toBe(partition);
});

describe.each(forms)('parseStartUrl: $url', (form) => {
  test('is accepted', () => {
    expect(parseStartUrl(form.url)).toEqual(form);
  });

  const bare = form.url.replace(/\/$/, '');
  const host = new URL(bare).host;
  test.each([
    ['with a slash', `${bare}/`],
    ['with slashes', `${bare}//`],
    ['with #', `${bare}#`],
    ['with #/', `${bare}#/`],
    ['with a slash and #/', `${bare}/#/`],
    ['as a link into the portal', `${bare}/#/?tab=accounts`],
    ['as a verification page', `${bare}/#/device?user_code=ABCD-EFGH`],
    ['with a query', `${bare}?ref=mail`],
    ['with spaces around it', ` \t${bare}\r\n`],
    ['without a scheme', bare.slice('https://'.length)],
    ['with HTTPS', `HTTPS://${bare.slice('https://'.length)}`],
    ['with its host in capitals', bare.replace(host, host.toUpperCase())],
    ['with the port of https', bare.replace(host, `${host}:443`)],
    ['in angle brackets', `<${bare}>`],
    ['with plain http', bare.replace('https:', 'http:')],
    ['with plain http and its port', bare.replace('https:', 'http:').replace(host, `${host}:80`)],
    ['in quotes', `"${bare}"`],
    ['in curly quotes', `\u201c${bare}\u201d,`],
    ['in backticks', `\`${bare}\``],
    ['as a Markdown link', `[My company](${bare})`],
    ['at the end of a sentence', `${bare}.`],
    ['with invisible characters at its edges', `\ufeff\u200b${bare}\u200b\u00a0`],
    ['with a dot behind its host', bare.replace(host, `${host}.`)],
    ["as the console's label has it", `AWS access portal URL: ${bare}`],
    ['on the line behind its label', `AWS access portal URL\n${bare}\n`],
    ['as a line of ~/.aws/config', `sso_start_url = ${bare}`],
    ['as a line of ~/.aws/config with a comment', `sso_start_url = ${bare}  # ours`],
    ['in an invitation', `Your AWS access portal URL: ${bare} Your username: ana`],
    ['in a link of HTML', `<a href="${bare}">AWS</a>`],
    ['without its scheme and with slashes', bare.slice('https:'.length)],
  ])('is accepted %s', (_, written) => {
    expect(parseStartUrl(written)).toEqual(form);
  });
});

describe('parseStartUrl: F16, ux 7: an address or ID that identifies a start URL', () => {
  const directory = {
    url: 'https://d-1234567890.awsapps.com/start',
    partition: 'aws',
    alias: 'd-1234567890',
  };
  const instance = { url: `https://identitycenter.amazonaws.com/${ssoins}`, partition: 'aws', alias: ssoins };
  const region = 'eu-central-1';
  test.each([
    ['d-1234567890', directory],
    ['D-1234567890', directory],
    ['"d-1234567890"', directory],
    ['d-1234567890.', directory],
    ['d-1234567890.awsapps.com', directory],
    ['https://d-1234567890.awsapps.com', directory],
    ['http://d-1234567890.awsapps.com/', directory],
    ['https://identitycenter.amazonaws.com/d-1234567890', directory],
    [ssoins, instance],
    [`arn:aws:sso:::instance/${ssoins}`, instance],
    [
      `arn:aws-iso-b:sso:::instance/${ssoins}`,
      { url: `https://identitycenter.sc2s.sgov.gov/${ssoins}`, partition: 'aws-iso-b', alias: ssoins },
    ],
    [
      `https://${region}.signin.aws/platform/d-1234567890/login?workflowStateHandle=1e8cb763`,
      { ...directory, region },
    ],
    [`https://${region}.signin.aws.amazon.com/platform/d-1234567890/login`, { ...directory, region }],
    [`https://${region}.sso.signin.aws/platform/d-1234567890/signup`, { ...directory, region }],
    [`${region}.signin.aws/platform/D-1234567890/`, { ...directory, region }],
    [`https://${region}.signin.aws/platform/saml/d-1234567890`, { ...directory, region }],
    [`https://${region}.signin.aws/platform/${ssoins}/login`, { ...instance, region }],
    [
      `https://portal.sso.${region}.amazonaws.com/login?directory_id=d-1234567890&orchestrator_id=1`,
      { ...directory, region },
    ],
    [
      `https://${region}.console.aws.amazon.com/singlesignon/home?region=${region}#!/instances/7223f0a1b2c3d4e5/dashboard`,
      { ...instance, region },
    ],
    [
      `https://111122223333-abcdefgh.${region}.console.aws.amazon.com/singlesignon/home?region=${region}#/instances/7223f0a1b2c3d4e5/users`,
      { ...instance, region },
    ],
    [
      'https://start.us-gov-home.awsapps.com/directory/D-1234567890#/',
      {
        url: 'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
        partition: 'aws-us-gov',
        alias: 'd-1234567890',
      },
    ],
    [
      'https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/d-1234567890/login',
      {
        url: 'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
        partition: 'aws-us-gov',
        region: 'us-gov-west-1',
        alias: 'd-1234567890',
      },
    ],
    [
      `https://eusc-de-east-1.signin.amazonaws-eusc.eu/platform/${ssoins}/login`,
      {
        url: `https://identitycenter.amazonaws.eu/${ssoins}`,
        partition: 'aws-eusc',
        region: 'eusc-de-east-1',
        alias: ssoins,
      },
    ],
    [
      `https://eusc-de-east-1.console.amazonaws-eusc.eu/singlesignon/home#/instances/${ssoins.slice(7)}/settings`,
      {
        url: `https://identitycenter.amazonaws.eu/${ssoins}`,
        partition: 'aws-eusc',
        region: 'eusc-de-east-1',
        alias: ssoins,
      },
    ],
    [
      'https://cn-north-1.signin.amazonaws.cn/platform/d-1234567890/login',
      {
        url: 'https://start.home.awsapps.cn/directory/d-1234567890',
        partition: 'aws-cn',
        region: 'cn-north-1',
        alias: 'd-1234567890',
      },
    ],
  ])('%s', (text, meant) => {
    expect(parseStartUrl(text)).toEqual(meant);
  });
});

describe('parseStartUrl: F16: a copied portal address of GovCloud or China', () => {
  const [agency, company] = [
    'https://start.us-gov-home.awsapps.com/directory/my-agency',
    'https://start.cn-north-1.home.awsapps.cn/directory/acme',
  ];
  test.each([
    ['https://start.us-gov-home.awsapps.com/directory/My-Agency', agency],
    ['https://START.US-GOV-HOME.AWSAPPS.COM/DIRECTORY/MY-AGENCY', agency],
    ['https://start.us-gov-home.awsapps.com/directory/MY-AGENCY/', agency],
    ['https://start.us-gov-home.awsapps.com/directory/My-Agency#/', agency],
    ['https://start.us-gov-home.awsapps.com/directory/MY-AGENCY/#/device?user_code=ABCD-EFGH', agency],
    ['https://start.us-gov-home.awsapps.com/directory/my-agency/start/index.html', agency],
    ['https://start.cn-north-1.home.awsapps.cn/directory/ACME/#/', company],
    ['https://start.CN-NORTH-1.home.awsapps.cn/Directory/Acme/start#/saml/custom/1', company],
  ])('%s', (text, url) => {
    expect(parseStartUrl(text).url).toBe(url);
  });
});

describe('parseStartUrl: F12: an invisible character inside', () => {
  test.each([
    ['https://d-12345\u200b67890.awsapps.com/start', 'U+200B'],
    ['https://d-1234567890.awsapps.com/\u2060start', 'U+2060'],
    ['d-12345\u00ad67890', 'U+00AD'],
    ['https://sso.\u200eexample.com/', 'U+200E'],
    ['https://d-1234567890.\nawsapps.com/start', 'U+000A'],
  ])('reports %j', (text, character) => {
    expect(thrownBy(() => parseStartUrl(text))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'startUrl', reason: 'character', character },
    });
  });
});

const inAwsApps = (host: string) => `https://${host}.awsapps.com/`;
test.each([' ', 'a', '.', 'd-', '/', '@', 'https://', 'ssoins-', '\u200b'])(
  '10: parses a megabyte of %j in linear time',
  (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    for (const around of [(long: string) => long, (long: string) => `a${long}a`, inAwsApps]) {
      const thrown = (long: string) => thrownBy(() => parseStartUrl(around(long)));
      expect(thrown(text)).toMatchObject({ kind: 'invalidInput' });
      expectLinearTime(thrown, text);
    }
  },
);

test('a link into a portal with an unambiguous host means that portal', () => {
  const { url } = parseStartUrl(`https://${ssoins}.portal.eu-west-1.app.aws/some/page`);
  expect(url).toBe(`https://${ssoins}.portal.eu-west-1.app.aws`);
});

test("AWS Builder ID's own constants are in normal form", () => {
  expect(parseStartUrl(builderId.startUrl)).toMatchObject({ url: builderId.startUrl, region: 'us-east-1' });
});

describe('parseStartUrl: text that is not a start URL', () => {
  test.each([
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['<>', 'empty'],
    ['my company', 'notUrl'],
    ['mycompany', 'notUrl'],
    ['https://', 'notUrl'],
    ['https:/', 'notUrl'],
    ['https://mycompany', 'notUrl'],
    ['https://exa mple.com/start', 'notUrl'],
    ['https://[not-an-address]/', 'notUrl'],
    ['javascript:alert(1)', 'notUrl'],
    ['ftp://sso.example.com/', 'notHttps'],
    ['https://d-1234567890.awsapps.com/console', 'notStartUrl'],
    ['https://d-1234567890.awsapps.com:8443/start', 'notStartUrl'],
    ['https://start.awsapps.com/start', 'notStartUrl'],
    ['https://a.b.awsapps.com/start', 'notStartUrl'],
    ['https://awsapps.com/start', 'notStartUrl'],
    ['https://console.aws.amazon.com/singlesignon/home', 'notStartUrl'],
    ['https://eu-central-1.console.aws.amazon.com/', 'notStartUrl'],
    ['https://identitycenter.amazonaws.com/', 'notStartUrl'],
    ['https://identitycenter.amazonaws.eu/', 'notStartUrl'],
    [`https://${ssoins}.portal.frankfurt.app.aws`, 'notStartUrl'],
    [`https://${ssoins}.portal.us-iso-east-1.app.aws`, 'notStartUrl'],
    [`https://${ssoins}.portal.us-east-1.app.aws.ic.gov`, 'notStartUrl'],
    ['https://console.c2s.ic.gov/', 'notStartUrl'],
    ['https://start.cloud.adc-e.uk/', 'notStartUrl'],
    [`https://${ssoins}.frankfurt.portal.amazonaws.com`, 'notStartUrl'],
    [`https://${ssoins}.portal.amazonaws.com`, 'notStartUrl'],
    ['https://start.us-gov-home.awsapps.com/', 'notStartUrl'],
    ['https://start.us-gov-home.awsapps.com/directory/', 'notStartUrl'],
    ['https://start.home.awsapps.cn/start', 'notStartUrl'],
    ['https://start.peking.home.awsapps.cn/directory/d-1234567890', 'notStartUrl'],
    ['https://oidc.us-east-1.amazonaws.com/', 'notStartUrl'],
    ['https://oidc.us-east-1.api.aws/', 'notStartUrl'],
    [`https://${ssoins}.app.amazonwebservices.com.cn`, 'notStartUrl'],
    [`https://${ssoins}.api.amazonwebservices.eu`, 'notStartUrl'],
    [`https://${ssoins}.portal.cn-north-1.app.aws`, 'notStartUrl'],
    [`https://${ssoins}.portal.us-east-1.app.amazonwebservices.com.cn`, 'notStartUrl'],
    ['https://us-east-1.signin.aws/platform/login', 'notStartUrl'],
    ['https://us-east-1.signin.aws/', 'notStartUrl'],
    [
      'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/1a2b3c4d-0000-0000-0000-000000000000',
      'notStartUrl',
    ],
    ['https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH', 'notStartUrl'],
    ['https://us-east-1.console.aws.amazon.com/singlesignon/home?region=us-east-1#!/', 'notStartUrl'],
    ['https://anything.aws/', 'notStartUrl'],
    ['d-123', 'notUrl'],
    ['ssoins-1', 'notUrl'],
  ])('%j: %s', (text, reason) => {
    expect(thrownBy(() => parseStartUrl(text))).toEqual({
      kind: 'invalidInput',
      details: { operation: 'startUrl', input: text, reason },
    });
  });

  test.each([
    'https://ada@sso.example.com/',
    'https://ada:secret@d-1234567890.awsapps.com/start',
    'https://:secret@sso.example.com/',
    'https://d-1234567890.awsapps.com@sso.example.com/',
  ])('%s: userInfo', (text) => {
    expect(thrownBy(() => parseStartUrl(text))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'startUrl', reason: 'userInfo' },
    });
  });

  test('is truncated in the error if it is long', () => {
    const { details } = thrownBy(() => parseStartUrl('x'.repeat(10_000)));
    expect(details.input).toBe('x'.repeat(200));
  });

  test('does not include its password in the error', () => {
    const { details } = thrownBy(() => parseStartUrl('https://ada:hunter2@sso.example.com/'));
    expect(JSON.stringify(details)).not.toContain('hunter2');
  });

  test("is an AWS address with a trailing dot, which is not a company's own", () => {
    const { details } = thrownBy(() => parseStartUrl('https://d-1234567890.awsapps.com./console'));
    expect(details.reason).toBe('notStartUrl');
  });
});

describe('parseStartUrl: a Region of another partition in the name', () => {
  test.each([
    'https://start.eu-west-1.us-gov-home.awsapps.com/directory/d-1234567890',
    'https://start.us-east-1.home.awsapps.cn/directory/d-1234567890',
    `https://${ssoins}.us-east-1.portal.amazonaws.eu`,
    `https://${ssoins}.cn-north-1.portal.amazonaws.com`,
  ])('is not a start URL: %s', (url) => {
    expect(thrownBy(() => parseStartUrl(url)).details.reason).toBe('notStartUrl');
  });
});

describe("parseStartUrl: an address that only resembles AWS's", () => {
  test.each([
    'https://d-1234567890.awsapps.com.evil.example/start',
    'https://awsapps.com.example/start',
    'https://my-awsapps.com/start',
    'https://identitycenter.amazonaws.com.example/ssoins-7223f0a1b2c3d4e5',
    `https://${ssoins}.portal.eu-west-1.app.aws.example/`,
  ])("is a company's own: %s", (url) => {
    expect(parseStartUrl(url)).not.toHaveProperty('partition');
  });
});

describe('parseStartUrl: F16: a start URL as spelled by other programs and keyboards', () => {
  const normal = 'https://d-1234567890.awsapps.com/start';
  test.each([
    'HTTPS://D-1234567890.AWSAPPS.COM/START',
    `${normal}%20`,
    `${normal}%E2%80%8B/`,
    `${normal}%20#/`,
    normal.replace('d-', 'd\u2011'),
    normal.replace('d-', 'd\u2013'),
    normal.replace('://', ':/'),
    normal.replace('://', '//'),
    normal.replace(/\//g, '\\'),
    normal.replace('://', '\uff1a//'),
    normal.replace('d-', '\uff44-'),
    `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(`${normal}/#/`)}&data=05`,
    `https://nam02.safelinks.protection.outlook.com/ap/t-59584e83/?url=${encodeURIComponent(normal)}`,
    `https://www.google.com/url?q=${normal}&source=gmail`,
    `https://slack-redir.net/link?url=${encodeURIComponent(normal)}`,
    `https://urldefense.com/v3/__${normal}__;!!abc$`,
  ])('%j', (written) => {
    expect(parseStartUrl(written).url).toBe(normal);
  });

  test('a link of those programs without a start URL counts as its own address', () => {
    expect(parseStartUrl('https://www.google.com/url?q=start').url).toBe('https://www.google.com/url');
  });
});
