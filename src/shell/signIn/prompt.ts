import type {
  AlternativeAction,
  InteractionRequest,
  RedirectUriStatus,
} from '../../core/oauth/userInteraction.ts';
import type { BrowserError } from '../providers/provider.ts';
import type { ListRow, StableRow } from '../ui/quickPick.ts';

/** A row of a sign-in's prompt. */
export interface PromptRow extends ListRow, StableRow {}

/** The content of the prompt: its rows, and the key of the active one. */
export interface PromptList {
  readonly placeholder: string;
  readonly rows: readonly PromptRow[];
  readonly preferred: string;
}

/** A sign-in, and what its prompt may offer. */
export interface PromptSubject {
  /** The parts of an Identity Center's address that the user may have mistyped. */
  readonly mistypable: 'nothing' | 'startUrl' | 'startUrlAndRegion';
  /** As in `ErrorDetails`. */
  readonly isGeneric?: true;
  /** The client ID, if the user or a setting provided one. */
  readonly clientId?: string;
  /** The requested scopes beyond the connection's own. */
  readonly beyond: readonly string[];
  /** Whether the user can edit a value and try again. */
  readonly canEdit: boolean;
  /** Whether the connection was selected without asking, so the prompt offers another one. */
  readonly canChooseAnother: boolean;
  /** Whether its provider can be made to ask for another account. */
  readonly canUseOtherAccount: boolean;
  /** The connection, and the expected account if there is one. */
  readonly where: string;
  /** The known error pages of its provider. */
  readonly browserErrors: readonly BrowserError[];
  /** The connection whose setup can be checked; absent if that is in progress, or if it has none. */
  readonly checkedName?: string;
  /** Whether a screen reader is on, which reads a code letter by letter only if it is spelled out. */
  readonly isScreenReaderOn: boolean;
}

/** The list that is shown: the main actions, the other ones, or from there, the error pages of the browser. */
export type PromptListName = 'main' | 'otherActions' | 'errorPages';

/** An interaction and its progress. */
export interface InteractionView {
  readonly interaction: InteractionRequest;
  readonly subject: PromptSubject;
  /** Whether the page was opened. */
  readonly isProceeding: boolean;
  readonly redirectStatus: RedirectUriStatus | undefined;
  /** Whether the browser has not returned for a long time. */
  readonly isSilent: boolean;
  readonly list: PromptListName;
  /** The approximate remaining time. */
  readonly left: string;
}

/** The actions of the rows. */
export interface PromptActions {
  /** Opens the page for the first time. */
  readonly proceed: () => unknown;
  readonly open: () => unknown;
  readonly copy: (text: string) => unknown;
  readonly showQrCode: () => unknown;
  readonly paste: () => unknown;
  readonly chooseAlternative: (alternative: AlternativeAction) => unknown;
  readonly retry: () => unknown;
  readonly showList: (list: PromptListName) => unknown;
  readonly copyDiagnostics: () => unknown;
  /** Checks the setup of a connection. */
  readonly checkSetup: (connection: string) => unknown;
  /** Ends this sign-in, and asks for the client ID. */
  readonly editClientId: () => unknown;
  /** Ends this sign-in, and starts one that asks for the account. */
  readonly useOtherAccount: () => unknown;
  /** Ends this sign-in, and offers the other connections. */
  readonly chooseAnother: () => unknown;
  readonly cancel: () => unknown;
}

/** A sign-in, with the title of its prompt. */
export interface PromptOptions extends PromptSubject {
  readonly title: string;
  readonly isTest?: true;
}
