import type { BrowserAnswer } from '../../setup/testSignIn.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import type { Session, SessionOf } from '../../core/session/session.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import type { SetupInputs } from '../../setup/setupPorts.ts';
import type { ShellContext } from '../context.ts';
import type { EditableInput } from './editableInput.ts';
import type { SignInCommand } from './registration.ts';

/** The dependencies of the questions for a connection. */
export type QuestionContext = Pick<
  ShellContext,
  'memento' | 'findRegionPorts' | 'http' | 'isSameOrganization' | 'organization'
>;

/** A name and a value, as a row of a page. */
export type NamedValue = readonly [name: string, value: string];

/** A provider to sign in with, as a list row. */
export interface ProviderOption {
  readonly command: SignInCommand;
  readonly icon: string;
  readonly name: string;
  /** Explains who has such an account, to help newcomers choose. */
  readonly whose: string;
  /** The only connection that it offers, if there is just one. */
  readonly only?: Connection;
}

/** The part of a session that tools may know, as in `developerSignIn.describeSession`. */
export interface DescribedPlace {
  readonly startUrl?: string;
  readonly region?: string;
  readonly issuer?: string;
  readonly clientId?: string;
}

/** The guide and connection with which the setup checks start. */
export interface GuidedSetup {
  readonly guide: SetupGuideId;
  readonly inputs: SetupInputs;
}

/** The parts of an address that may be mistyped if the browser shows an error. */
export type Mistypable = 'nothing' | 'startUrl' | 'startUrlAndRegion';

/** An error page in the browser: its text, and what to do. */
export interface BrowserError {
  readonly label: string;
  /** Instructions; absent if the redirect URI to register is shown instead. */
  readonly detail?: string;
  /** The action: copy a text for the administrator, edit the client ID, or reopen the page. */
  readonly leadsTo: 'administrator' | 'redirectUri' | 'clientId' | 'page';
}

/** The position of the two questions for a connection within a series. */
export interface NewPlace<C extends Connection = Connection> {
  /** More than two if others follow. */
  readonly totalSteps: number;
  /** Whether *Back* in the first question leads to a list. */
  readonly hasBack?: true;
  /** The answers, if *Back* in a later question returns to the last one. */
  readonly before?: C | undefined;
  /** The existing connections, which may answer a question. */
  readonly known?: readonly Connection[];
}

/**
 * Everything in the shell that depends on a connection's type: names, formatting, questions and messages. A row
 * of the table in `index.ts`; `registration.ts` has what VS Code needs at activation.
 */
export interface ShellProvider<C extends Connection = Connection, S extends Session = SessionOf<C>> {
  /** Title of a sign-in's questions. */
  signInTitle(): string;
  /** Label of the row that asks for a connection that is not listed. */
  anotherLabel(): string;
  /** Label of the row that adds a connection, and title of its questions. */
  addTitle(): string;
  /** Title of a sign-in. @param where the connection's name, and the expected account */
  signInTitleAt(connection: C, where: string): string;
  /** The ways to sign in; empty if the organization allows no address of this type. */
  options(policy: OrganizationPolicy): readonly ProviderOption[];

  /** Display name, the same in all languages. */
  nameOf(connection: C): string;
  /** The place in one line. */
  whereOf(connection: C): string;
  /** The short place beside the connection's name. */
  placeOf(connection: C): string;
  /** The client ID that the user or a setting provided. */
  clientIdOf(connection: C): string | undefined;

  /**
   * Asks for a new connection, except for the normalized members in `given`.
   * @throws SignInError `cancelled`, with `reason` `back` for *Back* in the first question
   */
  askNew(context: QuestionContext, title: string, place: NewPlace<C>, given?: Partial<C>): Promise<C>;
  /** The parts that may be mistyped if the browser shows an error and does not return. */
  mistypable(connection: C): Mistypable;
  /** The typed value that caused a sign-in's error; undefined for another cause. */
  mistypedOf(error: SignInError): EditableInput | undefined;
  /**
   * Asks for another value, with the current one filled in. With `hasBack`, the question has *Back*.
   * @throws SignInError `cancelled`
   */
  edit(context: QuestionContext, connection: C, input: EditableInput, hasBack?: true): Promise<C>;
  /** The error as it applies to a user who begins a sign-in. */
  meaningOf(error: SignInError): SignInError;
  /**
   * Offers to correct a connection with an address that is unknown to the server. Undefined for another error,
   * or without a better connection.
   * @throws SignInError `cancelled`
   */
  offerCorrection(
    context: QuestionContext,
    connection: C,
    error: SignInError,
    canEdit: boolean,
  ): Promise<C | undefined>;
  /**
   * Hosts of a sign-in that are not the provider's own and need confirmation by name.
   * @throws SignInError `invalidInput` for an endpoint that is not an https address
   */
  foreignHosts(
    context: Pick<ShellContext, 'organization' | 'settings'>,
    connection: C,
  ): Promise<readonly string[]>;
  /** Whether the AWS CLI's configuration can contain connections of this type. */
  readonly isInAwsConfig: boolean;
  /** Whether its address leads to another one, which is resolved and checked at sign-in. */
  isResolvedLater(connection: C): boolean;

  /** Message after a sign-in without a refresh token. */
  noRefreshToken(): string;
  /** Explanation of *Sign in as someone else*; undefined if it is unavailable. */
  asksAgain(): string | undefined;
  /** A note on what remains after a sign-out; undefined if nothing does. */
  leftAfterSignOut(): string | undefined;
  /** Message after a sign-out. */
  signedOut(connection: C): string;
  /** The page on which the browser can sign out too; undefined if the server has none. Contains no token. */
  endSessionAddress(session: S): string | undefined;

  /** A short description of a session's details, for their row. */
  detailsHint(): string;
  /** Rows of a session's details: its place and issuer. @param time formats epoch milliseconds */
  detailsOf(session: S, time: (epochMilliseconds: number) => string): readonly NamedValue[];
  /** A session's part of *Copy Diagnostics*, in English and without secrets. */
  reportOf(session: S, time: (epochMilliseconds: number) => string): readonly string[];
  /** Error pages on which a sign-in can end in the browser, with the meaning of each for a test sign-in. */
  errorPages(): readonly { readonly label: string; readonly answer: BrowserAnswer }[];
  /** Error pages from which a sign-in does not return, with the text that users see and its meaning. */
  browserErrors(connection: C): readonly BrowserError[];
  /** Whether the connection's setup is the organization's own and can be checked. */
  hasSetup(connection: C): boolean;
  /** Expiration of a session's client registration, epoch milliseconds; undefined for a configured client. */
  registrationEnd(session: S): number | undefined;
  /** The default requested scopes, for a record without them. */
  registeredScopes(session: S): readonly string[];
  /** Message for an access token that cannot be parsed. */
  opaqueToken(): string;
  /** The members of `developerSignIn.describeSession` for this type. */
  describe(session: S): DescribedPlace;
  /** The redirect URIs that an administrator registers. @param ports those of the setting */
  redirectUris(connection: C, ports: readonly number[]): Promise<readonly string[]>;
  /** The guide for the connection's setup, and the connection in the form that its checks use. */
  setupOf(connection: C): GuidedSetup;
}
