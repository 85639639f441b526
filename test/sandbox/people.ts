/** Somebody who can sign in at the sandbox's identity providers. Nothing here is a secret: the passwords are printed on start. */
export interface Person {
  /** The login, an e-mail address; `sub` of an Okta access token. */
  readonly username: string;
  readonly password: string;
  readonly name: string;
  /** Okta's stable id of a person; `uid` of an access token. */
  readonly uid: string;
  /** Whether the Okta administrator has assigned the application to this person. */
  readonly assignedInOkta: boolean;
  /** One line for whoever chooses a person to sign in as. */
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
];

/** The person with this login (case does not matter) and password, or `undefined`. */
export function personWith(among: readonly Person[], username: string, password: string): Person | undefined {
  const login = username.trim().toLowerCase();
  return among.find((person) => person.username === login && person.password === password);
}
