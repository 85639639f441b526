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

/** What the console shows of an instance whose identity source is external. */
export interface FederatedInstance {
  readonly startUrl: string;
  readonly region: string;
  /** The *IAM Identity Center Assertion Consumer Service (ACS) URL*. */
  readonly acsUrl: string;
  /** The *IAM Identity Center issuer URL*: the audience of every assertion. */
  readonly issuerUrl: string;
  /** Where the identity provider asks people who they are. */
  readonly signOnUrl: string;
  readonly scim: ScimAccess;
  readonly store: IdentityStore;
  /** The groups that an administrator has given the service to, in its own console; changed in place. */
  readonly entitledGroups: Set<string>;
  /** Every response of the identity provider, in the order in which they came. */
  readonly signIns: readonly FederatedSignIn[];
  /** Whether the service answers this person: provisioned, active, in a group that has it. */
  isEntitled(username: string): boolean;
}

/** A response of the identity provider, and what came of it; `at` is epoch milliseconds. */
export interface FederatedSignIn {
  readonly at: number;
  /** The NameID of one that was believed. */
  readonly username?: string;
  readonly refused?: FederationRefusal;
}

/** Why the sign-in failed. */
export type FederationRefusal =
  | { readonly why: 'response'; readonly refusal: SamlRefusal }
  | { readonly why: 'otherBrowser' }
  | { readonly why: 'notProvisioned' | 'deactivated'; readonly username: string };

/** The browser's part of it. */
export interface Federation extends FederatedInstance {
  /** Who is signed in, as provisioning has them now; `undefined` when signed out. */
  person(req: IncomingMessage): StoredUser | undefined;
  /**
   * Begins a sign-in at the identity provider.
   * @param again asks the person there even when they are signed in
   * @returns where the browser goes, and the cookie that brings it back to the same question
   */
  begin(
    req: IncomingMessage,
    consentId: string,
    again: boolean,
  ): Promise<{ location: string; setCookie: string }>;
  /** What the identity provider's page has posted. */
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
  /** The identity provider's `metadata.xml`, as it was saved. */
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

/** What *Change identity source* and *Enable automatic provisioning* make of the federated instance. */
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
      // Another tab of the same browser may be on its way too.
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
      // A response that another browser asked for would sign this one in as another person.
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
      // Another region has no tenant of this name: answered as an unknown one.
      const path = asked === region ? url.pathname.slice(`/scim/${region}`.length) : '';
      await scim.handle(req, res, path, url.searchParams);
    },
  };
}
