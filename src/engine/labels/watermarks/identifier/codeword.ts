import { createHash } from 'node:crypto';

export const identifierBits = 64;
/** An accidental codeword carries a right checksum once in 2³². */
export const checksumBits = 32;
const messageBits = identifierBits + checksumBits;
/** Generators of the rate 1/4 code of constraint length 9 and free distance 24 (Larsen, IEEE Trans. Inf. Theory 19, 1973). */
const generators = [0o463, 0o535, 0o733, 0o745];
export const codewordBits = messageBits * generators.length;

/** The 384 bits that a picture carries for an identifier of 64 bits: checksum, then a tail-biting convolutional code. */
export function encodeIdentifier(identifier: bigint): Uint8Array {
  return encode(toMessage(identifier));
}

export interface Decoded {
  identifier: bigint;
  /** Bits of the codeword that the picture showed wrong, of `codewordBits`. */
  bitErrors: number;
}

/**
 * The identifier nearest to soft bits (positive means one, the size says how sure), or null when its checksum is wrong.
 *
 * Circular Viterbi decoding: the trellis is run round three times, and the path of the middle turn counts; the code has no
 * beginning, so no bits are spent on one (Ma and Wolf 1986; Cox and Sundberg 1994).
 */
export function decodeIdentifier(soft: Float64Array): Decoded | null {
  const message = viterbi(soft);
  let identifier = 0n;
  for (let bit = 0; bit < identifierBits; bit += 1) identifier = (identifier << 1n) | BigInt(message[bit] ?? 0);
  if (!toMessage(identifier).every((bit, index) => bit === message[index])) return null;
  return { identifier, bitErrors: countErrors(soft, encode(message)) };
}

function countErrors(soft: Float64Array, codeword: Uint8Array): number {
  let wrong = 0;
  for (let bit = 0; bit < codeword.length; bit += 1) if ((soft[bit] ?? 0) > 0 !== (codeword[bit] === 1)) wrong += 1;
  return wrong;
}

/** The identifier, most significant bit first, and the first 32 bits of its SHA-256. */
function toMessage(identifier: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(identifier);
  const checksum = createHash('sha256').update('clearmirror identifier 1').update(bytes).digest();
  const all = Buffer.concat([bytes, checksum.subarray(0, checksumBits / 8)]);
  return Uint8Array.from({ length: messageBits }, (_, bit) => ((all[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
}

const memory = 8;
const states = 1 << memory;

/** Output bits of each register of nine bits, the newest on top: bit `g` of the entry belongs to generator `g`. */
const outputs = Uint8Array.from({ length: states * 2 }, (_, register) =>
  generators.reduce((bits, generator, index) => bits | (parity(register & generator) << index), 0),
);

function parity(value: number): number {
  let odd = 0;
  for (let rest = value; rest > 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}

function encode(message: Uint8Array): Uint8Array {
  const codeword = new Uint8Array(message.length * generators.length);
  // Tail-biting: the register begins with the last bits of the message, so that the trellis is a ring.
  let register = 0;
  for (let bit = message.length - memory; bit < message.length; bit += 1)
    register = (register >> 1) | ((message[bit] ?? 0) << memory);
  for (let bit = 0; bit < message.length; bit += 1) {
    register = (register >> 1) | ((message[bit] ?? 0) << memory);
    const output = outputs[register] ?? 0;
    for (let g = 0; g < generators.length; g += 1) codeword[bit * generators.length + g] = (output >> g) & 1;
  }
  return codeword;
}

const turns = 3;

function viterbi(soft: Float64Array): Uint8Array {
  const steps = messageBits * turns;
  const cameFrom = new Uint8Array(steps * states);
  let metrics = new Float64Array(states);
  let next = new Float64Array(states);
  const branch = new Float64Array(1 << generators.length);
  for (let step = 0; step < steps; step += 1) {
    const at = (step % messageBits) * generators.length;
    for (let output = 0; output < branch.length; output += 1) {
      let sum = 0;
      for (let g = 0; g < generators.length; g += 1)
        sum += (output >> g) & 1 ? (soft[at + g] ?? 0) : -(soft[at + g] ?? 0);
      branch[output] = sum;
    }
    for (let state = 0; state < states; state += 1) {
      // A state is the last eight bits, the newest on top; both predecessors differ in the bit that falls out.
      const even = (state << 1) & (states * 2 - 1);
      const a = (metrics[even & (states - 1)] ?? 0) + (branch[outputs[even] ?? 0] ?? 0);
      const b = (metrics[(even | 1) & (states - 1)] ?? 0) + (branch[outputs[even | 1] ?? 0] ?? 0);
      next[state] = Math.max(a, b);
      cameFrom[step * states + state] = a >= b ? 0 : 1;
    }
    [metrics, next] = [next, metrics];
  }
  let state = metrics.indexOf(Math.max(...metrics));
  const message = new Uint8Array(messageBits);
  for (let step = steps - 1; step >= 0; step -= 1) {
    if (step >= messageBits && step < messageBits * 2) message[step - messageBits] = state >> (memory - 1);
    state = ((state << 1) | (cameFrom[step * states + state] ?? 0)) & (states - 1);
  }
  return message;
}
