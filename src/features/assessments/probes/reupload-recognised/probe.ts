import { type Copy, copySample, nameOf } from '../../samples/copies.ts';
import { editsOf } from '../../samples/edits.ts';
import { formats, type Sample, type SampleKind } from '../../samples/sample.ts';
import { readJson } from '../../target/service.ts';
import { toldOf } from '../../told.ts';
import type { Probe, ProbeBench, Seeing } from '../probe.ts';
import { type Reception, receptionOf } from './judge.ts';

/** Of a copy that nobody touched; the duty to take down ends with those. */
const identical = ['USTID-3', 'CN19-7', 'CNDS-4', 'CN18-E0'];
/** Of a copy that was edited: rules ask for technology, and that it works. */
const edited = ['CN19-7', 'CNDS-4', 'CN18-E0'];

/** Has known fakes listed, and uploads them again after each of the edits that people make in passing. */
export const reuploadRecognised: Probe = {
  id: 'reupload-recognised',
  impact: 'misleads',
  reaches: { 'USTID-3': 'supports', 'CN19-7': 'supports', 'CNDS-4': 'supports', 'CN18-E0': 'supports' },
  lacks: ({ publish, item, page, known }) => {
    if (!publish) return 'publish';
    if (!item) return 'item';
    if (!known) return 'known';
    return known.refusal || item.sign || page ? null : 'known.refusal';
  },
  wants: ({ publish }, samples) => {
    const kinds = onePerKind(publish?.formats ?? []);
    const count = kinds.length * Math.max(1, Math.round(samples * 0.005));
    return [
      { treatment: 'known', count, formats: kinds },
      // Of something else: who recognises everything recognises nothing.
      { treatment: 'genuine', count: kinds.length, formats: kinds },
    ];
  },
  derive: async (samples, options) => {
    const copies: Copy[] = [];
    for (const sample of samples.filter(({ treatment }) => treatment === 'known'))
      for (const edits of [[], ...editsOf(sample.kind).map((one) => [one])]) {
        const copy = await copySample(sample, edits, options);
        if (copy) copies.push(copy);
      }
    return copies;
  },
  run: async (bench) => {
    const listing = openListing(bench);
    const strangers = new Map<SampleKind, Promise<boolean>>();
    const isStrangerTold = (kind: SampleKind) => {
      const asked = strangers.get(kind) ?? tellsStrangers(bench, kind, listing);
      strangers.set(kind, asked);
      return asked;
    };
    const copies = bench.samples.filter((sample): sample is Copy => sample.treatment === 'copy');
    const missed = new Set<string>();
    const upload = async (copy: Copy) => {
      const subject = `${copy.of.kind}/${nameOf(copy.edits)}`;
      const tells = await isStrangerTold(copy.of.kind);
      const trials = await bench.unit(copy.id, { sample: copy, subject }, async () => {
        if (missed.has(copy.of.id)) return [unasked(copy, subject, 'identical-unrecognised')];
        if (!tells) return [unasked(copy, subject, 'copy-beside-unrelated')];
        await listing(copy.of);
        return [judgeCopy(copy, subject, await receive(bench, copy))];
      });
      if (copy.edits.length === 0 && trials.some(({ outcome }) => outcome === 'lost')) missed.add(copy.of.id);
    };
    // Who does not know the same file again has nothing to show with an edited one.
    await bench.sideBySide(
      copies.filter(({ edits }) => edits.length === 0),
      upload,
    );
    await bench.sideBySide(
      copies.filter(({ edits }) => edits.length > 0),
      upload,
    );
  },
};

/** The first format of each kind that the service takes. */
export function onePerKind(offered: readonly (keyof typeof formats)[]): (keyof typeof formats)[] {
  return offered.filter(
    (format, index) => offered.findIndex((one) => formats[one].kind === formats[format].kind) === index,
  );
}

/** Publishes a sample, declared as what it is, and has it listed as a known fake. Once in a run, whoever asks for it. */
export function openListing({ publish, service }: Pick<ProbeBench, 'publish' | 'service'>) {
  const listed = new Map<string, Promise<void>>();
  return (sample: Sample): Promise<void> => {
    const list = async () => {
      const { known } = service.target;
      if (!known) throw new Error('asked for what the target does not describe');
      const { item } = await publish(sample);
      const answer = await service.ask(known.request, { item });
      // Only its status matters; many answer with nothing.
      if (answer.status < 200 || answer.status > 299) readJson(answer);
    };
    const done = listed.get(sample.id) ?? list();
    listed.set(sample.id, done);
    return done;
  };
}

/** Whether the service lets something unknown of that kind pass, when it knows of the fakes. */
async function tellsStrangers(
  bench: ProbeBench,
  kind: SampleKind,
  listing: ReturnType<typeof openListing>,
): Promise<boolean> {
  const stranger = bench.samples.find((one) => one.treatment === 'genuine' && one.kind === kind);
  if (!stranger) return false;
  const subject = `${kind}/unrelated`;
  const trials = await bench.unit(stranger.id, { sample: stranger, subject }, async () => {
    const fakes = bench.samples.filter((one) => one.treatment === 'known' && one.kind === kind);
    await Promise.all(fakes.map(listing));
    return [judgeStranger(subject, await receive(bench, stranger))];
  });
  return trials.some(({ outcome }) => outcome === 'kept');
}

/** What the service makes of a sample, now that it knows. */
export async function receive(bench: ProbeBench, sample: Sample): Promise<Reception> {
  const { known } = bench.service.target;
  if (!known) throw new Error('asked for what the target does not describe');
  const offered = await bench.offer(sample);
  const told = offered.state === 'published' ? await toldOf(offered.published, bench.service) : [];
  return receptionOf(offered, told, known);
}

function judgeStranger(subject: string, reception: Reception): Seeing {
  const about = { subject, requirements: edited };
  if (reception.state === 'published') return { ...about, outcome: 'kept', code: 'unrelated-published' };
  if (reception.state === 'unclear')
    return { ...about, outcome: 'unclear', code: reception.code, params: { status: reception.status } };
  return { ...about, outcome: 'lost', code: 'unrelated-recognised' };
}

/** What was not even tried. */
function unasked(copy: Copy, subject: string, code: string): Seeing {
  return { subject, requirements: requirementsOf(copy), outcome: 'unclear', code };
}

function requirementsOf({ edits }: Copy): string[] {
  return edits.length === 0 ? identical : edited;
}

export function judgeCopy(copy: Copy, subject: string, reception: Reception): Seeing {
  const { of, edits, kind } = copy;
  const chain = { of: of.id, edit: `${kind}.${nameOf(edits)}` };
  const about = { subject, requirements: requirementsOf(copy), params: chain };
  switch (reception.state) {
    case 'refused':
      return { ...about, outcome: 'kept', code: 'copy-refused', params: { ...chain, status: reception.status } };
    case 'signed':
      return { ...about, outcome: 'kept', code: 'copy-signed', params: { ...chain, told: reception.told } };
    case 'published':
      return { ...about, outcome: 'lost', code: 'copy-unrecognised' };
    case 'unclear':
      return { ...about, outcome: 'unclear', code: reception.code, params: { ...chain, status: reception.status } };
  }
}
