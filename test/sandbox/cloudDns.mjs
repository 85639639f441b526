// Loaded before a program that the sandbox's DNS is for: the resolvers that it makes ask the sandbox, in the place of the servers that
// they are told. The resolver of host names stays as it is.
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
