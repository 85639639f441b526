/**
 * Replaces the AWS SDK's credential providers in the bundle (`esbuild.mjs`): the SSO-OIDC operations used here
 * are unsigned, so the code that looks for keys in `~/.aws`, the environment and the network is left out.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('An unsigned call asks for no credentials');
  };
}
