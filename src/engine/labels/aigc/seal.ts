import { sm2, sm3 } from 'sm-crypto-v2';
import { type JsonNode, readJsonTolerantly } from './tolerant-json.ts';

export interface PinnedKey {
  id: string;
  /** SM2 public key: 04‖x‖y, x‖y, or compressed. */
  publicKeyHex: string;
}

export type SealOutcome = 'seal-valid' | 'seal-valid-pinned' | 'seal-invalid' | 'seal-unsupported' | 'seal-malformed';

/** What was found in one reserved field. */
export interface Seal {
  outcome: SealOutcome;
  /** Why it is unsupported or malformed. */
  reason:
    | null
    | 'algorithm'
    | 'bad-key'
    | 'bad-signature'
    | 'no-label-signature'
    | 'no-public-key'
    | 'old-spelling'
    | 'signed-bytes-unknown'
    | 'structure';
  algorithm: string | null;
  /** How the signed bytes were found: as the guide says, or hashed with SM3 once more beforehand as some providers do. */
  signedBytes: null | 'guide' | 'hashed-before';
  keyForm: null | 'uncompressed' | 'compressed' | 'bare-x' | 'spki' | 'pinned';
  /** First 16 hex digits of the key's Z value (GM/T 0003.2 §5.5, default user id), to tell keys apart. */
  keyFingerprint: string | null;
  pinnedId: string | null;
}

export interface SealedLabel {
  slot: 'ReservedCode1' | 'ReservedCode2';
  /** Decoded values; empty where the field is missing. */
  label: string;
  contentProducer: string;
  produceId: string;
  contentPropagator: string;
  propagateId: string;
}

/**
 * Verifies the SM3withSM2 signature that TC260-PG-202511A lets a provider put into a reserved field. The signed bytes are
 * `"Label":"1","ContentProducer":"…","ProduceID":"…"`, the user id is the default of GM/T 0009. The key lies in the label itself: a
 * good signature proves that these three values were not changed since signing, and who signed only when the key is pinned. It says
 * nothing about the media. Null when the field holds no `SecurityData`, as most do. Never throws.
 */
export function verifySeal(reserved: string, label: SealedLabel, pinnedKeys: readonly PinnedKey[] = []): Seal | null {
  if (reserved.length > maxSealCharacters || !/SecurityData/i.test(reserved)) return null;
  const reading = readJsonTolerantly(reserved);
  const root = reading.status === 'read' ? reading.node : null;
  const data = member(root, 'SecurityData') ?? root;
  const entries = member(data, 'PubSD');
  if (!entries) {
    // Honor writes `PubSd` with RSA signatures over the content; its contract is not published.
    return member(data, 'PubSd') ? unsupported('old-spelling', null) : malformed('structure');
  }
  if (entries.type !== 'array') return malformed('structure');

  const objects = entries.items.filter((item) => item.type === 'object').slice(0, maxEntries);
  const signatures = objects.filter((entry) => textIn(entry, 'Type') === 'DS');
  const ours = signatures.filter((entry) => labelTypes.has(textIn(member(entry, 'TBSData'), 'Type')));
  const signature = ours.find((entry) => textIn(entry, 'AlgID') === sm3WithSm2) ?? ours[0] ?? signatures[0];
  if (!signature) return malformed('no-label-signature');
  const algorithm = textIn(signature, 'AlgID').slice(0, 60);
  if (algorithm !== sm3WithSm2) return unsupported('algorithm', algorithm);
  if (ours.length === 0) return unsupported('no-label-signature', algorithm);
  const pair = readSignature(textIn(signature, 'Signature'));
  if (!pair) return { ...malformed('bad-signature'), algorithm };
  return check({ pair, algorithm, keys: keysFor(signature, objects), label, pinnedKeys });
}

const sm3WithSm2 = '1.2.156.10197.1.501';
/** `Md` is the guide's word; MiniMax and StepFun write the second, and sign the same fields. */
const labelTypes = new Set(['Md', 'LabelMataData', 'LabelMetaData']);
const maxSealCharacters = 65_536;
const maxEntries = 16;
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

interface Key {
  /** 04‖x‖y or compressed, in hex; on the curve. */
  point: string;
  /** Z value in hex: the same for every way to write the same point. */
  identity: string;
  form: NonNullable<Seal['keyForm']>;
  pinnedId: string | null;
}

interface Question {
  pair: string;
  algorithm: string;
  keys: { found: boolean; points: Key[] };
  label: SealedLabel;
  pinnedKeys: readonly PinnedKey[];
}

function check({ pair, algorithm, keys, label, pinnedKeys }: Question): Seal {
  const pinned = pinnedKeys.flatMap(({ id, publicKeyHex }) =>
    readPoints(publicKeyHex).map((key): Key => ({ ...key, form: 'pinned', pinnedId: id })),
  );
  const base = { algorithm, signedBytes: null, keyForm: null, keyFingerprint: null, pinnedId: null };
  if (keys.points.length === 0 && pinned.length === 0) {
    if (keys.found) return { ...base, outcome: 'seal-malformed', reason: 'bad-key' };
    return { ...base, outcome: 'seal-unsupported', reason: 'no-public-key' };
  }
  // Without a key of its own a seal can only be judged by the keys we hold.
  for (const key of keys.points.length > 0 ? keys.points : pinned) {
    const signedBytes = verifyWith(key.point, pair, label);
    if (!signedBytes) continue;
    const holder = key.pinnedId ?? pinned.find(({ identity }) => identity === key.identity)?.pinnedId ?? null;
    return {
      outcome: holder ? 'seal-valid-pinned' : 'seal-valid',
      reason: null,
      algorithm,
      signedBytes,
      keyForm: key.form,
      keyFingerprint: key.identity.slice(0, 16),
      pinnedId: holder,
    };
  }
  const first = keys.points[0];
  const seen = { ...base, keyForm: first?.form ?? null, keyFingerprint: first ? first.identity.slice(0, 16) : null };
  if (!first) return { ...base, outcome: 'seal-unsupported', reason: 'no-public-key' };
  // What the propagator's slot signs could not be read in the guide, and real files sign something else there.
  if (label.slot === 'ReservedCode2') return { ...seen, outcome: 'seal-unsupported', reason: 'signed-bytes-unknown' };
  return { ...seen, outcome: 'seal-invalid', reason: null };
}

function verifyWith(point: string, pair: string, label: SealedLabel): Seal['signedBytes'] {
  for (const message of messagesOf(label)) {
    const bytes = new TextEncoder().encode(message);
    if (sm2.doVerifySignature(bytes, pair, point, { hash: true })) return 'guide';
    if (sm2.doVerifySignature(fromHex(sm3(bytes)), pair, point, { hash: true })) return 'hashed-before';
  }
  return null;
}

/** The producer's three fields as in Annex E; for the propagator's slot its own two are tried as well. */
function messagesOf(label: SealedLabel): string[] {
  const produced = `"Label":${quote(label.label)},"ContentProducer":${quote(label.contentProducer)},"ProduceID":${quote(label.produceId)}`;
  if (label.slot === 'ReservedCode1') return [produced];
  const propagated = `"ContentPropagator":${quote(label.contentPropagator)},"PropagateID":${quote(label.propagateId)}`;
  return [produced, `"Label":${quote(label.label)},${propagated}`, propagated];
}

function quote(value: string): string {
  return JSON.stringify(value);
}

/** Keys of the signature's KeyID, or every key when the ids do not meet. */
function keysFor(signature: JsonNode, objects: readonly JsonNode[]): Question['keys'] {
  const entries = objects.filter((entry) => textIn(entry, 'Type') === 'PubKey').slice(0, maxKeys);
  const id = textIn(signature, 'KeyID') || '0';
  const matching = entries.filter((entry) => (textIn(entry, 'KeyID') || '0') === id);
  const chosen = matching.length > 0 ? matching : entries;
  return { found: chosen.length > 0, points: chosen.flatMap((entry) => readPoints(textIn(entry, 'KeyValue'))) };
}

/** Each costs up to a dozen verifications. */
const maxKeys = 2;

/** SubjectPublicKeyInfo of an SM2 key (1.2.156.10197.1.301) up to its point. */
const spkiPrefix = '3059301306072a8648ce3d020106082a811ccf5501822d034200';

/** The points a key can mean: two for a bare x coordinate, none when it is no point of the curve. */
function readPoints(value: string): Key[] {
  let hex = hexOf(value);
  if (hex === null) return [];
  let form: Key['form'] | null = null;
  if (hex.startsWith(spkiPrefix)) {
    hex = hex.slice(spkiPrefix.length);
    form = 'spki';
  }
  // A leading zero byte keeps an integer positive; MiniMax leaves it before its x.
  if (hex.length === 66 && hex.startsWith('00')) hex = hex.slice(2);
  if (hex.length === 64) return [onCurve(`02${hex}`, 'bare-x'), onCurve(`03${hex}`, 'bare-x')].flat();
  if (hex.length === 66 && /^0[23]/.test(hex)) return onCurve(hex, form ?? 'compressed');
  if (hex.length === 128) return onCurve(`04${hex}`, form ?? 'uncompressed');
  if (hex.length === 130 && hex.startsWith('04')) return onCurve(hex, form ?? 'uncompressed');
  return [];
}

function onCurve(hex: string, form: Key['form']): Key[] {
  try {
    return [{ point: hex, identity: Buffer.from(sm2.getZ(hex)).toString('hex'), form, pinnedId: null }];
  } catch {
    // The library's only way to say that x and y are no point of the curve.
    return [];
  }
}

/** r‖s as 128 hex digits from DER or raw form; null when it is neither or a number is outside 1…n−1. */
function readSignature(value: string): string | null {
  const hex = hexOf(value);
  if (hex === null) return null;
  const numbers = hex.length === 128 ? [hex.slice(0, 64), hex.slice(64)] : readDerPair(hex);
  if (!numbers) return null;
  for (const number of numbers) {
    const scalar = BigInt(`0x${number}`);
    if (scalar <= 0n || scalar >= order) return null;
  }
  return numbers.join('');
}

/** SEQUENCE of two INTEGERs, short lengths only: 64 bytes of content never need more. */
function readDerPair(hex: string): string[] | null {
  if (!hex.startsWith('30') || Number.parseInt(hex.slice(2, 4), 16) * 2 !== hex.length - 4) return null;
  const numbers: string[] = [];
  let at = 4;
  for (let index = 0; index < 2; index += 1) {
    const length = Number.parseInt(hex.slice(at + 2, at + 4), 16);
    if (hex.slice(at, at + 2) !== '02' || !(length >= 1 && length <= 33)) return null;
    const digits = hex.slice(at + 4, at + 4 + length * 2);
    if (digits.length !== length * 2 || (length === 33 && !digits.startsWith('00'))) return null;
    numbers.push(digits.slice(-64).padStart(64, '0'));
    at += 4 + length * 2;
  }
  return at === hex.length ? numbers : null;
}

/** Lower-case hex of a value written in hex or Base64, at most 256 bytes. */
function hexOf(value: string): string | null {
  const text = value.trim();
  if (text.length === 0 || text.length > 512) return null;
  if (/^(?:[0-9A-Fa-f]{2})+$/.test(text)) return text.toLowerCase();
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64').toString('hex');
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function member(node: JsonNode | null | undefined, key: string): JsonNode | null {
  if (node?.type !== 'object') return null;
  return node.members.find((candidate) => candidate.key === key)?.value ?? null;
}

function textIn(node: JsonNode | null | undefined, key: string): string {
  const value = member(node, key);
  if (value?.type === 'string') return value.value;
  return value?.type === 'number' ? value.text : '';
}

function unsupported(reason: Seal['reason'], algorithm: string | null): Seal {
  return { ...malformed(reason), outcome: 'seal-unsupported', algorithm };
}

function malformed(reason: Seal['reason']): Seal {
  return {
    outcome: 'seal-malformed',
    reason,
    algorithm: null,
    signedBytes: null,
    keyForm: null,
    keyFingerprint: null,
    pinnedId: null,
  };
}
