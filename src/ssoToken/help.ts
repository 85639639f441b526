/** The text of `sso-token --help`. */
export const help = `Prints a fresh access token of a connection that you use in this editor's terminals.

Usage: sso-token [CONNECTION] [OPTIONS]

CONNECTION is the name of a connection or an account. It can be left out where
one connection is shared, or where you chose one in this window.

Options:
  --scope SCOPE       the token must have this scope; can be given several times
  --sign-in           if a sign-in is needed, start it in the editor and wait
  --json              the token with its expiry, scopes, connection, and account
  --header            an HTTP header: Authorization: Bearer TOKEN
  --exec-credential   an ExecCredential of Kubernetes, for kubectl
  --list              the connections that this terminal can use; no token
  --help              this text

Exit codes: 0 printed, 1 no token now, 2 wrong usage, 3 not shared with this
terminal, 4 a sign-in is needed. The reason is on standard error.

Examples:
  sso-token --header | curl -H @- https://api.example.com/me
  export API_TOKEN="$(sso-token "My Okta" --scope api.read)"
`;
