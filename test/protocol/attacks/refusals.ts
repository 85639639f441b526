import type { Provider } from '../scene.ts';
import { json } from './changes.ts';
import type { Answer } from './tamperingProxy.ts';

/** An OAuth error in each provider's format (RFC 6749, 5.2; docs/PROTOCOL.md, 1). */
export function refusalWith(provider: Provider, error: string): Answer {
  const status = error === 'invalid_client' ? 401 : 400;
  const body = JSON.stringify({ error, error_description: 'A proxy in between said so.' });
  if (provider === 'okta') return { status, headers: json, body };
  const name = `${error[0]?.toUpperCase() ?? ''}${error.slice(1)}Exception`;
  const exception = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { status, headers: { ...json, 'x-amzn-errortype': exception + errorTypeSuffix }, body };
}

/** Suffix of exception names at the live service. */
export const errorTypeSuffix = ':http://internal.amazon.com/coral/com.amazonaws.sso.oidc/';
