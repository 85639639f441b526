import * as vscode from 'vscode';

/** Calls an API in the name of the person who signed in with Okta; asks for a sign-in the first time. */
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

/** An IAM Identity Center token works in one region only: this tells which. */
export async function regionOf(session: vscode.AuthenticationSession): Promise<string | undefined> {
  const description = await vscode.commands.executeCommand<{ region?: string } | undefined>(
    'developerSignIn.describeSession',
    { sessionId: session.id },
  );
  return description?.region;
}
