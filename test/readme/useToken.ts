import * as vscode from 'vscode';

/** Calls an API on behalf of the user who signed in with Okta; asks for a sign-in the first time. */
export async function complete(prompt: string): Promise<string> {
  const scopes = ['codewhisperer:completions'];
  const session = await vscode.authentication.getSession('okta', scopes, { createIfNone: true });
  const response = await fetch('https://api.example.com/completions', {
    method: 'POST',
    headers: { Authorization: `Bearer ${session.accessToken}`, TokenType: 'EXTERNAL_IDP' },
    body: JSON.stringify({ prompt }),
  });
  return response.text();
}

/** The only region in which an IAM Identity Center token works. */
export async function regionOf(session: vscode.AuthenticationSession): Promise<string | undefined> {
  const description = await vscode.commands.executeCommand<{ region?: string } | undefined>(
    'developerSignIn.describeSession',
    { sessionId: session.id },
  );
  return description?.region;
}
