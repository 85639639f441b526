/** A signing certificate of SAML metadata or of a signature; times are epoch milliseconds. */
export type SamlCertificate =
  | {
      readonly state: 'read';
      /** Epoch milliseconds. */
      readonly startsAt: number;
      readonly endsAt: number;
      /** SHA-256, in the format of consoles. */
      readonly fingerprint: string;
      /** `rsa`, `ec`, … */
      readonly keyType: string;
      /** The length of an RSA key. */
      readonly keyBits?: number;
      /** Whether the certificate is signed with MD5, SHA-1 or older. */
      readonly hasWeakHash: boolean;
    }
  | { readonly state: 'unreadable' };
