import type {
  AlternativeAction,
  InteractionRequest,
  RedirectUriStatus,
} from '../../core/oauth/userInteraction.ts';
import type { BrowserError } from '../providers/provider.ts';
import type { ListRow, StableRow } from '../ui/quickPick.ts';

/** A row of the surface of a sign-in. */
export interface SurfaceRow extends ListRow, StableRow {}

/** What is on the surface: its rows, and the key of the one to be active. */
export interface SurfaceList {
  readonly placeholder: string;
  readonly rows: readonly SurfaceRow[];
  readonly preferred: string;
}

/** What a sign-in has, and what its surface may offer. */
export interface SurfaceSubject {
  /** What of the address of an Identity Center a person may have mistyped. */
  readonly mistypable: 'nothing' | 'startUrl' | 'startUrlAndRegion';
  /** As `ErrorDetails` has it. */
  readonly isGeneric?: true;
  /** The client ID, where a person or a setting gave one. */
  readonly clientId?: string;
  /** The scopes that it asks for and its connection does not. */
  readonly beyond: readonly string[];
  /** Whether an edited value leads to another try. */
  readonly canEdit: boolean;
  /** Whether the connection was taken without a question, so that another one is offered here. */
  readonly canChooseAnother: boolean;
  /** Whether its provider can be made to ask for another account. */
  readonly canUseOtherAccount: boolean;
  /** The connection, and the account that is meant where one is. */
  readonly where: string;
  /** The error pages that its provider is known to show. */
  readonly browserErrors: readonly BrowserError[];
  /** The connection whose setup can be checked from here; absent where it is checked already, or has none. */
  readonly checkedName?: string;
  /** Whether a screen reader is on, which reads a code letter by letter only when it is spelled. */
  readonly isSpelled: boolean;
}

/** An interaction, and how far it has come. */
export interface InteractionView {
  readonly interaction: InteractionRequest;
  readonly subject: SurfaceSubject;
  /** Whether the browser was sent to the page. */
  readonly isProceeding: boolean;
  readonly finding: RedirectUriStatus | undefined;
  /** Whether the browser has been away for long. */
  readonly isSilent: boolean;
  /** Whether the person asked for the other ways. */
  readonly isInTrouble: boolean;
  /** Whether the person said that the browser shows an error. */
  readonly isAtErrorPage: boolean;
  /** The time that is left, roughly. */
  readonly left: string;
}

/** What the rows do. */
export interface SurfaceActions {
  /** Goes to the page for the first time. */
  readonly proceed: () => unknown;
  readonly open: () => unknown;
  readonly copy: (text: string) => unknown;
  readonly showQrCode: () => unknown;
  readonly paste: () => unknown;
  readonly take: (way: AlternativeAction) => unknown;
  readonly another: () => unknown;
  /** Shows the other ways. */
  readonly trouble: () => unknown;
  /** Shows what the browser may show. */
  readonly errorPage: () => unknown;
  readonly copyDiagnostics: () => unknown;
  /** Checks the setup of a connection. */
  readonly checkSetup: (connection: string) => unknown;
  /** Ends this sign-in and asks for the client ID. */
  readonly editClientId: () => unknown;
  /** Ends this sign-in and begins one that asks for the account. */
  readonly useOtherAccount: () => unknown;
  /** Ends this sign-in and offers the other connections. */
  readonly chooseAnother: () => unknown;
  readonly cancel: () => unknown;
}

/** A sign-in as its surface names it. */
export interface SurfaceOptions extends SurfaceSubject {
  readonly title: string;
  readonly isTest?: true;
}
