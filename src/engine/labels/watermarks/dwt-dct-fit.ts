export interface MessageFit {
  /** What the reference decoder would read: per bit, the mean vote against one half. */
  decoded: Uint8Array;
  /** Bits of `decoded` that equal the message. */
  agreeing: number;
  /** Correlation −1…1 between the mean votes of the bits and the message. */
  correlation: number;
  /** The same in standard deviations of a random message; see `chanceOfFit`. */
  fit: number;
  /** `fit` after everything that repeats every 8 bits is taken out of the votes. */
  fitWithoutPeriod: number;
  /** Mean vote of the one-bits minus mean vote of the zero-bits, 0…1 for a marked picture. */
  separation: number;
}

/**
 * Compares the votes of a picture with a message that repeats over its blocks (block `n` carries bit `n mod length`).
 *
 * A picture often pulls all its votes to one side, and the reference decoder then reads only ones; the *differences* between the bits
 * survive that. So the decision rests on the correlation of the mean votes with the message, not on the decoded bits.
 */
export function fitMessage(votes: Uint8Array, message: Uint8Array): MessageFit {
  const length = message.length;
  const means = meanVotes(votes, length);
  const decoded = Uint8Array.from(means, (mean) => (mean * 255 > 127 ? 1 : 0));
  let agreeing = 0;
  let ones = 0;
  let meanOfOnes = 0;
  let meanOfZeros = 0;
  for (let index = 0; index < length; index += 1) {
    const bit = message[index] ?? 0;
    if (decoded[index] === bit) agreeing += 1;
    ones += bit;
    if (bit === 1) meanOfOnes += means[index] ?? 0;
    else meanOfZeros += means[index] ?? 0;
  }
  const fit = signedSum(centred(means, 1), message);
  return {
    decoded,
    agreeing,
    correlation: fit / Math.sqrt((4 * ones * (length - ones)) / length),
    fit,
    fitWithoutPeriod: signedSum(centred(means, 8), message),
    separation: meanOfOnes / ones - meanOfZeros / (length - ones),
  };
}

/**
 * Upper bound of the chance that a message of fair coin flips fits a given picture at least this well, whatever the picture is: no
 * independence of blocks, bits or pixels is assumed, the coins are the message's. The sum of n weighted coins, weights of length one,
 * exceeds t at most 3.18 times as often as a normal variable (Bentkus and Dzindzalieta, Bernoulli 21, 2015); the normal tail is
 * bounded by its density over t.
 */
export function chanceOfFit(fit: number): number {
  if (!(fit > 1)) return 1;
  return Math.min(1, (3.18 * Math.exp((-fit * fit) / 2)) / (fit * Math.sqrt(2 * Math.PI)));
}

function meanVotes(votes: Uint8Array, length: number): Float64Array {
  const sums = new Float64Array(length);
  const whole = Math.floor(votes.length / length);
  let block = 0;
  for (let turn = 0; turn < whole; turn += 1) {
    for (let index = 0; index < length; index += 1) {
      sums[index] = (sums[index] ?? 0) + (votes[block] ?? 0);
      block += 1;
    }
  }
  const rest = votes.length - block;
  for (let index = 0; index < rest; index += 1) sums[index] = (sums[index] ?? 0) + (votes[block + index] ?? 0);
  return sums.map((sum, index) => sum / Math.max(1, whole + (index < rest ? 1 : 0)));
}

/** Takes the mean of every class of indices modulo `period` away: `1` takes the overall mean. */
function centred(values: Float64Array, period: number): Float64Array {
  const result = Float64Array.from(values);
  for (let first = 0; first < period; first += 1) {
    let sum = 0;
    let count = 0;
    for (let index = first; index < values.length; index += period) {
      sum += values[index] ?? 0;
      count += 1;
    }
    for (let index = first; index < values.length; index += period) {
      result[index] = (values[index] ?? 0) - sum / count;
    }
  }
  return result;
}

/** The weights, scaled to length one, added with the message's signs. */
function signedSum(weights: Float64Array, message: Uint8Array): number {
  let squares = 0;
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index] ?? 0;
    squares += weight * weight;
    sum += message[index] === 1 ? weight : -weight;
  }
  // Rounding leaves dust where all votes agree: a flat picture says nothing.
  return squares > 1e-12 ? sum / Math.sqrt(squares) : 0;
}
