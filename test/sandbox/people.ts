/** A user of the sandbox's identity providers. Nothing here is secret: passwords are printed on start. */
export interface Person {
  /** The login, an e-mail address; `sub` of an Okta access token. */
  readonly username: string;
  readonly password: string;
  readonly name: string;
  /** Okta's stable ID of a user; `uid` of an access token. */
  readonly uid: string;
  /** Whether the Okta administrator assigned the application to this user. */
  readonly assignedInOkta: boolean;
  /** A one-line description for choosing a user. */
  readonly note: string;
}

export const people: readonly Person[] = [
  {
    username: 'ana@example.com',
    password: 'sandbox-ana',
    name: 'Ana Alves',
    uid: '00uana1sandbox5d7',
    assignedInOkta: true,
    note: 'can sign in everywhere',
  },
  {
    username: 'ben@example.com',
    password: 'sandbox-ben',
    name: 'Ben Berg',
    uid: '00uben2sandbox5d7',
    assignedInOkta: true,
    note: 'can sign in everywhere: a second account',
  },
  {
    username: 'cho@example.com',
    password: 'sandbox-cho',
    name: 'Cho Chang',
    uid: '00ucho3sandbox5d7',
    assignedInOkta: false,
    note: 'can sign in, but is not assigned to the Okta application',
  },
  {
    username: 'dee@example.com',
    password: 'sandbox-dee',
    name: 'Dee Diaz',
    uid: '00udee4sandbox5d7',
    assignedInOkta: true,
    note: 'can sign in with Okta, but is not assigned to its SAML application: the service rejects the sign-in',
  },
  {
    username: 'eli@example.com',
    password: 'sandbox-eli',
    name: 'Eli Evans',
    uid: '00ueli5sandbox5d7',
    assignedInOkta: true,
    note: 'was provisioned, then deactivated in IAM Identity Center',
  },
  {
    username: 'fay@example.com',
    password: 'sandbox-fay',
    name: 'Fay',
    uid: '00ufay6sandbox5d7',
    assignedInOkta: true,
    note: 'is assigned, but was never provisioned: the profile in Okta has no last name',
  },
];

/** A group of the Okta organization, assigned to its SAML application and pushed. */
export interface Group {
  readonly displayName: string;
  /** Usernames. */
  readonly members: readonly string[];
}

export const groups: readonly Group[] = [
  {
    displayName: 'Developers',
    members: ['ana@example.com', 'ben@example.com', 'eli@example.com', 'fay@example.com'],
  },
];

/** The user with this login (case-insensitive) and password, or `undefined`. */
export function personWith(among: readonly Person[], username: string, password: string): Person | undefined {
  const login = username.trim().toLowerCase();
  return among.find((person) => person.username === login && person.password === password);
}
