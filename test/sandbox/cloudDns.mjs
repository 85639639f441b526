// Preloaded into programs that use the sandbox's DNS: resolvers that they create ask the sandbox instead of
// the configured servers. Host name lookup (`dns.lookup`) is unchanged.
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

const server = process.env.SANDBOX_NAME_SERVER;
if (server !== undefined) {
  const { Resolver } = dns;
  dns.Resolver = class extends Resolver {
    constructor(options) {
      super(options);
      super.setServers([server]);
    }
    setServers() {}
  };
  syncBuiltinESMExports();
}
