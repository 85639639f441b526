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

/** What the questions for a connection stand on. */
export type Asking = Pick<
  ShellContext,
  'memento' | 'findRegionPorts' | 'http' | 'isSameOrganization' | 'organization'
>;

/** A name and a value, as a row of a page. */
export type NamedValue = readonly [name: string, value: string];

/** A provider to sign in with, as a row of a list. */
export interface WayIn {
  readonly command: SignInCommand;
  readonly icon: string;
  readonly name: string;
  /** Whose it is: what tells a newcomer which one is theirs. */
  readonly whose: string;
  /** The one connection that it leads to, where there is one. */
  readonly only?: Connection;
}

/** What a tool may know of a session, as `developerSignIn.describeSession` names it. */
export interface DescribedPlace {
  readonly startUrl?: string;
  readonly region?: string;
  readonly issuer?: string;
  readonly clientId?: string;
}

/** What the setup checks begin with. */
export interface GuidedSetup {
  readonly guide: SetupGuideId;
  readonly inputs: SetupInputs;
}

/** What of an address a person may have mistyped where its page shows an error. */
export type Mistypable = 'nothing' | 'startUrl' | 'startUrlAndRegion';

/** An error page in the browser: its words, and what to do. */
export interface BrowserError {
  readonly label: string;
  /** Tells what to do; absent where the redirect URI, which is to be registered, stands in its place. */
  readonly detail?: string;
  /** The action: copy a text for the administrator, edit the client ID, or open the page again. */
  readonly leadsTo: 'administrator' | 'redirectUri' | 'clientId' | 'page';
}

/** Where the two questions for a connection stand. */
export interface NewPlace<C extends Connection = Connection> {
  /** More than two where others follow. */
  readonly totalSteps: number;
  /** Whether a list comes before them, to which *Back* leads. */
  readonly hasBack?: true;
  /** The answers, where *Back* in what follows leads to the last of them. */
  readonly before?: C | undefined;
  /** The connections that there are: what one of them answers is not asked. */
  readonly known?: readonly Connection[];
}

/**
 * All that the shell decides by the type of a connection: how it is called and shown, and what is asked and said. A row
 * of the table in `index.ts`; what VS Code has to know at activation stands in `registration.ts`.
 */
export interface ShellProvider<C extends Connection = Connection, S extends Session = SessionOf<C>> {
  /** The title of a question that a sign-in begins with. */
  signInTitle(): string;
  /** The row that asks for another connection than those that are offered. */
  anotherLabel(): string;
  /** The row that adds a connection, and the title of its questions. */
  addTitle(): string;
  /** The title of a sign-in. @param where the connection's name, and the account that is meant */
  signInTitleAt(connection: C, where: string): string;
  /** The ways in, where the organization allows some address of this type. */
  waysIn(policy: OrganizationPolicy): readonly WayIn[];

  /** Its name, which is the same in all languages. */
  nameOf(connection: C): string;
  /** Where it is, in one line. */
  whereOf(connection: C): string;
  /** Where it is, beside the connection's name: short. */
  placeOf(connection: C): string;
  /** The client ID that a person or a setting gave. */
  clientIdOf(connection: C): string | undefined;

  /**
   * Asks for a connection that is not in the settings. What of its place is `given`, in its normal form, is not asked.
   * @throws SignInError `cancelled`, with `reason` `back` for *Back* in the first question
   */
  askNew(context: Asking, title: string, place: NewPlace<C>, given?: Partial<C>): Promise<C>;
  /** What may be mistyped where the browser shows an error and does not come back. */
  mistypable(connection: C): Mistypable;
  /** The typed value that an error of a sign-in is about; undefined where it is about another thing. */
  mistypedOf(error: SignInError): EditableInput | undefined;
  /**
   * The connection with another value, asked for with the present one filled in. With `hasBack`, the question has *Back*.
   * @throws SignInError `cancelled`
   */
  edit(context: Asking, connection: C, input: EditableInput, hasBack?: true): Promise<C>;
  /** What an error means to a person who begins a sign-in. */
  meaningOf(error: SignInError): SignInError;
  /**
   * Offers to correct a connection whose address the server does not know. Undefined where that is not what the error
   * says, or where a better connection was not found.
   * @throws SignInError `cancelled`
   */
  offerCorrection(
    context: Asking,
    connection: C,
    error: SignInError,
    canEdit: boolean,
  ): Promise<C | undefined>;
  /**
   * The hosts that a sign-in would be sent to, that are not its provider's own and are to be confirmed by name.
   * @throws SignInError `invalidInput` for an endpoint that is not an https address
   */
  foreignHosts(
    context: Pick<ShellContext, 'organization' | 'settings'>,
    connection: C,
  ): Promise<readonly string[]>;
  /** Whether the AWS CLI's configuration may name connections of this type. */
  readonly isInAwsConfig: boolean;
  /** Whether its address leads to another one, which is known and checked when someone signs in. */
  isResolvedLater(connection: C): boolean;

  /** Said after a sign-in without a refresh token. */
  noRefreshToken(): string;
  /** Why *Sign in as someone else* works here; undefined where it does not. */
  asksAgain(): string | undefined;
  /** What a sign-out leaves. */
  leftAfterSignOut(): string | undefined;
  /** Said after a sign-out. */
  signedOut(connection: C): string;
  /** The page where the browser can sign out too; undefined where the server has none. It holds no token. */
  endSessionAddress(session: S): string | undefined;

  /** The contents of the details of a session, in a few words beside their row. */
  detailsHint(): string;
  /** Rows of the details of a session: where it is, and what issued it. @param time an epoch time as text */
  detailsOf(session: S, time: (epochMilliseconds: number) => string): readonly NamedValue[];
  /** What *Copy Diagnostics* adds to a session, in English; no secret. */
  reportOf(session: S, time: (epochMilliseconds: number) => string): readonly string[];
  /** The error pages on which a sign-in can end in the browser, with what each says of a test sign-in. */
  errorPages(): readonly { readonly label: string; readonly answer: BrowserAnswer }[];
  /** The pages on which a sign-in ends without coming back, as people read them, and what each means. */
  browserErrors(connection: C): readonly BrowserError[];
  /** Whether the setup behind a connection is an organization's own, which can be checked. */
  hasSetup(connection: C): boolean;
  /** When the client registration ends that it belongs to, epoch milliseconds; undefined where the client is configured. */
  registrationEnd(session: S): number | undefined;
  /** The scopes that a sign-in asked for, where its record does not say. */
  registeredScopes(session: S): readonly string[];
  /** Said where an access token cannot be read. */
  opaqueToken(): string;
  /** The members of `developerSignIn.describeSession` that are of this type. */
  describe(session: S): DescribedPlace;
  /** The redirect URIs that an administrator registers. @param ports those of the setting */
  redirectUris(connection: C, ports: readonly number[]): Promise<readonly string[]>;
  /** The guide that describes the setup behind a connection, and the connection as its checks ask for it. */
  setupOf(connection: C): GuidedSetup;
}
