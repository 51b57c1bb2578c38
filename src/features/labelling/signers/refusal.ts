/** Why nothing was signed or stamped, on our side of the glass box. Refusals about certificates are SigningRefusals of the engine. */
export type SignerRefusalCode =
  /** A file or variable that should hold a key, chain or secret is missing or unreadable; `detail` names it. */
  | 'signer-file-missing'
  | 'signer-secret-missing'
  | 'signer-key-unreadable'
  | 'signer-passphrase-wrong'
  /** The private key belongs to another certificate. */
  | 'key-mismatch'
  /** What came back is no signature of the certificate's key over what was sent. */
  | 'signature-does-not-verify'
  /** Keys and tokens may go over https only, and over http to this machine itself. */
  | 'signer-address-insecure'
  | 'signer-unreachable'
  | 'signer-too-slow'
  /** It answered with a status that is no success, a redirect included; `detail` is the status. */
  | 'signer-refused'
  | 'signer-answer-too-large'
  | 'signer-bad-answer'
  /** pkcs11-tool is not installed, or the module does not load, or no such token is there. */
  | 'token-unavailable'
  | 'token-pin-wrong'
  | 'token-pin-locked'
  | 'token-key-missing'
  /** Any other failure of the token; `detail` is its CKR code. */
  | 'token-failed'
  | 'timestamp-address-invalid'
  | 'timestamp-unreachable'
  | 'timestamp-too-slow'
  | 'timestamp-refused'
  | 'timestamp-answer-too-large'
  | 'timestamp-bad-answer'
  /** The token is over something else than what was sent. */
  | 'timestamp-wrong-imprint'
  /** The token answers another request: it could be an old one. */
  | 'timestamp-wrong-nonce';

export class SignerRefusal extends Error {
  readonly code: SignerRefusalCode;
  readonly detail: string;

  constructor(code: SignerRefusalCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}
