import type { Finding, MediaFormat, Signal } from '../../contract/screening.ts';
import type { ByteSource } from '../media/bytes.ts';
import {
  type Assessment,
  assess,
  commonAnchors,
  signerAnchors,
  signerTrustedBy,
  timeAnchors,
  timeTrustedBy,
} from './assessment.ts';
import { holdsManifestBox } from './boxes.ts';
import { isCrowded } from './crowded.ts';
import { type ProvenanceFormat, provenanceFormat } from './formats.ts';
import { type Anchors, type LibraryAnswer, openLibrary } from './library.ts';
import { remoteSignal, signalsOf } from './signals.ts';
import { parseStore, type Store } from './store.ts';

export interface ProvenanceTrust {
  /** Certificates of authorities whose signers are trusted, PEM, one after another. */
  anchorsPem: string;
  /** Certificates of authorities whose time stamps are trusted. */
  tsaAnchorsPem: string;
  /** The installed lists that these come from; they go into the evidence. */
  lists: { id: string; version: string }[];
}

export interface ProvenanceResult {
  /** Whether there is a manifest, in the file or at an address named in it; null when that cannot be told. */
  present: boolean | null;
  signals: Signal[];
  findings: Finding[];
}

export interface ProvenanceReader {
  /**
   * Reads and validates the C2PA manifest of one file; `format` and `mime` are what its content says. Never throws for what
   * is in the file and never fetches anything. Up to 500 MB resident, see the caps in formats.ts; takes all its time at
   * once, without letting timers run.
   */
  read(input: {
    source: ByteSource;
    format: MediaFormat;
    mime: string;
    trust: ProvenanceTrust;
  }): Promise<ProvenanceResult>;
  /** Linear memory of the library in bytes. It never shrinks: recycle the process when it is too much. */
  memoryBytes(): number;
  /** False after the library itself has failed: recycle the process, nothing that it says counts any more. */
  healthy(): boolean;
}

/** Loads the library once per process; `wasmBytes` is `@contentauth/c2pa-wasm/c2pa.wasm`. */
export async function openProvenance(wasmBytes: Uint8Array<ArrayBuffer>): Promise<ProvenanceReader> {
  const library = await openLibrary(wasmBytes);
  let isHealthy = true;

  async function ask(input: Parameters<typeof library.read>[0]): Promise<LibraryAnswer> {
    if (!isHealthy) return { kind: 'failed' };
    const answer = await library.read(input);
    if (answer.kind === 'failed') isHealthy = false;
    return answer;
  }

  return {
    memoryBytes: library.memoryBytes,
    healthy: () => isHealthy,
    read: async ({ source, format: mediaFormat, mime, trust }) => {
      const format = provenanceFormat(mediaFormat, source);
      if (!format) return unsupported(mime);
      const context = { container: format.container, lists: trust.lists };
      const validate = source.size <= format.capBytes;
      if (!validate && !canLookInto(source, format)) return tooLarge(source, format, largePresence(source, format));

      if (isCrowded(source, format.container)) return crowded(source, format);
      const anchors = groupAnchors(trust);
      const read = (some: Anchors[]) => ask({ source, mime: format.mime, anchors: some, validate });
      const answer = await read(validate ? anchors : []);
      if (answer.kind === 'none') return { present: false, signals: [], findings: [] };
      if (answer.kind === 'unsupported') return unsupported(mime);
      if (answer.kind === 'remote')
        return { present: true, signals: [remoteSignal(answer.url, context)], findings: [] };
      if (answer.kind !== 'store') return unreadable(answer.kind === 'failed' ? 'LibraryFailure' : answer.code);
      const store = parseStore(answer.json);
      if (!store) return unreadable('ManifestStore');

      const assessment = assess(store, validate, validate && (await isSignerListed(store, anchors, read)));
      if (validate) await withdrawBorrowedTime(store, assessment, read);
      const signals = signalsOf(store, assessment, context);
      const findings = validate ? [] : tooLarge(source, format, true).findings;
      return { present: true, signals, findings: [...findings, ...missingLists(trust)] };
    },
  };
}

type Read = (anchors: Anchors[]) => Promise<LibraryAnswer>;

/**
 * The library lets any anchor vouch for any certificate: an authority for time would make its signers trusted, and the
 * other way round. So each certificate goes into one named group, and the name of the group that vouched decides.
 */
function groupAnchors({ anchorsPem, tsaAnchorsPem }: ProvenanceTrust): Anchors[] {
  const signers = new Set(splitPem(anchorsPem));
  const time = new Set(splitPem(tsaAnchorsPem));
  const join = (certificates: string[]) => certificates.join('\n');
  return [
    { uri: signerAnchors, kind: 'manifest', pem: join([...signers].filter((one) => !time.has(one))) },
    { uri: commonAnchors, kind: 'manifest', pem: join([...signers].filter((one) => time.has(one))) },
    { uri: timeAnchors, kind: 'tsa', pem: join([...time].filter((one) => !signers.has(one))) },
  ];
}

function splitPem(pem: string): string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((block) =>
    block.replace(/\r/g, ''),
  );
}

async function isSignerListed(store: Store, anchors: Anchors[], read: Read): Promise<boolean> {
  const by = signerTrustedBy(store);
  let isListed = by === signerAnchors || by === commonAnchors;
  if (by === timeAnchors) {
    // A chain can end in both kinds of list; which one is met first is the library's choice, so ask for ours alone.
    const again = await read(anchors.filter(({ uri }) => uri !== timeAnchors));
    const second = again.kind === 'store' ? parseStore(again.json) : null;
    isListed = second !== null && second.state !== 'Invalid' && signerTrustedBy(second) !== null;
  }
  if (by !== null && !isListed) {
    const { statuses } = store;
    const trusted = statuses.success.find(({ code }) => code === 'signingCredential.trusted');
    statuses.success = statuses.success.filter((status) => status !== trusted);
    statuses.failure.push({
      code: 'signingCredential.untrusted',
      url: trusted?.url ?? '',
      explanation: 'signing certificate is vouched for by a time-stamp authority only',
    });
  }
  return isListed;
}

/**
 * A time stamp vouched for by a list of signers only is no trusted time. Where the certificate is past its date without
 * that time, the manifest does not hold.
 */
async function withdrawBorrowedTime(store: Store, assessment: Assessment, read: Read): Promise<void> {
  if (timeTrustedBy(store) !== signerAnchors) return;
  const without = await read([]);
  const second = without.kind === 'store' ? parseStore(without.json) : null;
  const expired = second?.statuses.failure.find(({ code }) => code === 'signingCredential.expired');
  if (!expired) return;
  store.statuses.failure.push(expired);
  assessment.validity = 'invalid';
  assessment.reason ??= 'expired';
}

/** The library counts bytes in 32 bits, and some of its readers load the whole file. */
function canLookInto(source: ByteSource, format: ProvenanceFormat): boolean {
  return format.streams && source.size < 2 ** 32;
}

function largePresence(source: ByteSource, { container }: ProvenanceFormat): boolean | null {
  return container === 'bmff' || container === 'heif' ? holdsManifestBox(source) : null;
}

function tooLarge(source: ByteSource, format: ProvenanceFormat, present: boolean | null): ProvenanceResult {
  const findings = [
    finding(present === null ? 'provenance-too-large-to-look' : 'provenance-too-large', 'warning', {
      bytes: source.size,
      capBytes: format.capBytes,
    }),
  ];
  return { present, signals: [], findings: present === false ? [] : findings };
}

function crowded(source: ByteSource, format: ProvenanceFormat): ProvenanceResult {
  const present = largePresence(source, format);
  return {
    present,
    signals: [],
    findings: present === false ? [] : [finding('provenance-too-many-parts', 'warning', {})],
  };
}

function unsupported(mime: string): ProvenanceResult {
  return { present: null, signals: [], findings: [finding('provenance-unsupported-format', 'info', { mime })] };
}

function unreadable(reason: string): ProvenanceResult {
  return { present: null, signals: [], findings: [finding('provenance-unreadable', 'warning', { reason })] };
}

function missingLists({ anchorsPem }: ProvenanceTrust): Finding[] {
  return anchorsPem.trim() !== '' ? [] : [finding('provenance-no-trust-list', 'info', {})];
}

function finding(code: string, severity: Finding['severity'], params: Finding['params']): Finding {
  return { code, severity, stage: 'provenance', params };
}
