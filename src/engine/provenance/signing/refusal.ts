export type SigningRefusalCode =
  /** The signer's certificate, or one that vouches for it, is past its date. */
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  /** Not a certificate that C2PA lets sign claims: `detail` says which rule (C2PA 2.2 §14.5.1). */
  | 'certificate-unfit'
  /** A certificate of the chain did not sign the one before it. */
  | 'chain-broken'
  /** A kind of key that C2PA does not sign with, or not the one the caller announced. */
  | 'algorithm-unsupported'
  /** What the signer gave back does not verify with the certificate's key. */
  | 'key-mismatch'
  /** Larger than the library can sign in the memory it is given. */
  | 'file-too-large'
  /** No place in this format for a manifest that the library can write. */
  | 'format-unsupported'
  /** The file has a manifest; content that claims to begin here would hide it. Open it as a parent instead. */
  | 'already-signed'
  /** The library found the file, or the manifest in it, broken: `detail` is its own name for the reason. */
  | 'file-unsignable'
  /** A C2PA manifest may not say this: `detail` names the rule. */
  | 'manifest-unfit'
  /** The token takes more room than its authority's tokens took before. */
  | 'timestamp-too-large'
  /** The library failed and must not be used again in this process. */
  | 'library-failed';

/** Nothing was signed. `detail` is for a log or an expert: never text of the file beyond a code. */
export class SigningRefusal extends Error {
  readonly code: SigningRefusalCode;
  readonly detail: string;

  constructor(code: SigningRefusalCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}
