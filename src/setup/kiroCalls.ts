/**
 * Calls of Kiro's own clients, which Kiro does not document. Kept as data, to change or drop one here; a
 * response in another form proves nothing about the setup.
 */
export const kiroCalls: KiroCalls = {
  loginMetadata: 'https://app.kiro.dev/service/KiroWebPortalService/operation/GetLoginMetadata',
  profiles: {
    url: 'https://q.{region}.amazonaws.com/',
    target: 'AmazonCodeWhispererService.ListAvailableProfiles',
  },
  usage: 'https://q.{region}.amazonaws.com/getUsageLimits?origin=AI_EDITOR&resourceType=AGENTIC_REQUEST',
};

/** Endpoints of Kiro, with `{region}` for the profile's Region; absent ones are not called. */
export interface KiroCalls {
  /** Sign-in data of a domain: Smithy RPC v2 over CBOR, without a credential. */
  readonly loginMetadata?: string;
  /** The profiles that a token can use. */
  readonly profiles?: { readonly url: string; readonly target: string };
  /** The person's usage of a profile. */
  readonly usage?: string;
}
