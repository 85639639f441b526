/** The text of `sso-token --help`. */
export const help = `Prints a fresh access token of a connection that you use in this editor's terminals.

Usage: sso-token [CONNECTION] [OPTIONS]

CONNECTION is the name of a connection or an account. Without it, sso-token uses
the default of the window: the first that you allowed, or the one that you chose
with SSO: Use in Terminal. If you sign out of it, no other one takes its place.

Options:
  --scope SCOPE       require this scope; can be given several times
  --sign-in           if the session has expired or a scope is missing, start the
                      sign-in in the editor and wait
  --json              print the token with its expiration, scopes, connection, and
                      account
  --header            print an HTTP header: Authorization: Bearer TOKEN
  --exec-credential   print a Kubernetes ExecCredential, for kubectl
  --aws-credentials   print credentials of a role in an AWS account, for
                      credential_process of the AWS CLI and SDKs; requires
                      --account and --role
  --account ID        the AWS account, 12 digits
  --role NAME         the role in the account
  --git-credential    act as a Git credential helper, for the hosts in the setting
                      developerSignIn.gitHosts
  --list              list the connections that this terminal can use, with a *
                      before the default; prints no token
  --help              print this text

Exit codes: 0 success, 1 no token right now, 2 usage error, 3 not shared with this
terminal, 4 sign-in needed. Errors go to standard error.

Examples:
  sso-token --header | curl -H @- https://api.example.com/me
  export API_TOKEN="$(sso-token "My Okta" --scope api.read)"
`;
