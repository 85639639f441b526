/**
 * Stands in the bundle for the AWS SDK's credential providers (`esbuild.mjs`): the operations of SSO-OIDC that are
 * used here are unsigned, and what would look for keys in `~/.aws`, in the environment or on the network stays out.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('An unsigned call asks for no credentials');
  };
}
