import { createHash, randomBytes } from 'node:crypto';
import { ContentInfo, id_signedData, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, MessageImprint, PKIStatus, TimeStampReq, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { Timestamping } from '../../../engine/provenance/signing/seal.ts';
import { post } from './post.ts';
import { SignerRefusal } from './refusal.ts';

export interface TimestampSettings {
  /** http or https: the token is signed, and nothing secret is sent. */
  url: string;
  /** For one token. 10 s unless said. */
  timeoutMs?: number | undefined;
}

/**
 * Asks a time-stamp authority for tokens (RFC 3161 over HTTP, SHA-256, with a nonce and with its certificates, as C2PA 2.2
 * §10.3.2.5.3 wants them). What a token's certificate is worth is for the readers' trust lists to say. Throws a SignerRefusal.
 */
export function openTimestamping({ url: address, timeoutMs = 10_000 }: TimestampSettings): Timestamping {
  const url = URL.parse(address);
  if (!(url?.protocol === 'https:' || url?.protocol === 'http:')) throw new SignerRefusal('timestamp-address-invalid');
  const timestamping: Timestamping = {
    stamp: async (message) => {
      const { query, imprint, nonce } = makeQuery(message);
      const bytes = await post({
        service: 'timestamp',
        url,
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: query,
        timeoutMs,
        maxBytes: 64 * 1024,
      });
      const token = readReply(bytes, imprint, nonce);
      // Tokens of one authority are of one length but for some bytes: the next file's room for one is known.
      timestamping.tokenBytes = Math.max(timestamping.tokenBytes ?? 0, token.length);
      return token;
    },
  };
  return timestamping;
}

const sha256 = '2.16.840.1.101.3.4.2.1';

function makeQuery(message: Uint8Array): { query: Uint8Array; imprint: Buffer; nonce: Buffer } {
  const imprint = createHash('sha256').update(message).digest();
  const nonce = randomBytes(16);
  // A positive INTEGER of full length: DER would drop leading zeros, and the answers are compared byte by byte.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  const query = new TimeStampReq({
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256, parameters: null }),
      hashedMessage: new OctetString(imprint),
    }),
    nonce: new Uint8Array(nonce).buffer,
    certReq: true,
  });
  return { query: new Uint8Array(AsnConvert.serialize(query)), imprint, nonce };
}

/** The token's own DER, when it answers the question. */
function readReply(bytes: Uint8Array, imprint: Buffer, nonce: Buffer): Uint8Array {
  const { status, token, info } = parseReply(bytes);
  if (status !== PKIStatus.granted && status !== PKIStatus.grantedWithMods)
    throw new SignerRefusal('timestamp-refused', `status ${status}`);
  if (!token || !info) throw new SignerRefusal('timestamp-bad-answer', 'no token');
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  if (hashAlgorithm.algorithm !== sha256 || !imprint.equals(Buffer.from(hashedMessage.buffer)))
    throw new SignerRefusal('timestamp-wrong-imprint');
  if (!info.nonce || !nonce.equals(Buffer.from(info.nonce))) throw new SignerRefusal('timestamp-wrong-nonce');
  return token;
}

function parseReply(bytes: Uint8Array): { status: number; token: Uint8Array | null; info: TSTInfo | null } {
  try {
    const { status, timeStampToken } = AsnConvert.parse(bytes, TimeStampResp);
    if (!timeStampToken) return { status: status.status, token: null, info: null };
    const { contentType, content } = timeStampToken;
    if (contentType !== id_signedData) throw new Error('no signed data');
    const { encapContentInfo, certificates } = AsnConvert.parse(content, SignedData);
    const inner = encapContentInfo.eContent?.single;
    if (encapContentInfo.eContentType !== id_ct_tstInfo || !inner) throw new Error('no time-stamp information');
    if (!certificates || certificates.length === 0) throw new Error('no certificates, though asked for');
    const token = new Uint8Array(AsnConvert.serialize(new ContentInfo({ contentType, content })));
    return { status: status.status, token, info: AsnConvert.parse(inner.buffer, TSTInfo) };
  } catch (cause) {
    throw new SignerRefusal('timestamp-bad-answer', '', { cause });
  }
}
