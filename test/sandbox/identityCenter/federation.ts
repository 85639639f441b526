import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BrowserSessions, createBrowserSessions } from './browserSessions.ts';
import { FEDERATED_DIRECTORY } from './directories.ts';
import { opaque } from './opaque.ts';
import { parseIdpMetadata } from './saml/idpMetadata.ts';
import {
  createServiceProvider,
  REQUEST_LIFETIME_MS,
  SamlError,
  type SamlRefusal,
} from './saml/serviceProvider.ts';
import { createIdentityStore, type IdentityStore, type StoredUser } from './scim/identityStore.ts';
import { createScimServer, type ScimAccess } from './scim/scimServer.ts';
import type { Watched } from './watched.ts';

/** The console's details of an instance with an external identity source. */
export interface FederatedInstance {
  readonly startUrl: string;
  readonly region: string;
  /** The *IAM Identity Center Assertion Consumer Service (ACS) URL*. */
  readonly acsUrl: string;
  /** The *IAM Identity Center issuer URL*: the audience of every assertion. */
  readonly issuerUrl: string;
  /** Starts a sign-in at the identity provider. */
  readonly signOnUrl: string;
  readonly scim: ScimAccess;
  readonly store: IdentityStore;
  /** The groups that may use the service, as an administrator set them in its console; changed in place. */
  readonly entitledGroups: Set<string>;
  /** All responses of the identity provider, in order of arrival. */
  readonly signIns: readonly FederatedSignIn[];
  /** Whether the service accepts this user: provisioned, active, and in an assigned group. */
  isEntitled(username: string): boolean;
}

/** A response of the identity provider and its result; `at` is epoch milliseconds. */
export interface FederatedSignIn {
  readonly at: number;
  /** The NameID of an accepted response. */
  readonly username?: string;
  readonly refused?: FederationRefusal;
}

/** The reason that the sign-in failed. */
export type FederationRefusal =
  | { readonly why: 'response'; readonly refusal: SamlRefusal }
  | { readonly why: 'otherBrowser' }
  | { readonly why: 'notProvisioned' | 'deactivated'; readonly username: string };

/** The part that runs in the browser. */
export interface Federation extends FederatedInstance {
  /** The signed-in user with the current provisioned data; `undefined` if signed out. */
  person(req: IncomingMessage): StoredUser | undefined;
  /**
   * Starts a sign-in at the identity provider.
   * @param again prompts there even if the user is signed in
   * @returns the redirect target, and the cookie that returns the browser to the same question
   */
  begin(
    req: IncomingMessage,
    consentId: string,
    again: boolean,
  ): Promise<{ location: string; setCookie: string }>;
  /** Receives the response posted by the identity provider's page. */
  accept(
    req: IncomingMessage,
    fields: URLSearchParams,
  ): Promise<
    { readonly consentId: string } & (
      { readonly setCookie: string } | { readonly refused: FederationRefusal }
    )
  >;
  signOut(req: IncomingMessage): string;
  handleScim(req: IncomingMessage, res: ServerResponse, region: string, url: URL): Promise<void>;
}

export interface FederationOptions {
  readonly origin: string;
  /** The identity provider's saved `metadata.xml`. */
  readonly metadataXml: string;
  readonly watched: Watched;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Pending {
  readonly consentId: string;
  readonly requestId: string;
  readonly browser: string;
  readonly expiresAt: number;
}

/** The effect of *Change identity source* and *Enable automatic provisioning* on the federated instance. */
export function createFederation({ origin, metadataXml, watched, now }: FederationOptions): Federation {
  const { startUrl, region } = FEDERATED_DIRECTORY;
  const [, directory = ''] = /\/\/(d-[^.]+)\./.exec(startUrl) ?? [];
  const platform = `${origin}/platform/${region}/saml`;
  const acsUrl = `${platform}/acs/${randomUUID()}`;
  const issuerUrl = `${platform}/${directory}`;
  const store = createIdentityStore(directory.slice('d-'.length), now);
  const scim = createScimServer({ store, watched, now, base: `${origin}/scim/${region}` });
  const entitledGroups = new Set<string>();
  const identityProvider = parseIdpMetadata(metadataXml);
  const provider = createServiceProvider({ acsUrl, issuerUrl, identityProvider });
  const pending = new Map<string, Pending>();
  const signIns: FederatedSignIn[] = [];
  const signedIn: BrowserSessions<string> = createBrowserSessions(origin, '_federated');
  const away: BrowserSessions<string> = createBrowserSessions(origin, '_away');

  return {
    startUrl,
    region,
    acsUrl,
    issuerUrl,
    signOnUrl: identityProvider.signOnUrl,
    scim,
    store,
    entitledGroups,
    signIns,
    isEntitled(username) {
      const user = store.userNamed(username);
      if (user?.active !== true) return false;
      return store.groupsOf(user.id).some(({ displayName }) => entitledGroups.has(displayName));
    },

    person(req) {
      const id = signedIn.person(req);
      return store.users().find((user) => user.id === id);
    },

    async begin(req, consentId, again) {
      // Another tab of the same browser may have a sign-in in progress.
      const known = away.person(req);
      const browser = known ?? opaque();
      const setCookie = known === undefined ? away.signIn(browser) : away.cookie(req);
      const relayState = opaque();
      const { id, address } = await provider.request(relayState, again);
      const expiresAt = now() + REQUEST_LIFETIME_MS;
      pending.set(relayState, { consentId, requestId: id, browser, expiresAt });
      return { location: address, setCookie };
    },

    async accept(req, fields) {
      const relayState = fields.get('RelayState') ?? '';
      const request = pending.get(relayState);
      const sent = request !== undefined && now() < request.expiresAt ? request : undefined;
      const consentId = sent?.consentId ?? '';
      // Reject a response that another browser requested: it would sign this one in as a different user.
      if (sent === undefined || away.person(req) !== sent.browser)
        return { consentId: '', refused: { why: 'otherBrowser' } };
      pending.delete(relayState);
      try {
        const username = await provider.accept(fields.get('SAMLResponse') ?? '', sent.requestId);
        const user = store.userNamed(username);
        if (user?.active !== true) {
          const refused = { why: user === undefined ? 'notProvisioned' : 'deactivated', username } as const;
          signIns.push({ at: now(), username, refused });
          return { consentId, refused };
        }
        signIns.push({ at: now(), username });
        return { consentId, setCookie: signedIn.signIn(user.id) };
      } catch (error) {
        if (!(error instanceof SamlError)) throw error;
        const refused = { why: 'response', refusal: error.refusal } as const;
        signIns.push({ at: now(), refused });
        return { consentId, refused };
      }
    },

    signOut: (req) => signedIn.signOut(req),

    async handleScim(req, res, asked, url) {
      // Another Region does not have this tenant: respond as for an unknown one.
      const path = asked === region ? url.pathname.slice(`/scim/${region}`.length) : '';
      await scim.handle(req, res, path, url.searchParams);
    },
  };
}
