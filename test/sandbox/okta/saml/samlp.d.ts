/** Types for the parts of `samlp` that the sandbox uses; the package does not have any. */
declare module 'samlp' {
  export interface ParsedRequest {
    readonly issuer?: string;
    readonly assertionConsumerServiceURL?: string;
    readonly destination?: string;
    /** Attribute text: `true` or `false`. */
    readonly forceAuthn?: string;
    readonly id?: string;
  }

  export interface ResponseOptions {
    readonly issuer: string;
    /** PEM. */
    readonly cert: string;
    /** PEM. */
    readonly key: string;
    readonly audience: string;
    readonly recipient: string;
    readonly destination: string;
    readonly inResponseTo?: string | undefined;
    readonly lifetimeInSeconds: number;
    readonly signatureAlgorithm: 'rsa-sha256';
    readonly digestAlgorithm: 'sha256';
    readonly signAssertion: boolean;
    readonly signResponse: boolean;
    readonly nameIdentifierFormat: string;
    readonly authnContextClassRef: string;
    readonly profileMapper: (user: unknown) => {
      readonly getClaims: () => Readonly<Record<string, string>>;
      readonly getNameIdentifier: () => { readonly nameIdentifier: string };
    };
  }

  export function parseRequest(
    request: {
      readonly query: Readonly<Record<string, string>>;
      readonly body: Readonly<Record<string, string>>;
    },
    callback: (error: Error | null | undefined, request?: ParsedRequest) => void,
  ): void;

  export function getSamlResponse(
    options: ResponseOptions,
    user: object,
    callback: (error: Error | null, xml: string) => void,
  ): void;
}
