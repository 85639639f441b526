import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { canOthersChange } from '../../src/adapters/node/windowsAccess.ts';
import { readAddress } from '../../src/input/addresses.ts';
import { connectionLink, connectionWebLink, parseConnectionLink } from '../../src/features/connectionLink.ts';
import { valueOfText } from '../../src/input/fieldValues.ts';
import { takePasted } from '../../src/input/pastedCallback.ts';
import { displayLines, displayText } from '../../src/core/text/displayText.ts';
import { checkVerificationPage, endpointsOf, fromTemplate } from '../../src/core/identityCenter/endpoints.ts';
import { parseTokenResponse as parseCreateToken } from '../../src/core/identityCenter/token.ts';
import { pageToOpen } from '../../src/core/oauth/devicePolling.ts';
import { isResponseTo } from '../../src/core/oauth/userInteraction.ts';
import { dialects, meaningIn } from '../../src/core/oauth/errorMeanings.ts';
import { OAuthErrorResponse } from '../../src/core/oauth/errorResponse.ts';
import { decodeClaims, textClaim } from '../../src/core/oidc/accessToken.ts';
import { demandOf } from '../../src/core/oidc/clientDemand.ts';
import { endSessionAddress } from '../../src/features/endSession.ts';
import { parseTokenResponse } from '../../src/core/oidc/token.ts';
import { awsProfile, withProfile } from '../../src/features/awsProfile.ts';
import { callerIdentityCommand } from '../../src/features/awsCliName.ts';
import { redact } from '../../src/features/redaction.ts';
import { accountAt } from '../../src/core/providers/openId.ts';
import { accountOf } from '../../src/core/session/account.ts';
import { missingRights } from '../../src/core/session/rights.ts';
import { parseAbout } from '../../src/core/session/sessionRecord.ts';
import { lifetimeSeconds } from '../../src/core/oauth/tokenSet.ts';
import { createSecretFilter, withoutSecrets } from '../../src/output/withoutSecrets.ts';
import { detailsHtml } from '../../src/shell/status/detailsHtml.ts';
import { otherProvider } from '../../src/shell/providers/otherProvider.ts';
import { withIcon } from '../../src/shell/ui/plainText.ts';
import { wrapText } from '../../src/shell/ui/wrapText.ts';
import { authorizationServer, oktaConnection } from './fakes/examples.ts';
import { clientDemandMessage } from '../../src/shell/clientDemandMessage.ts';
import { invalidResponse, metadataMissing } from '../../src/shell/responseMessages.ts';
import { expectLinearTime } from './fakes/quickest.ts';
import { projectRoot } from '../tools/lib/paths.ts';
import { consoleUrlOf } from '../../src/setup/consolePages.ts';

vi.mock('vscode', async () => import('./fakes/vscode.ts'));

/**
 * 10.01, 10.02: processing foreign text takes linear time. Finds and runs every exported function outside of the
 * adapters that takes a text; functions that need more arguments have calls in `calls`, to which new ones must
 * be added. Adapters that parse foreign text are included, with shorter texts.
 */

const size = 300_000;
const kinds = [
  ' ',
  'a',
  'A1',
  'token=',
  'eyJaaaa.',
  '/',
  '"',
  '`',
  '%41',
  '@',
  'a@',
  ':',
  '://',
  '\\',
  '](',
  '\u200b',
  'G:',
  'O:BAG:',
  '<a ',
  '<!--',
  '\r',
];
/** Parsers create an object per character, so a shorter text is enough to detect quadratic time. */
const sizeForParsers = 50_000;
/** Text that other programs write: files, access lists, variables. */
const parsers = [
  'awsConfigText',
  'samlMetadata',
  'windowsAccess',
  'lockHolder',
  'sealedRecord',
  'networkVariables',
];

const texts = kinds.map((kind) => [kind, kind.repeat(Math.ceil(size / kind.length)).slice(0, size)] as const);
const secret = 'aoaAAAAAGd_8hQ2yJ1kLmNoPqRsTuV';
const nowhere = { oidc: '', portal: '' };

/** Calls of functions that need more than a text. */
const calls: Readonly<Record<string, (text: string) => unknown>> = {
  canOthersChange: (text) => canOthersChange(`O:${text}`, 'file'),
  displayText: (text) => displayText(text, 1000),
  displayLines: (text) => displayLines(text, 4000),
  otherProvider: (text) => otherProvider('okta', text),
  withIcon: (text) => withIcon('account', text),
  withoutSecrets: (text) => withoutSecrets(text, [secret, 'a'.repeat(4000)]),
  createSecretFilter: (text) => createSecretFilter([secret])(text),
  redact: (text) => redact(text, { secrets: [secret], home: '/home/ana' }),
  parseConnectionLink: (text) => parseConnectionLink('/connect', text),
  connectionLink: (text) => connectionLink('vscode', { ...oktaConnection, name: text }),
  connectionWebLink: (text) => connectionWebLink(text, oktaConnection),
  readAddress: (text) => readAddress('issuer', text),
  valueOfText: (text) => [valueOfText('map', text), valueOfText('scopes', text), valueOfText('ports', text)],
  takePasted: (text) =>
    takePasted(text, {
      redirectUri: 'http://localhost:2128/oauth/callback',
      takeCallback: () => true,
    }),
  // `deviceCodeOf` reads at most 1,000 characters of a page.
  pageToOpen: (text) =>
    pageToOpen({
      userCode: text,
      page: 'https://x.example/',
      completePage: `https://x.example/${text.slice(0, 1000)}`,
    }),
  isResponseTo: (text) => isResponseTo(new URLSearchParams({ state: text }), text),
  // Each character is decoded: less of it is enough to tell a quadratic one.
  decodeClaims: (text) => decodeClaims(v.object({ sub: textClaim }), `a.${text.slice(0, sizeForParsers)}.c`),
  accountAt: (text) => accountAt('https://example.okta.com', { subject: text, login: text }),
  accountOf: (text) => accountOf(oktaConnection, { accessToken: text }),
  parseAbout: (text) => parseAbout('x', text),
  lifetimeSeconds: (text) => lifetimeSeconds(text, 0),
  meaningIn: (text) => meaningIn(text, {}, { dialect: dialects.okta, step: 'refresh' }),
  'oidc/token.parseTokenResponse': (text) =>
    parseTokenResponse({ access_token: text, token_type: text, scope: text, expires_in: text }, 0, []),
  'identityCenter/token.parseTokenResponse': (text) =>
    parseCreateToken({ accessToken: text, tokenType: text, expiresIn: text }, 0, []),
  demandOf: (text) =>
    demandOf(new OAuthErrorResponse('invalid_client', { description: text }), {
      ...authorizationServer,
      mayDemand: ['dpop'],
    }),
  endSessionAddress: (text) =>
    endSessionAddress({ ...authorizationServer, endSessionEndpoint: 'https://x.example' }, 'client-1', text),
  consoleUrlOf: (text) => consoleUrlOf({ page: 'oktaApplications' }, text, { metadataXml: text }),
  awsProfile: (text) =>
    awsProfile(text, {
      ...{ accountId: '123456789012', roleName: 'Admin', accountName: 'Prod', region: 'us-east-1' },
      ...{ command: 'sso-token', sessionId: 'b2f0', account: 'Example' },
      ssoSession: undefined,
    }),
  withProfile: (text) => withProfile(text, ['[profile x]', text]),
  missingRights: (text) => missingRights({ scopes: [text] }, [text]),
  fromTemplate: (text) => fromTemplate(text, 'us-east-1'),
  endpointsOf: (text) => endpointsOf('us-east-1', { ...nowhere, oidc: text }),
  checkVerificationPage: (text) =>
    checkVerificationPage(text, 'us-east-1', 'https://oidc.us-east-1.amazonaws.com'),
  callerIdentityCommand: (text) =>
    callerIdentityCommand([{ name: text, ssoSession: text, hasRegion: true }], text, text),
  invalidResponse: (text) => invalidResponse({ description: text, requestId: text }, text),
  metadataMissing: (text) => metadataMissing({}, text),
  clientDemandMessage: (text) => clientDemandMessage(text, { reason: 'clientSecret', description: text }),
  wrapText: (text) => wrapText(text, 95),
  detailsHtml: (text) => detailsHtml('en', text, text, [{ heading: text, rows: [[text, text]] }]),
};

/** These pass their text to a function above or to VS Code, or never receive foreign text. */
const others: ReadonlySet<string> = new Set([
  ...[
    'registerProvider',
    'pageHtml',
    'showStatusMessage',
    'createPage',
    'createStatusBarEntry',
    'askCallback',
  ],
  ...[
    'qrCodeHtml',
    'showQrCodePanel',
    'qrCodeHtml',
    'forAdministrator',
    'configProblemMessage',
    'fieldProblem',
    'errorAt',
    'sectionLines',
  ],
  ...[
    'lastUsedFirst',
    'regionProblem',
    'checkSubject',
    'connectionDetail',
    'authorizationCodeRegistration',
    'isChosenBy',
    'redirectUriAt',
    'authorizationUrl',
    'withValue',
    ...['fact', 'count', 'valuesOf', 'typedBefore', 'makeSealingKey', 'kindOf'],
    ...[
      'isInTerminal',
      'inTerminal',
      'isAllowedAt',
      'isNamed',
      'consoleAddress',
      'terminalMeaning',
      'createTerminals',
      'choose',
      'dateText',
      'lostAccessText',
      'tokenSetOf',
      'runBefore',
    ],
  ],
  ...['withValue', 'textsOfField', 'labelOfField'],
]);

interface Found {
  readonly file: string;
  readonly name: string;
  /** The arguments of a function that takes only texts and lists of them. */
  readonly takes: readonly ('text' | 'list')[] | 'more';
}

function exportedFunctions(): readonly Found[] {
  const files = [
    ...['core', 'input', 'output', 'features', 'setup', 'shell'].flatMap((room) =>
      globSync(`src/${room}/**/*.ts`, { cwd: projectRoot }),
    ),
    ...parsers.map((name) => `src/adapters/node/${name}.ts`),
  ];
  return files.flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(projectRoot, file), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    return source.statements.flatMap((statement): Found[] => {
      if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
      const has = (kind: ts.SyntaxKind) => statement.modifiers?.some((one) => one.kind === kind) === true;
      if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.AsyncKeyword)) return [];
      const types = statement.parameters.map((one) => one.type?.getText(source) ?? '');
      const isText = (type: string) =>
        /^(unknown|string( \| (undefined|null))?|readonly string\[\])$/.test(type);
      if (!types.some(isText)) return [];
      const needed = statement.parameters
        .filter((one, index) => index === 0 || (!one.questionToken && !one.initializer))
        .map((one) => one.type?.getText(source) ?? '');
      const takes = needed.every(isText)
        ? needed.map((type) => (type.endsWith('[]') ? ('list' as const) : ('text' as const)))
        : 'more';
      return [{ file, name: statement.name.text, takes }];
    });
  });
}

const all = exportedFunctions();
const callOf = (file: string, name: string) =>
  calls[name] ??
  Object.entries(calls).find(([key]) => `${file.slice(0, -'.ts'.length)}.${name}`.endsWith(`/${key}`))?.[1];

test('every function that needs more than a text has a call here', () => {
  const unknown = all
    .filter(({ file, name, takes }) => takes === 'more' && !callOf(file, name) && !others.has(name))
    .map(({ file, name }) => `${file} ${name}`);
  expect(unknown).toEqual([]);
  expect(all.filter(({ takes }) => takes !== 'more').length).toBeGreaterThan(40);
});

test('a function in quadratic time is found', () => {
  const pairs = (text: string) => {
    let same = 0;
    for (let left = 0; left < text.length; left++)
      for (let right = 0; right < text.length; right++)
        if (text.charCodeAt(left) === text.charCodeAt(right)) same++;
    return same;
  };
  expect(() => {
    expectLinearTime(pairs, 'a'.repeat(20_000));
  }).toThrow('to be less than');
});

describe('in linear time', () => {
  test.each(all.filter(({ file, name, takes }) => takes !== 'more' || callOf(file, name) !== undefined))(
    '$name ($file)',
    async ({ file, name, takes }) => {
      const module = (await import(join(projectRoot, file))) as Readonly<
        Record<string, (...given: readonly unknown[]) => unknown>
      >;
      const run =
        callOf(file, name) ??
        ((text: string) =>
          module[name]?.(...(takes === 'more' ? [] : takes.map((one) => (one === 'list' ? [text] : text)))));
      for (const [kind, whole] of texts) {
        const text = file.startsWith('src/adapters/') ? whole.slice(0, sizeForParsers) : whole;
        expectLinearTime(run, text, `${name} on ${JSON.stringify(kind)}`);
      }
    },
  );
});
