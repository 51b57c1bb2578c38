import { createHash, X509Certificate } from 'node:crypto';
import type { Lang } from '../../contract/lang.ts';
import { oneLine } from '../../platform/one-line.ts';
import { refuse } from './refusal.ts';

/** One authority of a list. */
export interface Anchor {
  subject: string;
  /** Of the certificate, hex. */
  sha256: string;
  validUntil: string;
}

export const maxListBytes = 8 * 1024 * 1024;

/**
 * The authorities in a PEM file, in its order, each once. Throws a Problem that names what is wrong: a list that is only
 * half understood would trust or distrust people by accident.
 */
export function judgeAnchors(bytes: Buffer, source: string, lang: Lang): Anchor[] {
  if (bytes.length > maxListBytes) throw refuse(lang, 'trust-too-large', { source, limit: maxListBytes });
  const text = bytes.toString('latin1');
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) throw refuse(lang, 'trust-private-key', { source });
  const begins = [...text.matchAll(/-----BEGIN ([^-\r\n]*)-----/g)];
  if (begins.length === 0) throw refuse(lang, 'trust-no-certificate', { source });
  const foreign = begins.find(([, label]) => label !== 'CERTIFICATE');
  if (foreign) throw refuse(lang, 'trust-foreign-block', { source, label: foreign[1] ?? '' });

  const anchors = new Map<string, Anchor>();
  for (const [index, { index: from }] of begins.entries()) {
    const anchor = readAnchor(text.slice(from, begins[index + 1]?.index), index + 1, source, lang);
    anchors.set(anchor.sha256, anchor);
  }
  return [...anchors.values()];
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readAnchor(text: string, number: number, source: string, lang: Lang): Anchor {
  const block = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.exec(text)?.[0];
  const certificate = block === undefined ? null : parse(block);
  if (!certificate) throw refuse(lang, 'trust-bad-certificate', { source, number });
  const subject = oneLine(certificate.subject.split('\n').reverse().join(', ')).slice(0, 300);
  if (!certificate.ca) throw refuse(lang, 'trust-not-authority', { source, number, subject });
  return { subject, sha256: sha256Of(certificate.raw), validUntil: certificate.validToDate.toISOString() };
}

function parse(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    return null;
  }
}
