import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gaps } from './gaps.ts';
import type { Accepted } from './intake.ts';
import { isAlike, type KnownPrint, knownPrintOf, type PicturePrint, printOf } from './picture-print.ts';
import { ffmpeg, inputOf } from './programs.ts';
import { type SoundPrint, soundPrintOf, soundsAlike } from './sound-print.ts';

/** The bank of known fakes: prints of what staff marked, without the media themselves. */
export interface KnownFakes {
  add(item: string, media: Accepted): Promise<void>;
  recognises(upload: Accepted): Promise<boolean>;
  forget(item: string): void;
}

type Print<P> = { kind: 'pictures'; prints: P[] } | { kind: 'sound'; print: SoundPrint };

export function openKnownFakes({ gaps, folder }: { gaps: Gaps; folder: string }): KnownFakes {
  const bank = new Map<string, Print<KnownPrint>>();
  return {
    async add(item, media) {
      bank.set(item, await printMedia(media, { folder, printPicture: knownPrintOf, framesPerSecond: 2 }));
    },
    async recognises(upload) {
      if (bank.size === 0 || gaps.has('known-fakes-unmatched')) return false;
      const print = await printMedia(upload, { folder, printPicture: printOf, framesPerSecond: 1 });
      return [...bank.values()].some((known) => isCopy(print, known, gaps));
    },
    forget: (item) => void bank.delete(item),
  };
}

interface Printing<P> {
  folder: string;
  printPicture: (picture: Buffer) => Promise<P>;
  framesPerSecond: number;
}

/** A film is known by its pictures: its sound may be anybody's. */
async function printMedia<P>(
  media: Accepted,
  { folder, printPicture, framesPerSecond }: Printing<P>,
): Promise<Print<P>> {
  if (media.kind === 'audio') return { kind: 'sound', print: await soundPrintOf(media) };
  if (media.kind === 'image') return { kind: 'pictures', prints: [await printPicture(await readFile(media.path))] };
  const frames = await mkdtemp(join(folder, 'frames-'));
  try {
    // Ten minutes of a film say enough.
    const filter = ['-t', '600', '-map', '0:v:0', '-vf', `fps=${framesPerSecond},scale='min(640,iw)':-2`];
    await ffmpeg([...inputOf(media), ...filter, join(frames, '%04d.png')]);
    const prints: P[] = [];
    for (const name of await readdir(frames)) prints.push(await printPicture(await readFile(join(frames, name))));
    return { kind: 'pictures', prints };
  } finally {
    await rm(frames, { recursive: true, force: true });
  }
}

/** Of a film, most pictures must be known: one shared still makes no copy. */
function isCopy(print: Print<PicturePrint>, known: Print<KnownPrint>, gaps: Gaps): boolean {
  if (print.kind === 'sound' || known.kind === 'sound')
    return print.kind === 'sound' && known.kind === 'sound' && soundsAlike(print.print, known.print);
  const found = print.prints.filter((one) => known.prints.some((other) => isAlike(one, other, gaps)));
  return found.length > 0 && found.length * 2 > print.prints.length;
}
