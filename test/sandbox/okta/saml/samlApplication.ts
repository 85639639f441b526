import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { getSamlResponse, type ParsedRequest, parseRequest } from 'samlp';
import { type Certified, createCertified } from '../../certificate.ts';
import { type Page, sendPage } from '../../page.ts';
import { type Person, personWith } from '../../people.ts';
import { readBody } from '../../server.ts';
import type { Assignments } from '../assignments.ts';
import { oktaSessions } from './oktaSessions.ts';
import { EMAIL_ADDRESS, samlMetadata } from './samlMetadata.ts';
import {
  answerPage,
  notAssignedPage,
  requestRefusedPage,
  SOMEONE_ELSE_FIELD,
  samlSignInPage,
} from './samlPages.ts';

/** The values that an Okta administrator enters on the *Sign On* tab. */
export interface SignOnDetails {
  readonly acsUrl: string;
  /** The *issuer URL* of the other side. */
  readonly audience: string;
}

/** Ways to make an invalid response, to test that it is rejected. */
export interface ResponseChanges {
  readonly username?: string;
  readonly inResponseTo?: string | undefined;
  readonly audience?: string;
  readonly recipient?: string;
  readonly destination?: string;
  readonly issuer?: string;
  readonly lifetimeSeconds?: number;
  readonly signAssertion?: boolean;
  readonly signResponse?: boolean;
  /** Signs with a key other than the application's. */
  readonly signedBy?: Certified;
}

/** The *AWS IAM Identity Center* application of an organization: a SAML 2.0 identity provider. */
export interface SamlApplication {
  /** `http://www.okta.com/exk…`. */
  readonly entityId: string;
  readonly signOnUrl: string;
  readonly metadataUrl: string;
  /** *View IdP metadata*. */
  metadata(): string;
  /** Changes the metadata from now on: receives Okta's document, returns the one to show and serve. */
  patchMetadata(patch: (xml: string) => string): void;
  /** *Edit*, then *Save* on the *Sign On* tab. */
  configure(details: SignOnDetails): void;
  /** *Generate new certificate*, then activate it. Metadata saved before contains the old one. */
  renewCertificate(endsAt: number): Promise<void>;
  /** A response for a user, base64, without a browser. */
  respond(changes: ResponseChanges): Promise<string>;
  /** Handles the requests below `/app/`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

interface SamlApplicationOptions {
  readonly origin: string;
  readonly provider: Provider;
  readonly people: readonly Person[];
  readonly assignments: Assignments;
  /** Expiry of the signing certificate, epoch milliseconds; ten years from now by default, as at Okta. */
  readonly certificateEndsAt?: number | undefined;
  readonly now: () => number;
}

const YEAR_MS = 365 * 24 * 3600_000;
/** Lifetime of Okta's assertions. */
const LIFETIME_SECONDS = 300;

export async function createSamlApplication(options: SamlApplicationOptions): Promise<SamlApplication> {
  const { origin, provider, people, assignments, now } = options;
  const key = `exk${randomBytes(32).toString('base64url').replaceAll(/[-_]/g, '').slice(0, 17)}`;
  const entityId = `http://www.okta.com/${key}`;
  const signOnUrl = `${origin}/app/amazon_aws_sso/${key}/sso/saml`;
  const metadataUrl = `${origin}/app/${key}/sso/saml/metadata`;
  const metadata = (): string =>
    patch(samlMetadata({ entityId, signOnUrl, certificates: [certified.certificate] }));
  const sessions = oktaSessions(provider);
  let signOn: SignOnDetails | undefined;
  let patch = (xml: string): string => xml;
  let certified = await certificateUntil(options.certificateEndsAt ?? now() + 10 * YEAR_MS, now());

  const respond = async (changes: ResponseChanges): Promise<string> => {
    const { acsUrl, audience } = signOn ?? { acsUrl: '', audience: '' };
    const signer = changes.signedBy ?? certified;
    const { username = '' } = changes;
    const xml = await new Promise<string>((resolve, reject) => {
      getSamlResponse(
        {
          issuer: changes.issuer ?? entityId,
          key: signer.key,
          cert: signer.certificate,
          audience: changes.audience ?? audience,
          recipient: changes.recipient ?? acsUrl,
          destination: changes.destination ?? acsUrl,
          inResponseTo: changes.inResponseTo,
          lifetimeInSeconds: changes.lifetimeSeconds ?? LIFETIME_SECONDS,
          signatureAlgorithm: 'rsa-sha256',
          digestAlgorithm: 'sha256',
          signAssertion: changes.signAssertion ?? true,
          signResponse: changes.signResponse ?? true,
          nameIdentifierFormat: EMAIL_ADDRESS,
          authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
          profileMapper: () => ({
            getClaims: () => ({ email: username }),
            getNameIdentifier: () => ({ nameIdentifier: username }),
          }),
        },
        {},
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });
    return Buffer.from(xml).toString('base64');
  };

  /** One step of a user's sign-in at the sign-on URL. */
  const signIn = async (
    req: IncomingMessage,
    res: ServerResponse,
    fields: URLSearchParams,
  ): Promise<readonly [status: number, page: Page]> => {
    const samlRequest = fields.get('SAMLRequest') ?? '';
    const relayState = fields.get('RelayState') ?? '';
    const request = await readRequest(samlRequest);
    if (request?.id === undefined || signOn === undefined || request.issuer !== signOn.audience)
      return [400, requestRefusedPage()];

    const carried = { SAMLRequest: samlRequest, RelayState: relayState };
    const leadsTo = [new URL(signOn.acsUrl).origin];
    const asksAgain = request.forceAuthn === 'true' || fields.has(SOMEONE_ELSE_FIELD);
    let username = asksAgain ? undefined : await sessions.username(req, res);
    const typed = fields.get('username');
    if (typed !== null) {
      username = personWith(people, typed, fields.get('password') ?? '')?.username;
      if (username === undefined) return [200, samlSignInPage(carried, leadsTo, typed)];
      await sessions.signIn(req, res, username);
    }
    if (username === undefined) return [200, samlSignInPage(carried, leadsTo)];
    if (!assignments.isAssigned('saml', username)) return [403, notAssignedPage(username, carried, leadsTo)];
    const response = await respond({ username, inResponseTo: request.id });
    return [200, answerPage(signOn.acsUrl, { SAMLResponse: response, RelayState: relayState })];
  };

  return {
    entityId,
    signOnUrl,
    metadataUrl,
    metadata,
    patchMetadata: (change) => (patch = change),
    configure: (details) => (signOn = details),
    async renewCertificate(endsAt) {
      certified = await certificateUntil(endsAt, now());
    },
    respond,
    async handle(req, res) {
      const url = new URL(req.url ?? '/', origin);
      if (url.href === metadataUrl && req.method === 'GET') {
        res.writeHead(200, { 'content-type': 'application/xml;charset=UTF-8' });
        res.end(metadata());
      } else if (url.origin + url.pathname === signOnUrl) {
        const isForm = req.method === 'POST';
        const fields = isForm ? new URLSearchParams(await readBody(req)) : url.searchParams;
        sendPage(res, ...(await signIn(req, res, fields)));
      } else {
        sendPage(res, 404, requestRefusedPage());
      }
    },
  };
}

/** Validity starts a year before expiry or now, whichever is earlier. */
function certificateUntil(endsAt: number, now: number): Promise<Certified> {
  return createCertified({
    commonName: 'sandbox',
    startsAt: Math.min(now - 60_000, endsAt - YEAR_MS),
    endsAt,
  });
}

/** @returns undefined if it is not a request */
function readRequest(samlRequest: string): Promise<ParsedRequest | undefined> {
  return new Promise((resolve) => {
    parseRequest({ query: { SAMLRequest: samlRequest }, body: {} }, (error, request) =>
      resolve(error ? undefined : request),
    );
  });
}
