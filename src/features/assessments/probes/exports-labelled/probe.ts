import { createHash } from 'node:crypto';
import type { Trial } from '../../../../contract/assessment.ts';
import type { PublishedPlace, Target } from '../../../../contract/target.ts';
import { renditionsIn, uploadOf } from '../../publishing.ts';
import { formats, type Sample } from '../../samples/sample.ts';
import { TargetFailure } from '../../target/failure.ts';
import type { PublishedFile } from '../../target/published.ts';
import { readJson, requiredAt } from '../../target/service.ts';
import type { Probe, ProbeBench, Seeing } from '../probe.ts';
import { judgeExport, judgeRoom } from './judge.ts';

type Effect = NonNullable<Target['effects']>[number];
type Room = NonNullable<Target['rooms']>[number];

/**
 * Lets a generating function work, and measures the labels of every format that it offers; listens to a live room whose voices are changed;
 * and looks at generated media where they are published.
 */
export const exportsLabelled: Probe = {
  id: 'exports-labelled',
  impact: 'misleads',
  reaches: {
    'CNLB-2': 'settles',
    'CNLB-3': 'settles',
    'GB-X0': 'settles',
    'GB-X2': 'settles',
    'GB-X3': 'settles',
    'GB-X4': 'settles',
    'GB-M1': 'settles',
    'GB-M2': 'settles',
    'GB-M3': 'settles',
  },
  lacks: ({ effects = [], rooms = [], published = [] }) =>
    effects.length + rooms.length + published.length > 0 ? null : 'effects',
  // An export takes seconds to make and to measure: a few say as much.
  wants: ({ effects = [], rooms = [] }, samples) =>
    [...new Set([...effects, ...rooms].map(({ takes }) => takes))].map((format) => ({
      treatment: 'genuine',
      count: Math.max(2, Math.round(samples * 0.02)),
      formats: [format],
    })),
  run: async (bench) => {
    const { effects = [], rooms = [], published = [] } = bench.service.target;
    const work = [
      // First, as they take the longest: a room is listened to as fast as it speaks.
      ...rooms.flatMap((room) =>
        taken(bench, room)
          .slice(0, 1)
          .map((sample) => () => listenTo(bench, room, sample)),
      ),
      ...effects.flatMap((effect) => taken(bench, effect).map((sample) => () => lookAtExports(bench, effect, sample))),
    ];
    await bench.sideBySide(work, (step) => step());
    for (const place of published) await lookAtPlace(bench, place);
  },
};

const maxExportBytes = 256 * 1024 * 1024;

function taken({ samples }: ProbeBench, { takes }: Effect | Room): Sample[] {
  return samples.filter(({ format }) => format === takes);
}

async function lookAtExports(bench: ProbeBench, effect: Effect, sample: Sample): Promise<void> {
  await bench.unit(`effect/${effect.name}/${sample.id}`, { sample, subject: effect.name }, async () => {
    const answer = await bench.service.ask(effect.request, {}, { upload: await uploadOf(sample) });
    const offered = renditionsIn(effect.exports, readJson(answer));
    const judged: Seeing[] = [];
    // One after the other: each may be as large as we allow.
    for (const { name, url } of offered) {
      const { bytes } = await bench.service.get(url, maxExportBytes);
      const seen = await bench.look(bytes, { explicit: true });
      const judgements = judgeExport(`${effect.name}/${name}`, seen, effect.soundLabel);
      judged.push(...judgements.map((one) => ({ ...one, url, sha256: sha256Of(bytes) })));
    }
    return judged;
  });
}

/** Joins as a listener would, and hears what a listener hears. */
async function listenTo(bench: ProbeBench, room: Room, sample: Sample): Promise<void> {
  await bench.unit(`room/${room.name}/${sample.id}`, { sample, subject: room.name }, async () => {
    const opened = readJson(await bench.service.ask(room.request, {}, { upload: await uploadOf(sample) }));
    const item = room.leave && room.room ? requiredAt(room.room, opened) : null;
    if (item !== null) await bench.joined(room.name, item);
    try {
      const url = requiredAt(room.stream, opened);
      const { bytes, status } = await bench.service.get(url, maxExportBytes, { listenMs: room.seconds * 1000 });
      if (status !== 200) throw new TargetFailure('status', { status, place: url });
      const seen = await bench.look(bytes, { explicit: true });
      const judgements = judgeRoom(`${room.name}/${formats[room.takes].kind}`, seen, room.soundLabel);
      return judgements.map((one) => ({ ...one, url, sha256: sha256Of(bytes) }));
    } finally {
      if (item !== null) await bench.leave(room, item);
    }
  });
}

async function lookAtPlace(bench: ProbeBench, place: PublishedPlace): Promise<void> {
  const subject = place.name;
  const requirements = ['CNLB-2', 'CNLB-3'];
  const listed = await bench.service.list(place).catch((error: unknown) => {
    if (error instanceof TargetFailure) return error;
    throw error;
  });
  if (listed instanceof TargetFailure || listed.length === 0) {
    await bench.unit(`place/${subject}/list`, { sample: null, subject }, async () => {
      if (listed instanceof TargetFailure) throw listed;
      return [{ subject, requirements, outcome: 'unclear', code: 'published-nothing' }];
    });
    return;
  }
  let [looked, found] = [0, 0];
  // Lists, notes and formats that nobody reads lie there too: others are drawn for them, though not without end.
  while (found < place.most && looked < Math.min(listed.length, place.most * drawsForEach)) {
    const some = listed.slice(looked, looked + place.most - found);
    looked += some.length;
    await bench.sideBySide(some, async (file) => {
      if ((await lookAtFile(bench, place, file)).length > 0) found += 1;
    });
  }
  if (found > 0) return;
  await bench.unit(`place/${subject}/nothing-known`, { sample: null, subject }, async () => [
    { subject, requirements, outcome: 'unclear', code: 'published-nothing-known', params: { count: looked } },
  ]);
}

const drawsForEach = 5;

function lookAtFile(bench: ProbeBench, place: PublishedPlace, { key, url, read }: PublishedFile): Promise<Trial[]> {
  const subject = place.name;
  // Two names can look the same once what disturbs a line of text is gone.
  return bench.unit(`place/${subject}/${sha256Of(Buffer.from(key))}`, { sample: null, subject }, async () => {
    const bytes = await read(maxExportBytes);
    const seen = await bench.look(bytes, { explicit: true });
    if (seen.state === 'unexaminable' && seen.reason === 'format') return [];
    const format = seen.state === 'examined' ? seen.format : 'unknown';
    const judgements = judgeExport(`${subject}/${format}`, seen, place.soundLabel);
    return judgements.map((one) => ({ ...one, url, sha256: sha256Of(bytes) }));
  });
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
