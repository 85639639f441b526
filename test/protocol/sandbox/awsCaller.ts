/**
 * Does what the AWS CLI does with a shared sign-in: gets credentials of a role from the access portal, and asks
 * AWS STS for their identity, at AWS's own hosts. Prints the result as JSON.
 */
import { openAws, type AwsCredentials } from '../../../src/adapters/node/awsSigner.ts';

const { accessToken, region, accountId, roleName } = JSON.parse(process.argv[2] ?? '{}') as Readonly<
  Record<'accessToken' | 'region' | 'accountId' | 'roleName', string>
>;

const query = new URLSearchParams({ account_id: accountId, role_name: roleName });
const portal = await fetch(`https://portal.sso.${region}.amazonaws.com/federation/credentials?${query}`, {
  headers: { 'x-amz-sso_bearer_token': accessToken },
});
if (portal.ok) {
  const { roleCredentials } = (await portal.json()) as { readonly roleCredentials: AwsCredentials };
  const sts = await askSts(roleCredentials);
  const arn = /<Arn>(.*)<\/Arn>/.exec(await sts.text())?.[1];
  const forged = await askSts({ ...roleCredentials, secretAccessKey: 'x' });
  console.log(JSON.stringify({ portal: portal.status, sts: sts.status, arn, forged: forged.status }));
} else {
  console.log(JSON.stringify({ portal: portal.status }));
}

async function askSts(credentials: AwsCredentials): Promise<Response> {
  const url = `https://sts.${region}.amazonaws.com/`;
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const signer = openAws('given', () => Promise.resolve(credentials));
  const signed = await signer.sign(
    { service: 'sts', region, url, headers, body },
    new AbortController().signal,
  );
  if ('noCredentials' in signed) throw new Error(signed.noCredentials);
  return fetch(url, { method: 'POST', headers: signed.headers, body });
}
