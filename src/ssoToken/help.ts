/** The text of `sso-token --help`. */
export const help = `Prints a fresh access token of a connection that you use in this editor's terminals.

Usage: sso-token [CONNECTION] [OPTIONS]

CONNECTION is the name of a connection or an account. Without it, the default of
the window is meant: the first that you allowed, until you choose another with
SSO: Use in Terminal. If that is signed out, no other takes its place.

Options:
  --scope SCOPE       the token must have this scope; can be given several times
  --sign-in           if the session has expired or a scope is missing, start the
                      sign-in in the editor and wait
  --json              the token with its expiry, scopes, connection, and account
  --header            an HTTP header: Authorization: Bearer TOKEN
  --exec-credential   an ExecCredential of Kubernetes, for kubectl
  --aws-credentials   credentials of a role in an AWS account, as credential_process
                      of the AWS CLI and SDKs wants them; with --account and --role
  --account ID        the AWS account, 12 digits
  --role NAME         the role in it
  --git-credential    a credential helper of Git, for the hosts that you list in
                      the setting developerSignIn.gitHosts
  --list              the connections that this terminal can use, with a * before
                      the default; no token
  --help              this text

Exit codes: 0 printed, 1 no token now, 2 wrong usage, 3 not shared with this
terminal, 4 a sign-in is needed. The reason is on standard error.

Examples:
  sso-token --header | curl -H @- https://api.example.com/me
  export API_TOKEN="$(sso-token "My Okta" --scope api.read)"
`;
