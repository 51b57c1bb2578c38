import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { labelFile } from '../../labelling/labelling.ts';

type SigningTools = NonNullable<Parameters<typeof labelFile>[1]['signing']>;

/**
 * Signs C2PA claims with a certificate that is made here and that nobody answers for. Keys come from the seed and Ed25519 signs without
 * chance, so that one run has one signer however often it is begun again. Valid for a year from `at`.
 */
export function throwawaySigner(seed: string, { name, at }: { name: string; at: Date }): SigningTools {
  const [authority, signer] = [keyFrom(`${seed}/authority`), keyFrom(`${seed}/signer`)];
  const authorityName = nameOf(`${name} Authority`);
  const certificate = AsnConvert.serialize(
    certify({ subject: nameOf(name), key: signer, issuer: authorityName, issuerKey: authority, at }),
  );
  return {
    // The authority signs itself, which says nothing: it is left out.
    chain: [new Uint8Array(certificate)],
    algorithm: 'ed25519',
    subject: name,
    sign: async (message) => new Uint8Array(sign(null, message, signer)),
    stamp: null,
  };
}

/** RFC 8410 §7: a private key in PKCS #8 is this head and 32 bytes. */
const ed25519Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const ed25519 = '1.3.101.112';
/** A purpose that readers of C2PA accept (C2PA 2.2 §14.5.1). */
const emailProtection = '1.3.6.1.5.5.7.3.4';
const dayMs = 86_400_000;

function keyFrom(seed: string): KeyObject {
  const der = Buffer.concat([ed25519Head, createHash('sha256').update(seed).digest()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

interface Certified {
  subject: Name;
  key: KeyObject;
  issuer: Name;
  issuerKey: KeyObject;
  at: Date;
}

/** An X.509 certificate of version 3 (RFC 5280) that may sign, and nothing else. */
function certify({ subject, key, issuer, issuerKey, at }: Certified): Certificate {
  const usage = new KeyUsage(KeyUsageFlags.digitalSignature);
  const signatureAlgorithm = new AlgorithmIdentifier({ algorithm: ed25519 });
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialOf(key),
    signature: signatureAlgorithm,
    issuer,
    validity: new Validity({
      notBefore: new Date(at.getTime() - dayMs),
      notAfter: new Date(at.getTime() + 365 * dayMs),
    }),
    subject,
    subjectPublicKeyInfo: publicPartOf(key),
  });
  body.extensions = new Extensions([
    extension(id_ce_basicConstraints, new BasicConstraints(), true),
    extension(id_ce_keyUsage, usage, true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([emailProtection]), false),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(identifierOf(key)), false),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(identifierOf(issuerKey)) }),
      false,
    ),
  ]);
  const signatureValue = sign(null, Buffer.from(AsnConvert.serialize(body)), issuerKey);
  return new Certificate({ tbsCertificate: body, signatureAlgorithm, signatureValue: exact(signatureValue) });
}

function nameOf(text: string): Name {
  const value = new AttributeValue({ utf8String: text });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })])]);
}

function publicPartOf(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(createPublicKey(key).export({ format: 'der', type: 'spki' }), SubjectPublicKeyInfo);
}

function extension(extnID: string, value: object, critical: boolean): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** RFC 5280 §4.2.1.2, method 1: the SHA-1 of the public key. It names a key and protects nothing. */
function identifierOf(key: KeyObject): ArrayBuffer {
  return exact(
    createHash('sha1')
      .update(Buffer.from(publicPartOf(key).subjectPublicKey))
      .digest(),
  );
}

/** Positive, and never two alike. */
function serialOf(key: KeyObject): ArrayBuffer {
  const bytes = new Uint8Array(identifierOf(key)).slice(0, 16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
