import { type KeyObject, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { algorithmsOfKey, type SigningAlgorithm } from './algorithms.ts';
import { SigningRefusal } from './refusal.ts';

/** A chain that may sign C2PA claims. */
export interface CheckedChain {
  /** DER, the signer's first, without the root that ends it. */
  chain: Uint8Array[];
  /** The signer's public key. */
  key: KeyObject;
  /** What the key can sign with, the usual one first. */
  algorithms: SigningAlgorithm[];
}

/**
 * Checks a chain as a validator would (C2PA 2.2 §14.5.1), before anything is signed with it. Takes DER certificates, the signer's
 * first; a root at the end is left out, as nobody's word about itself counts. Throws a SigningRefusal.
 */
export function checkChain(chain: readonly Uint8Array[], at: Date): CheckedChain {
  if (chain.length === 0 || chain.length > maxChain) throw unfit(`${chain.length} certificates`);
  const parsed = chain.map(parse);
  const [leaf] = parsed;
  if (!leaf) throw unfit('no certificate');
  checkLeaf(leaf);
  const algorithms = algorithmsOfKey(leaf.x509.publicKey);
  if (algorithms.length === 0) throw new SigningRefusal('algorithm-unsupported', describeKey(leaf.x509.publicKey));
  parsed.forEach((one, index) => {
    checkSignedWell(one);
    const issuer = parsed[index + 1];
    if (issuer) checkIssued(one, issuer, index);
  });
  for (const { x509 } of parsed) checkDates(x509, at);
  const last = parsed.at(-1);
  const without = last && parsed.length > 1 && isSelfIssued(last) ? parsed.slice(0, -1) : parsed;
  return { chain: without.map(({ der }) => der), key: leaf.x509.publicKey, algorithms };
}

/** Certificates of a PEM text in their order, DER; empty where there is none. */
export function certificatesOfPem(pem: string): Uint8Array[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (block) => new Uint8Array(Buffer.from(block.replace(/-----[A-Z ]+-----/g, ''), 'base64')),
  );
}

/** More than any real chain; every one is written into every file. */
const maxChain = 8;

/** The purposes that C2PA's readers accept: C2PA's own, e-mail protection, document signing, and Microsoft's for C2PA. */
const claimSigning = new Set([
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.76.59.1.9',
]);
const anyPurpose = '2.5.29.37.0';
const otherPurposes = { 'time stamping': '1.3.6.1.5.5.7.3.8', 'OCSP signing': '1.3.6.1.5.5.7.3.9' };

/** Signature algorithms a certificate may carry: ECDSA and RSA with SHA-2, RSASSA-PSS, Ed25519. */
const certificateSignatures = new Set([
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.113549.1.1.10',
  '1.3.101.112',
]);

interface Parsed {
  der: Uint8Array;
  x509: X509Certificate;
  asn: Certificate;
}

function parse(der: Uint8Array): Parsed {
  try {
    const x509 = new X509Certificate(der);
    // Rejects keys that node:crypto does not know, which nothing could be checked with.
    x509.publicKey;
    return { der, x509, asn: AsnConvert.parse(der, Certificate) };
  } catch (cause) {
    throw new SigningRefusal('certificate-unfit', 'not a certificate', { cause });
  }
}

function checkLeaf(leaf: Parsed): void {
  const { tbsCertificate: body } = leaf.asn;
  if (body.version !== 2) throw unfit('not version 3');
  if (body.issuerUniqueID || body.subjectUniqueID) throw unfit('unique identifiers');
  if (extension(leaf, id_ce_basicConstraints, BasicConstraints)?.cA) throw unfit('an authority, not a signer');
  const usage = extension(leaf, id_ce_keyUsage, KeyUsage)?.toNumber() ?? null;
  if (usage === null || (usage & KeyUsageFlags.digitalSignature) === 0)
    throw unfit('key usage without digitalSignature');
  if ((usage & KeyUsageFlags.keyCertSign) !== 0) throw unfit('key usage with keyCertSign');
  const purposes = new Set<string>(extension(leaf, id_ce_extKeyUsage, ExtendedKeyUsage) ?? []);
  if (purposes.size === 0) throw unfit('no extended key usage');
  if (purposes.has(anyPurpose)) throw unfit('any purpose');
  for (const [name, purpose] of Object.entries(otherPurposes)) if (purposes.has(purpose)) throw unfit(`for ${name}`);
  if (![...purposes].some((purpose) => claimSigning.has(purpose))) throw unfit('not for signing claims');
  if (isSelfIssued(leaf)) throw unfit('signed by itself');
  if (!body.extensions?.some(({ extnID }) => extnID === id_ce_authorityKeyIdentifier)) {
    throw unfit('no authority key identifier');
  }
}

function checkSignedWell({ asn }: Parsed): void {
  const { algorithm } = asn.signatureAlgorithm;
  if (!certificateSignatures.has(algorithm)) throw unfit(`signed with ${algorithm}`);
}

function checkIssued(subject: Parsed, issuer: Parsed, index: number): void {
  const says = extension(issuer, id_ce_basicConstraints, BasicConstraints);
  if (!says?.cA) throw new SigningRefusal('chain-broken', `certificate ${index + 2} is no authority`);
  // RFC 5280 §4.2.1.9: how many authorities may stand between this one and the signer.
  if (says.pathLenConstraint !== undefined && says.pathLenConstraint < index)
    throw new SigningRefusal('chain-broken', `certificate ${index + 2} allows no chain this long`);
  const usage = extension(issuer, id_ce_keyUsage, KeyUsage)?.toNumber() ?? KeyUsageFlags.keyCertSign;
  if ((usage & KeyUsageFlags.keyCertSign) === 0)
    throw new SigningRefusal('chain-broken', `certificate ${index + 2} may not sign certificates`);
  if (!subject.x509.checkIssued(issuer.x509) || !subject.x509.verify(issuer.x509.publicKey)) {
    throw new SigningRefusal('chain-broken', `certificate ${index + 1} is not signed by the next`);
  }
}

function checkDates({ validFromDate, validToDate }: X509Certificate, at: Date): void {
  if (at < validFromDate) throw new SigningRefusal('certificate-not-yet-valid', `from ${validFromDate.toISOString()}`);
  if (at > validToDate) throw new SigningRefusal('certificate-expired', `on ${validToDate.toISOString()}`);
}

function isSelfIssued({ x509 }: Parsed): boolean {
  return x509.subject === x509.issuer && x509.checkIssued(x509) && x509.verify(x509.publicKey);
}

/** An extension, or null where the certificate has none. */
function extension<T>({ asn }: Parsed, id: string, type: new () => T): T | null {
  const found = asn.tbsCertificate.extensions?.find(({ extnID }) => extnID === id);
  if (!found) return null;
  try {
    return AsnConvert.parse(found.extnValue.buffer, type);
  } catch (cause) {
    throw new SigningRefusal('certificate-unfit', `extension ${id} is broken`, { cause });
  }
}

function describeKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  return [type, details?.namedCurve, details?.modulusLength].filter((part) => part !== undefined).join(' ');
}

function unfit(rule: string): SigningRefusal {
  return new SigningRefusal('certificate-unfit', rule);
}
