import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifySeal } from './seal.ts';

const vectorSchema = z.object({
  name: z.string(),
  fields: z.object({ Label: z.string(), ContentProducer: z.string(), ProduceID: z.string() }),
  reserved: z.string(),
  pinned: z.string().optional(),
  expect: z.record(z.string(), z.string().nullable()).nullable(),
});
const file = new URL('../../../../test/fixtures/aigc/seals.json', import.meta.url);
const vectors = z.array(vectorSchema).parse(JSON.parse(readFileSync(file, 'utf8')));

type Vector = z.infer<typeof vectorSchema>;
const verify = ({ fields, reserved, pinned }: Vector, slot: 'ReservedCode1' | 'ReservedCode2' = 'ReservedCode1') =>
  verifySeal(
    reserved,
    {
      slot,
      label: fields.Label,
      contentProducer: fields.ContentProducer,
      produceId: fields.ProduceID,
      contentPropagator: 'Somebody',
      propagateId: '7',
    },
    pinned === undefined ? [] : [{ id: 'pinned', publicKeyHex: pinned }],
  );

describe('seals made by OpenSSL and sm-crypto-v2', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const seal = verify(vector);
    if (vector.expect === null) expect(seal).toBeNull();
    else expect(seal).toMatchObject(vector.expect);
  });

  it('calls a seal in the propagator’s field unsupported, not invalid, when the bytes it signs are unknown', () => {
    const changed = vectors.find(({ name }) => name === 'content number changed');
    const untouched = vectors.find(({ name }) => name === 'sm-crypto-v2, DER');
    if (!changed || !untouched) throw new Error('vectors are missing');
    expect(verify(changed, 'ReservedCode2')).toMatchObject({
      outcome: 'seal-unsupported',
      reason: 'signed-bytes-unknown',
    });
    expect(verify(untouched, 'ReservedCode2')).toMatchObject({ outcome: 'seal-valid' });
  });

  it('is never valid and never throws after any byte of seal or label was changed', () => {
    const [vector] = vectors;
    if (!vector) throw new Error('vectors are missing');
    const random = generator(20251);
    const structural = /"Signature":"([0-9a-f]+)"/.exec(vector.reserved);
    if (!structural?.[1]) throw new Error('no signature in the vector');
    const start = vector.reserved.indexOf(structural[1]);
    for (let round = 0; round < 60; round += 1) {
      // Every other round hits the signature, where a change can only make it wrong.
      const at = round % 2 ? start + random(structural[1].length) : random(vector.reserved.length);
      const character =
        round % 2
          ? ((Number.parseInt(vector.reserved[at] ?? '0', 16) + 1 + random(15)) % 16).toString(16)
          : String.fromCharCode(random(0x250));
      const reserved = vector.reserved.slice(0, at) + character + vector.reserved.slice(at + 1);
      const seal = verify({ ...vector, reserved });
      if (round % 2) expect(['seal-invalid', 'seal-malformed']).toContain(seal?.outcome);
    }
  });
});

/** A tiny seeded generator (LCG of Numerical Recipes): integers below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
