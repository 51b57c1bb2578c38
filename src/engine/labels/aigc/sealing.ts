import { sm2 } from 'sm-crypto-v2';
import type { AigcFields } from './compose.ts';

/** An SM2 key pair (GM/T 0003). The private half never leaves the process that holds it and never enters the box. */
export interface SealKey {
  /** 64 hex digits. */
  privateKeyHex: string;
  /** 04‖x‖y, 130 hex digits. */
  publicKeyHex: string;
}

/**
 * Content for a reserved field: an SM3withSM2 signature (1.2.156.10197.1.501, default user id of GM/T 0009) over
 * `"Label":"1","ContentProducer":"…","ProduceID":"…"` and the public key that checks it, as TC260-PG-202511A Annex A.1 lays it out.
 * It binds these three values to each other and to the key's holder; it says nothing about the media (C2PA does).
 */
export function sealLabel(fields: Pick<AigcFields, 'Label' | 'ContentProducer' | 'ProduceID'>, key: SealKey): string {
  const quote = JSON.stringify;
  const message = `"Label":${quote(fields.Label)},"ContentProducer":${quote(fields.ContentProducer)},"ProduceID":${quote(fields.ProduceID)}`;
  const signature = sm2.doSignature(new TextEncoder().encode(message), key.privateKeyHex, {
    hash: true,
    der: true,
    publicKey: key.publicKeyHex,
  });
  return JSON.stringify({
    SecurityData: {
      Type: 'TC260PG',
      PubSD: [
        { Type: 'DS', AlgID: '1.2.156.10197.1.501', KeyID: 0, TBSData: { Type: 'Md' }, Signature: signature },
        { Type: 'PubKey', AlgID: '1.2.156.10197.1.301', KeyID: 0, KeyValue: key.publicKeyHex },
      ],
    },
  });
}

/** A new key pair from the operating system's randomness. */
export function newSealKey(): SealKey {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  return { privateKeyHex: privateKey, publicKeyHex: publicKey };
}

/** The pair that belongs to a private key in hex, or null when it is no number in 1…n−2 (GM/T 0003.1 §6.1). */
export function sealKeyFrom(privateKeyHex: string): SealKey | null {
  const hex = privateKeyHex.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) return null;
  const scalar = BigInt(`0x${hex}`);
  if (scalar < 1n || scalar > order - 2n) return null;
  return { privateKeyHex: hex, publicKeyHex: sm2.getPublicKeyFromPrivateKey(hex) };
}

const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
