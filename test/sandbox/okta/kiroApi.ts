import { cbor } from '@smithy/core/cbor';

/** Kiro's data about an organization. Setup slips change it in place. */
export interface KiroResources {
  /** Profiles by verified domain. */
  domains: Record<string, { issuerUrl: string; clientId: string }>;
  profiles: { arn: string }[];
  subscriptionTitle: string;
  /** Responds with a page instead, to simulate a changed API. */
  hasChanged: boolean;
  refusesToken: boolean;
}

/** The calls of Kiro's own clients that the checks use, as public code makes them. */
export interface KiroApi {
  readonly resources: KiroResources;
  isAt(url: URL): boolean;
  readonly asked: string[];
  respond(request: Request): Promise<Response>;
}

/** Uses the AWS SDK's independent CBOR implementation. */
export function createKiroApi(domain: string, issuer: string, clientId: string): KiroApi {
  const resources: KiroResources = {
    domains: { [domain]: { issuerUrl: `${issuer}/.well-known/openid-configuration`, clientId } },
    profiles: [{ arn: 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABCDEFGHIJKL' }],
    subscriptionTitle: 'KIRO PRO',
    hasChanged: false,
    refusesToken: false,
  };
  const asked: string[] = [];

  const loginMetadata = async (request: Request): Promise<Response> => {
    const type = request.headers.get('content-type');
    if (request.headers.get('smithy-protocol') !== 'rpc-v2-cbor' || type !== 'application/cbor')
      return new Response(null, { status: 400 });
    if (request.headers.has('authorization')) throw new Error('This call has no credential.');
    const { domainName } = cbor.deserialize(new Uint8Array(await request.arrayBuffer())) as {
      readonly domainName: string;
    };
    const known = resources.domains[domainName];
    const scopes = ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'];
    const answer = known === undefined ? { found: false } : { found: true, ...known, scopes };
    return new Response(new Uint8Array(cbor.serialize(answer)), {
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    });
  };

  return {
    resources,
    asked,
    isAt: ({ host }) => host === 'app.kiro.dev' || /^q\.[\w-]+\.amazonaws\.com$/.test(host),
    async respond(request) {
      const url = new URL(request.url);
      asked.push(url.pathname);
      if (resources.hasChanged && url.host !== 'app.kiro.dev') return Response.json({ answer: 'other' });
      if (resources.hasChanged)
        return new Response('<!doctype html><title>Kiro</title>', {
          headers: { 'content-type': 'text/html' },
        });
      if (url.host === 'app.kiro.dev') return loginMetadata(request);
      const token = /^Bearer (\S{20,})$/.exec(request.headers.get('authorization') ?? '');
      if (token === null || resources.refusesToken)
        return Response.json({ __type: 'AccessDeniedException' }, { status: 403 });
      // Kiro rejects an external provider's token without its type.
      const isExternal = request.headers.get('tokentype') === 'EXTERNAL_IDP';
      const isJwt = token[1]?.split('.').length === 3;
      if (url.pathname === '/') {
        const target = request.headers.get('x-amz-target');
        if (target !== 'AmazonCodeWhispererService.ListAvailableProfiles')
          return Response.json({ __type: 'UnknownOperationException' }, { status: 400 });
        return Response.json({ profiles: isJwt === isExternal ? resources.profiles : [] });
      }
      if (
        url.pathname !== '/getUsageLimits' ||
        request.method !== 'GET' ||
        !url.searchParams.has('profileArn')
      )
        return Response.json({ __type: 'ValidationException' }, { status: 400 });
      const { subscriptionTitle } = resources;
      return Response.json({ subscriptionInfo: { subscriptionTitle }, usageBreakdownList: [] });
    },
  };
}
