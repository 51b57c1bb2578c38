import { type KeyObject, X509Certificate } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { BMFF } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore, ValidationResult } from '@trustnxt/c2pa-ts/manifest';
import { decode, Tag } from 'cbor2';
import { algorithms, verifySignature } from '../../src/engine/provenance/signing/algorithms.ts';

/**
 * For tests only: checks signed files without the library that signed them. `c2pa-ts`, another implementation of C2PA, validates
 * claim, signature, assertions and hard binding of every format; what it does not know or check is done here by hand: where
 * each container holds its manifest, whether the bytes left out of the hash are the manifest's own, the chain of certificates.
 */
export interface SecondOpinion {
  /** Every status that c2pa-ts gave, `code` or `code!` for a failure. */
  statuses: string[];
  isValid: boolean;
  /** What is left out of the hash, as `start+length`, beside where the manifest's part of the container lies. */
  excluded: string;
  manifestAt: string;
  /** Labels of the active manifest's assertions. */
  assertions: string[];
  manifests: number;
  /** The signer's and the next certificates, DER, and the token of the time stamp. */
  chain: Uint8Array[];
  token: Uint8Array | null;
  /** What the token must be over. */
  stamped: Uint8Array | null;
  signatureHolds: boolean;
  /** The signer's public key. */
  key: KeyObject;
}

/** `container` names a file format of this folder's tests; `beside` is a manifest store that is not in the file. */
export async function secondOpinion(container: string, file: Buffer, beside?: Uint8Array): Promise<SecondOpinion> {
  const place = beside ? { store: Buffer.from(beside), from: 0, to: 0 } : locate(container, file);
  const result = await validate(container, file, place.store).catch(
    // It throws for what it does not understand.
    (error: unknown) => ValidationResult.fromError(error instanceof Error ? error : new Error(String(error))),
  );
  const active = boxesIn(place.store, 8, place.store.length)
    .filter(({ type }) => type === 'jumb')
    .at(-1);
  if (!active) throw new Error('no manifest');
  const parts = labelled(place.store, active);
  const claim = content(place.store, need(parts, 'c2pa.claim.v2'));
  const cose = decode(content(place.store, need(parts, 'c2pa.signature')));
  const assertions = labelled(place.store, need(parts, 'c2pa.assertions'));
  const signed = readSignature(cose, claim);
  return {
    statuses: result.statusEntries.map(({ code, success }) => `${code}${success ? '' : '!'}`),
    isValid: result.isValid,
    excluded: excludedBy(place.store, assertions),
    manifestAt: bmff.has(container) ? '/uuid' : `${place.from}+${place.to - place.from}`,
    assertions: [...assertions.keys()],
    manifests: boxesIn(place.store, 8, place.store.length).filter(({ type }) => type === 'jumb').length,
    ...signed,
  };
}

async function validate(container: string, file: Buffer, store: Buffer): Promise<ValidationResult> {
  const manifests = ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(store)));
  return manifests.validate(bmff.has(container) ? anyBmff(file) : asset(file, store));
}

const bmff = new Set(['mp4', 'mov', 'm4a', 'm4v', 'heic', 'avif']);

/** c2pa-ts reads pictures of this family only; its checks are those of the whole family. */
function anyBmff(file: Buffer): BMFF {
  const brands: unknown = Reflect.get(BMFF, 'canReadBrands');
  if (brands instanceof Set) for (const brand of ['isom', 'qt  ', 'M4A ', 'avif']) brands.add(brand);
  const asset = new BMFF(file);
  const byPath = asset.getBoxByPath.bind(asset);
  // It knows boxes by their path alone: beside an XMP packet, which is a `uuid` box too, it would not find the manifest's.
  asset.getBoxByPath = (path) => (path === '/uuid' ? asset.getTopLevelBoxes().find(isManifest(file)) : byPath(path));
  return asset;
}

const manifestUuid = 'd8fec3d61b0e483c92975828877ec481';

function isManifest(file: Buffer) {
  return ({ type, offset }: { type: string; offset: number }) =>
    type === 'uuid' && file.toString('hex', offset + 8, offset + 24) === manifestUuid;
}

function asset(file: Buffer, store: Buffer) {
  return {
    mimeType: 'application/octet-stream',
    getDataLength: () => file.length,
    getDataRange: async (start = 0, length = file.length - start) => file.subarray(start, start + length),
    getManifestJUMBF: () => store,
    dumpInfo: () => '',
    getHashExclusionRange: () => ({ start: 0, length: 0 }),
    ensureManifestSpace: async () => {},
    writeManifestJUMBF: async () => {},
  };
}

interface Place {
  store: Buffer;
  /** The part of the container that holds the store, with its own headers. */
  from: number;
  to: number;
}

/** Where each container holds a manifest store (C2PA 2.2 appendix A). */
function locate(container: string, file: Buffer): Place {
  if (container === 'jpeg') return inJpeg(file);
  if (container === 'png') return inPng(file);
  if (container === 'gif') return inGif(file);
  if (container === 'tiff') return inTiff(file);
  if (container === 'svg') return inSvg(file);
  if (container === 'pdf') return inPdf(file);
  if (container === 'mp3' || container === 'flac') return inId3(file);
  return bmff.has(container) ? inBmff(file) : inRiff(file);
}

/** A.3.1: APP11 segments of JPEG XT boxes, in order, each beginning with the box's header again. */
function inJpeg(file: Buffer): Place {
  const parts: Buffer[] = [];
  let from = -1;
  let to = -1;
  for (let at = 2; file[at] === 0xff && file[at + 1] !== 0xda; at += 2 + file.readUInt16BE(at + 2)) {
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (file[at + 1] !== 0xeb || file.toString('latin1', at + 4, at + 6) !== 'JP') continue;
    if (from < 0) from = at;
    to = end;
    parts.push(file.subarray(at + (parts.length === 0 ? 12 : 20), end));
  }
  return { store: Buffer.concat(parts), from, to };
}

function inPng(file: Buffer): Place {
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'caBX')
      return { store: file.subarray(at + 8, at + 8 + length), from: at, to: at + 12 + length };
  }
  throw new Error('no caBX');
}

function inGif(file: Buffer): Place {
  const from = file.indexOf('\x21\xff\x0bC2PA_GIF\x01\x00\x00', 0, 'latin1');
  const parts: Buffer[] = [];
  let at = from + 14;
  for (let size = file[at] ?? 0; size > 0; size = file[at] ?? 0) {
    parts.push(file.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { store: Buffer.concat(parts), from, to: at + 1 };
}

/** A.3.3: tag 52545 of the first directory. The store's bytes alone are left out, not the entry. */
function inTiff(file: Buffer): Place {
  const isLittle = file.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (isLittle ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const u32 = (at: number) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const directory = u32(4);
  for (let index = 0; index < u16(directory); index += 1) {
    const entry = directory + 2 + 12 * index;
    if (u16(entry) !== 0xcd41) continue;
    const from = u32(entry + 8);
    return { store: file.subarray(from, from + u32(entry + 4)), from, to: from + u32(entry + 4) };
  }
  throw new Error('no tag');
}

function inSvg(file: Buffer): Place {
  const found = /<c2pa:manifest[^>]*>([^<]*)</.exec(file.toString('latin1'));
  if (!found?.[1]) throw new Error('no element');
  const from = found.index + found[0].indexOf('>') + 1;
  return { store: Buffer.from(found[1], 'base64'), from, to: from + found[1].length };
}

/** A.4.3: an embedded file whose specification says /AFRelationship /C2PA_Manifest. */
function inPdf(file: Buffer): Place {
  const text = file.toString('latin1');
  const specification = /\/AFRelationship\s*\/C2PA_Manifest/.exec(text);
  if (!specification) throw new Error('no file specification');
  const around = text.slice(text.lastIndexOf(' obj', specification.index), text.indexOf('endobj', specification.index));
  const number = /\/EF\s*<<[^>]*\/F\s+(\d+) 0 R/.exec(around)?.[1];
  const start = text.search(new RegExp(`(^|[\\r\\n])${number} 0 obj`));
  const from =
    text.indexOf('stream', start) +
    'stream'.length +
    (text.startsWith('\r\n', text.indexOf('stream', start) + 6) ? 2 : 1);
  const length = Number(/\/Length (\d+)/.exec(text.slice(start, from))?.[1]);
  const raw = file.subarray(from, from + length);
  const isPacked = text.slice(start, from).includes('/FlateDecode');
  return { store: isPacked ? inflateSync(raw) : raw, from, to: from + length };
}

/** A.3.6: a GEOB frame of an ID3v2.4 tag at the start. */
function inId3(file: Buffer): Place {
  const size7 = (at: number) => [0, 1, 2, 3].reduce((sum, index) => sum * 128 + (file[at + index] ?? 0), 0);
  const end = 10 + size7(6);
  for (let at = 10; at + 10 < end && file[at] !== 0; ) {
    const size = file[3] === 4 ? size7(at + 4) : file.readUInt32BE(at + 4);
    if (file.toString('latin1', at, at + 4) === 'GEOB') {
      const body = file.subarray(at + 10, at + 10 + size);
      const store = body.subarray(body.indexOf('jumb') - 4);
      return { store, from: at, to: at + 10 + size };
    }
    at += 10 + size;
  }
  throw new Error('no frame');
}

function inBmff(file: Buffer): Place {
  for (const { type, from, to } of boxesIn(file, 0, file.length)) {
    if (type !== 'uuid' || file.toString('hex', from, from + 16) !== 'd8fec3d61b0e483c92975828877ec481') continue;
    // Version and flags, "manifest" with its zero, offset of the first Merkle box.
    const store = file.subarray(from + 16 + 4 + 9 + 8, to);
    return { store, from: from - 8, to };
  }
  throw new Error('no uuid box');
}

function inRiff(file: Buffer): Place {
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === 'C2PA')
      return { store: file.subarray(at + 8, at + 8 + length), from: at, to: at + 8 + length };
    at += 8 + length + (length % 2);
  }
  throw new Error('no C2PA chunk');
}

interface Box {
  type: string;
  from: number;
  to: number;
}

function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = bytes.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    if (size < head || at + size > to) throw new Error('box out of bounds');
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), from: at + head, to: at + size });
    at += size;
  }
  return found;
}

/** The superboxes inside one, by the labels of their description boxes. */
function labelled(store: Buffer, outer: Box): Map<string, Box> {
  return new Map(
    boxesIn(store, outer.from, outer.to)
      .filter(({ type }) => type === 'jumb')
      .map((box) => {
        const [description] = boxesIn(store, box.from, box.to);
        const start = (description?.from ?? 0) + 17;
        return [store.toString('utf8', start, store.indexOf(0, start)), box];
      }),
  );
}

function need(parts: Map<string, Box>, label: string): Box {
  const box = parts.get(label);
  if (!box) throw new Error(`no ${label}`);
  return box;
}

/** The first content box after the description. */
function content(store: Buffer, box: Box): Buffer {
  const [, first] = boxesIn(store, box.from, box.to);
  return store.subarray(first?.from, first?.to);
}

function excludedBy(store: Buffer, assertions: Map<string, Box>): string {
  const data = assertions.get('c2pa.hash.data');
  const hash: unknown = decode(content(store, data ?? need(assertions, 'c2pa.hash.bmff.v3')));
  const exclusions = entry(hash, 'exclusions');
  if (!Array.isArray(exclusions)) return '';
  return exclusions
    .map((one) =>
      data ? `${String(entry(one, 'start'))}+${String(entry(one, 'length'))}` : String(entry(one, 'xpath')),
    )
    .join(' ');
}

function readSignature(cose: unknown, claim: Buffer) {
  const parts = cose instanceof Tag && Array.isArray(cose.contents) ? cose.contents : [];
  const [header, open, payload, signature]: unknown[] = parts;
  if (!(header instanceof Uint8Array && signature instanceof Uint8Array) || payload !== null)
    throw new Error('not COSE');
  const facts: unknown = decode(header);
  const certificates = entry(facts, 33);
  const chain = (Array.isArray(certificates) ? certificates : [certificates]).filter(
    (one) => one instanceof Uint8Array,
  );
  const id = entry(facts, 1);
  const [algorithm] = (Object.keys(algorithms) as (keyof typeof algorithms)[]).filter(
    (one) => algorithms[one].cose === id,
  );
  const [leaf] = chain;
  if (!algorithm || !leaf) throw new Error('no algorithm');
  // RFC 9052 §4.4, by hand: an array of four.
  const key = new X509Certificate(leaf).publicKey;
  const message = Buffer.concat([
    Buffer.from([0x84]),
    text('Signature1'),
    bstr(header),
    bstr(Buffer.alloc(0)),
    bstr(claim),
  ]);
  const tokens = entry(entry(open, 'sigTst2'), 'tstTokens');
  const token = Array.isArray(tokens) ? entry(tokens[0], 'val') : null;
  return {
    chain,
    signatureHolds: verifySignature(algorithm, key, message, signature),
    key,
    token: token instanceof Uint8Array ? token : null,
    stamped: Buffer.concat([
      ...[Buffer.from([0x84]), text('CounterSignature'), bstr(header), bstr(Buffer.alloc(0))],
      bstr(bstr(signature)),
    ]),
  };
}

function entry(value: unknown, key: string | number): unknown {
  if (value instanceof Map) return value.get(key);
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const head = (major: number, length: number) =>
  length < 24
    ? Buffer.from([(major << 5) | length])
    : length < 256
      ? Buffer.from([(major << 5) | 24, length])
      : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
const bstr = (bytes: Uint8Array) => Buffer.concat([head(2, bytes.length), bytes]);
const text = (value: string) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
