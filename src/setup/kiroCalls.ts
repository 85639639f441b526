/**
 * Calls of Kiro's own clients, which Kiro does not document: data, so that one that no longer answers so is changed or left
 * out here. An answer of another form says nothing of the setup.
 */
export const kiroCalls: KiroCalls = {
  loginMetadata: 'https://app.kiro.dev/service/KiroWebPortalService/operation/GetLoginMetadata',
  profiles: {
    url: 'https://q.{region}.amazonaws.com/',
    target: 'AmazonCodeWhispererService.ListAvailableProfiles',
  },
  usage: 'https://q.{region}.amazonaws.com/getUsageLimits?origin=AI_EDITOR&resourceType=AGENTIC_REQUEST',
};

/** Where the calls go, with `{region}` in the place of the profile's Region; one that is absent is not made. */
export interface KiroCalls {
  /** What a person's domain signs in to: Smithy RPC v2 over CBOR, without a credential. */
  readonly loginMetadata?: string;
  /** The profiles that a token is good for. */
  readonly profiles?: { readonly url: string; readonly target: string };
  /** What the person may use of a profile. */
  readonly usage?: string;
}
