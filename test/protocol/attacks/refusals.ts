import type { Provider } from '../scene.ts';
import { json } from './changes.ts';
import type { Answer } from './tamperingProxy.ts';

/** A refusal in one of OAuth's words, as each provider puts it (RFC 6749, 5.2; docs/PROTOCOL.md, 1). */
export function refusalWith(provider: Provider, error: string): Answer {
  const status = error === 'invalid_client' ? 401 : 400;
  const body = JSON.stringify({ error, error_description: 'A proxy in between said so.' });
  if (provider === 'okta') return { status, headers: json, body };
  const name = `${error[0]?.toUpperCase() ?? ''}${error.slice(1)}Exception`;
  const exception = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { status, headers: { ...json, 'x-amzn-errortype': exception + errorTypeSuffix }, body };
}

/** The live service puts this behind the name of the exception. */
export const errorTypeSuffix = ':http://internal.amazon.com/coral/com.amazonaws.sso.oidc/';
