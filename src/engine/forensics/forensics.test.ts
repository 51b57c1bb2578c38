import { expect, test } from 'vitest';
import { cardOf } from '../../../test/fixtures/models/card-of.ts';
import type { Card } from '../../contract/card.ts';
import { signalSchema } from '../../contract/screening.ts';
import type { Pixels } from '../media/pixels.ts';
import { type DetectorInput, type DetectorModel, openDetectors } from './forensics.ts';

function model(name: string, change: (card: Card) => Card = (card) => card): DetectorModel {
  return { card: change(cardOf(name)), modelFile: `test/fixtures/models/${name}/model.onnx` };
}

/** A tone of a given level (dB of full scale, rms) and length, one after another. */
function tones(...parts: { db: number; seconds: number; hz?: number }[]): Float32Array {
  const samples: number[] = [];
  for (const { db, seconds, hz = 440 } of parts) {
    const peak = Number.isFinite(db) ? Math.SQRT2 * 10 ** (db / 20) : 0;
    for (let i = 0; i < seconds * 16_000; i++) samples.push(peak * Math.sin((2 * Math.PI * hz * i) / 16_000));
  }
  return Float32Array.from(samples);
}
const silence = Number.NEGATIVE_INFINITY;

function plain(width: number, height: number, [r, g, b]: [number, number, number]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) data.set([r, g, b], p * 3);
  return { width, height, channels: 3, data };
}

async function run(models: DetectorModel[], input: DetectorInput) {
  const detectors = openDetectors(models, 1);
  try {
    const result = await detectors.runDetectors(input);
    for (const signal of result.signals) signalSchema.parse(signal);
    return result;
  } finally {
    await detectors.close();
  }
}

const voiceRows: [string, Float32Array, string | undefined, object][] = [
  [
    'a loud tone',
    tones({ db: -20, seconds: 3 }),
    'flac',
    { strength: 'strong', code: 'forensic-strong', claim: 'ai-suspected' },
  ],
  ['the same through MP3', tones({ db: -20, seconds: 3 }), 'mp3', { strength: 'some', code: 'forensic-some-withheld' }],
  ['the same, codec unknown', tones({ db: -20, seconds: 3 }), undefined, { strength: 'some' }],
  ['a middling tone', tones({ db: -26, seconds: 3 }), 'flac', { strength: 'some', code: 'forensic-some' }],
  [
    'a quiet tone',
    tones({ db: -40, seconds: 3 }),
    'flac',
    { strength: 'little', code: 'forensic-little', claim: 'unspecified', place: null },
  ],
  [
    'silence',
    tones({ db: silence, seconds: 3 }),
    'flac',
    { strength: 'not-applicable', code: 'forensic-silence', errorRate: null },
  ],
  ['nothing at all', new Float32Array(0), 'flac', { strength: 'not-applicable', code: 'forensic-silence' }],
  [
    'half a second',
    tones({ db: -20, seconds: 0.5 }),
    'flac',
    {
      strength: 'not-applicable',
      code: 'forensic-too-little-sound',
      params: { detector: 'toy-loudness 1.0.0', seconds: 0.5, needed: 1 },
    },
  ],
  [
    'clicks far apart',
    Float32Array.from({ length: 16_000 * 80 }, (_, i) => (i % 16_000 === 0 ? 1 : 0)),
    'flac',
    { strength: 'not-applicable', code: 'forensic-silence' },
  ],
];
test.each(voiceRows)('voice: %s', async (_name, samples, codec, expected) => {
  const input = { kind: 'voice', audio: { samples }, ...(codec ? { codec } : {}) } as const;
  const { signals, findings } = await run([model('toy-loudness')], input);
  expect(findings).toEqual([]);
  expect(signals).toMatchObject([
    { id: 'forensic.toy-loudness#1', layer: 'forensic', method: 'forensic.toy-loudness', ...expected },
  ]);
});

test('the signal says where, how often it is wrong, and how it was measured', async () => {
  const samples = tones(
    { db: -40, seconds: 4 },
    { db: -10, seconds: 4 },
    { db: silence, seconds: 4 },
    { db: -20, seconds: 3 },
  );
  const { signals } = await run([model('toy-loudness')], { kind: 'voice', audio: { samples }, codec: 'flac' });
  const [signal] = signals;
  expect(signal).toMatchObject({
    strength: 'strong',
    params: { detector: 'toy-loudness 1.0.0', channel: 'clean', channelPick: 'codec' },
    // The windows that reach into the loud part are over the threshold too.
    place: { fromMs: 3500, toMs: 8500 },
    errorRate: {
      falsePositive: { rate: 0.005, n: 400 },
      falseNegative: { rate: 0.6, n: 400 },
      source: 'toy-loudness 1.0.0, clean: invented figures for a toy',
    },
    evidence: {
      channel: 'clean',
      threshold: 6,
      spansOf: 2,
      withheld: null,
      modelSha256: cardOf('toy-loudness').model.sha256,
    },
  });
  expect(JSON.stringify(signal)).not.toContain('%');
});

test('the same input gives the same output, whoever asks', async () => {
  const samples = tones({ db: -22, seconds: 5, hz: 333 });
  const models = [model('toy-loudness'), model('toy-bands')];
  const input = { kind: 'voice', audio: { samples }, codec: 'mp3' } as const;
  const first = await run(models, input);
  expect(await run(models, input)).toEqual(first);
  expect(first.signals.map(({ method }) => method)).toEqual(['forensic.toy-loudness', 'forensic.toy-bands']);
});

test('a log-mel model with class logits tells high from low', async () => {
  const scoreOf = async (hz: number) => {
    const { signals } = await run([model('toy-bands')], {
      kind: 'voice',
      audio: { samples: tones({ db: -20, seconds: 2, hz }) },
    });
    return signals[0]?.strength;
  };
  expect(await scoreOf(6000)).toBe('some');
  expect(await scoreOf(200)).toBe('little');
});

test('the end of the sound is measured even where no hop reaches it', async () => {
  const samples = tones({ db: -40, seconds: 2.2 }, { db: -3, seconds: 0.15 });
  const loudest = model('toy-loudness', (card) => ({ ...card, aggregation: { method: 'max' } }));
  const { signals } = await run([loudest], { kind: 'voice', audio: { samples }, codec: 'flac' });
  expect(signals).toMatchObject([{ strength: 'strong', place: { toMs: 2350 } }]);
});

test('very long sound is sampled evenly to its end, and the evidence says so', async () => {
  const samples = tones({ db: -40, seconds: 69 }, { db: -3, seconds: 1 });
  const dense = model('toy-loudness', (card) => {
    if (card.kind !== 'voice') throw new Error('not a voice card');
    return { ...card, input: { ...card.input, hopMs: 50 }, aggregation: { method: 'max' } };
  });
  const { signals } = await run([dense], { kind: 'voice', audio: { samples }, codec: 'flac' });
  expect(signals).toMatchObject([
    { strength: 'strong', place: { toMs: 70_000 }, evidence: { pieces: { measured: 1200, of: 1381 } } },
  ]);
});

test('samples that are no numbers do not silence a detector', async () => {
  const samples = tones({ db: -20, seconds: 3 });
  samples[100] = Number.NaN;
  samples[200] = 1e38;
  const { signals, findings } = await run([model('toy-loudness')], {
    kind: 'voice',
    audio: { samples },
    codec: 'flac',
  });
  expect(findings).toEqual([]);
  expect(signals).toMatchObject([{ strength: 'strong' }]);
});

const red: [number, number, number] = [250, 10, 10];
const blue: [number, number, number] = [10, 10, 250];
const pictureRows: [string, Pixels, string | undefined, object][] = [
  ['red', plain(64, 48, red), 'png', { strength: 'strong', place: null }],
  [
    'red through JPEG: no threshold for strong',
    plain(64, 48, red),
    'mjpeg',
    { strength: 'some', params: { withheld: 'no-threshold' } },
  ],
  ['blue', plain(64, 48, blue), 'png', { strength: 'little' }],
  [
    'small',
    plain(16, 400, red),
    'png',
    { strength: 'not-applicable', code: 'forensic-picture-too-small', params: { pixels: 16, needed: 32 } },
  ],
];
test.each(pictureRows)('picture: %s', async (_name, pixels, codec, expected) => {
  const input: DetectorInput = { kind: 'image', pixelsFrames: [{ pixels, atMs: null }], ...(codec ? { codec } : {}) };
  const { signals } = await run([model('toy-redness')], input);
  expect(signals).toMatchObject([expected]);
});

test('frames of a video: the strongest run of them is the place', async () => {
  const frames = [blue, red, red, blue, red].map((colour, i) => ({ pixels: plain(40, 40, colour), atMs: i * 1000 }));
  const highest = model('toy-redness', (card) => ({ ...card, aggregation: { method: 'top-k-mean', k: 2 } }));
  const { signals } = await run([highest], { kind: 'image', pixelsFrames: frames, codec: 'png' });
  expect(signals).toMatchObject([{ strength: 'strong', place: { fromMs: 1000, toMs: 2000, frame: 1 } }]);
});

test('very many frames are sampled evenly, and the evidence says so', async () => {
  const frames = Array.from({ length: 100 }, (_, i) => ({ pixels: plain(32, 32, red), atMs: i * 1000 }));
  const { signals } = await run([model('toy-redness')], { kind: 'image', pixelsFrames: frames, codec: 'png' });
  expect(signals).toMatchObject([
    { place: { fromMs: 0, toMs: 99_000 }, evidence: { pieces: { measured: 64, of: 100 } } },
  ]);
});

function asTiles(card: Card): Card {
  if (card.kind !== 'image') throw new Error('not an image card');
  return { ...card, input: { ...card.input, resize: { mode: 'tile', maxTiles: 4 } }, aggregation: { method: 'max' } };
}

test('tiles: the place is the tile', async () => {
  const pixels = plain(70, 64, blue);
  for (let y = 32; y < 64; y++) for (let x = 35; x < 67; x++) pixels.data.set(red, (y * 70 + x) * 3);
  const { signals } = await run([model('toy-redness', asTiles)], {
    kind: 'image',
    pixelsFrames: [{ pixels, atMs: null }],
    codec: 'png',
  });
  expect(signals).toMatchObject([{ strength: 'strong', place: { box: [35, 32, 32, 32] } }]);
});

function as(change: object) {
  return (card: Card): Card => {
    if (card.kind !== 'image') throw new Error('not an image card');
    return { ...card, input: { ...card.input, ...change } };
  };
}
test.each([
  ['BGR', as({ channels: 'bgr' })],
  ['minus one to one', as({ valueRange: 'minus-one-one' })],
  ['mean and deviation', as({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })],
  ['the middle cut out', as({ resize: { mode: 'center-crop', shortSide: 40, kernel: 'bicubic' } })],
])('picture input: %s', async (name, change) => {
  const pixels = plain(90, 50, blue);
  // Only the middle is red: the ends are cut off by center-crop, and outweigh it otherwise.
  for (let y = 0; y < 50; y++) for (let x = 22; x < 68; x++) pixels.data.set(red, (y * 90 + x) * 3);
  const { signals } = await run([model('toy-redness', change)], {
    kind: 'image',
    pixelsFrames: [{ pixels, atMs: null }],
    codec: 'png',
  });
  const score = Number(JSON.parse(JSON.stringify(signals[0]?.evidence)).score);
  // 8 × (mean red − mean blue): 46 of 90 columns are red.
  const whole = 8 * ((240 / 255) * (2 / 90));
  const expected =
    { BGR: -whole, 'minus one to one': 2 * whole, 'mean and deviation': 2 * whole }[name] ?? 8 * (240 / 255);
  expect(score).toBeCloseTo(expected, 1);
});

test('no detector of that kind is information, not silence', async () => {
  const { signals, findings } = await run([model('toy-redness')], {
    kind: 'voice',
    audio: { samples: tones({ db: -20, seconds: 2 }) },
  });
  expect(signals).toEqual([]);
  expect(findings).toEqual([{ code: 'no-detector', severity: 'info', stage: 'forensics', params: { kind: 'voice' } }]);
});

test.each([
  ['a face card', [model('toy-face')], { kind: 'face' }, 'no-face-finder'],
  ['no sound', [model('toy-loudness')], { kind: 'voice' }, 'forensic-no-audio'],
  ['no picture', [model('toy-redness')], { kind: 'image', pixelsFrames: [] }, 'forensic-no-picture'],
] satisfies [string, DetectorModel[], DetectorInput, string][])(
  'not applicable: %s',
  async (_name, models, input, code) => {
    expect(await run(models, input)).toMatchObject({ signals: [{ strength: 'not-applicable', code }], findings: [] });
  },
);

test('a detector that gives no number, or cannot be loaded, harms no other', async () => {
  const gone: DetectorModel = {
    card: { ...cardOf('toy-loudness'), id: 'gone' },
    modelFile: 'test/fixtures/models/gone/model.onnx',
  };
  const broken: DetectorModel = {
    card: { ...cardOf('toy-loudness'), id: 'text' },
    modelFile: 'test/fixtures/models/MANIFEST.md',
  };
  const models = [model('bad-nan'), gone, broken, model('toy-loudness')];
  const { signals, findings } = await run(models, {
    kind: 'voice',
    audio: { samples: tones({ db: -4, seconds: 2 }) },
    codec: 'flac',
  });
  expect(signals).toMatchObject([{ method: 'forensic.toy-loudness', strength: 'strong' }]);
  expect(findings.map(({ code, params }) => `${code} ${params['detector']}`)).toEqual([
    'detector-failed bad-nan 1.0.0',
    'detector-failed gone 1.0.0',
    'detector-failed text 1.0.0',
  ]);
  expect(findings[0]?.params['reason']).toBe('the output is not a finite number');
});
