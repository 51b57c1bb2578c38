import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { drawnFace } from '../../../../test/drawn-face.ts';
import { readAvSource } from './av-source.ts';
import { checkVideoLabel } from './checks.ts';
import { type FaceFinder, faceFinder } from './faces.ts';
import { labelFont } from './glyphs.ts';
import { measureVideo } from './measure-video.ts';
import { readLines } from './ocr.ts';
import { burnLabel } from './video.ts';

const font = labelFont();
const folder = mkdtempSync(join(tmpdir(), 'burned-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 2 ** 28 });
const read = (pictures: Parameters<typeof readLines>[0]) => readLines(pictures, 120_000);

async function opened<Result>(
  name: string,
  demuxer: string,
  use: (fd: number, source: NonNullable<Awaited<ReturnType<typeof readAvSource>>>) => Promise<Result>,
) {
  const fd = openSync(join(folder, name), 'r');
  try {
    const source = await readAvSource({ fd }, demuxer, 30_000);
    if (!source) throw new Error('not readable');
    return await use(fd, source);
  } finally {
    closeSync(fd);
  }
}

function burn(
  name: string,
  demuxer: string,
  muxer: string,
  seconds: number | null,
  { findFaces = null, onProgress }: { findFaces?: FaceFinder | null; onProgress?: (share: number) => void } = {},
) {
  return opened(name, demuxer, (fd, source) =>
    burnLabel(
      {
        source,
        input: { fd },
        demuxer,
        muxer,
        output: join(folder, `burned-${name}`),
        label: { kind: 'text', texts: ['人工智能生成'], position: 'bottom-right' },
        findFaces,
        seconds,
        font,
      },
      240_000,
      onProgress,
    ),
  );
}

function look(name: string, demuxer: string) {
  return opened(name, demuxer, (fd, source) => measureVideo({ source, input: { fd }, demuxer, read, wallMs: 120_000 }));
}

const pictures = (size: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds}`];
const sound = ['-f', 'lavfi', '-i', 'sine=f=330:d=4'];
const md5 = (name: string, map: string) =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', join(folder, name), '-map', map, '-c', 'copy', '-f', 'md5', '-'], {
    encoding: 'utf8',
  });

test('a phone’s upright film keeps its turn, tags, times and sound, and shows the label upright for as long as it should', async () => {
  ffmpeg(
    ...pictures('640x360', 4),
    ...sound,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
    '-colorspace',
    'bt709',
    '-metadata',
    'title=hello',
    join(folder, 'flat.mp4'),
  );
  ffmpeg('-i', join(folder, 'flat.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', join(folder, 'phone.mp4'));
  const outcome = await burn('phone.mp4', 'mov', 'mp4', 2.4);
  if (outcome.status !== 'burned') throw new Error(outcome.code);
  const seen = await look('burned-phone.mp4', 'mov');
  expect(seen?.label).toMatchObject({ elements: { ai: true, generation: true }, position: 'corner', shortSidePx: 360 });
  expect(Math.abs((seen?.label.heightPx ?? 0) - outcome.drawn.heightPx)).toBeLessThanOrEqual(1);
  expect(seen).toMatchObject({ fromMs: 0, openEnded: false, later: { shown: 0 } });
  expect(seen?.toMs).toBeCloseTo(2400, -2);
  expect(
    checkVideoLabel(seen)
      .filter(({ id }) => id.startsWith('GB'))
      .map(({ outcome: is }) => is),
  ).toEqual(['pass', 'pass', 'pass', 'pass']);

  expect(md5('burned-phone.mp4', '0:a')).toBe(md5('phone.mp4', '0:a'));
  const facts = (name: string) =>
    execFileSync(
      'ffprobe',
      [
        '-v',
        'error',
        '-select_streams',
        'v',
        '-show_entries',
        'stream=width,height,nb_frames,time_base,color_space,color_primaries,pix_fmt:stream_side_data=rotation:format_tags=title',
        '-of',
        'csv',
        join(folder, name),
      ],
      { encoding: 'utf8' },
    );
  expect(facts('burned-phone.mp4')).toBe(facts('phone.mp4'));
});

test('ten bits stay ten bits, frames of unequal length keep their times, and a label throughout is seen throughout', async () => {
  ffmpeg(
    ...pictures('320x240', 4),
    '-vf',
    "select='not(mod(n\\,3))+not(mod(n\\,7))',format=yuv420p10le",
    '-fps_mode',
    'vfr',
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=error',
    join(folder, 'deep.mkv'),
  );
  expect(await burn('deep.mkv', 'matroska', 'matroska', null)).toMatchObject({ status: 'burned' });
  const times = (name: string) =>
    execFileSync(
      'ffprobe',
      [
        '-v',
        'error',
        '-select_streams',
        'v',
        '-show_entries',
        'frame=pts_time,pix_fmt',
        '-of',
        'csv',
        join(folder, name),
      ],
      { encoding: 'utf8' },
    );
  expect(times('burned-deep.mkv')).toBe(times('deep.mkv'));
  expect(await look('burned-deep.mkv', 'matroska')).toMatchObject({
    fromMs: 0,
    openEnded: true,
    later: { shown: 2, of: 2 },
  });
});

test('somebody else’s label that comes late and goes early is found out', async () => {
  const text =
    "drawtext=fontfile=/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc:text=AI生成:fontsize=32:fontcolor=white:borderw=2:x=20:y=20:enable='between(t,0.4,1.5)'";
  ffmpeg(...pictures('640x360', 4), '-vf', text, '-c:v', 'libx264', '-preset', 'ultrafast', join(folder, 'late.mp4'));
  const seen = await look('late.mp4', 'mov');
  expect(seen?.fromMs).toBe(400);
  expect(seen?.toMs).toBeCloseTo(1520, -2);
  const codes = checkVideoLabel(seen).map(({ code, outcome }) => [code, outcome]);
  expect(codes).toContainEqual(['not-in-opening', 'fail']);
  expect(codes).toContainEqual(['shown-too-briefly', 'fail']);
});

test('what cannot be written is refused with a code', async () => {
  ffmpeg(...pictures('160x120', 1), '-c:v', 'huffyuv', join(folder, 'rare.avi'));
  expect(await burn('rare.avi', 'avi', 'avi', null)).toMatchObject({
    status: 'refused',
    code: 'codec-not-written',
    subject: 'huffyuv',
  });
  expect(await burn('rare.avi', 'avi', 'avi', 1)).toMatchObject({ status: 'refused', code: 'shown-too-briefly' });
});

test('a face that comes into the corner while the label is shown sends it elsewhere, in a turned film too; how far it is, is told', async () => {
  const still = async (shapes: string, name: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#7d8c93"/>${shapes}</svg>`;
    await sharp(Buffer.from(svg)).removeAlpha().blur(0.8).png().toFile(join(folder, name));
  };
  await still('', 'nobody.png');
  await still(drawnFace(550, 290, 55), 'face.png');
  const [nobody, face] = ['nobody.png', 'face.png'].map((name) => [
    '-loop',
    '1',
    '-t',
    '1',
    '-r',
    '25',
    '-i',
    join(folder, name),
  ]);
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  ffmpeg(...(nobody ?? []), ...(face ?? []), '-filter_complex', 'concat=n=2', ...encode, join(folder, 'comes.mp4'));
  const findFaces = await faceFinder();
  const shares: number[] = [];
  const moved = await burn('comes.mp4', 'mov', 'mp4', 2, { findFaces, onProgress: (share) => shares.push(share) });
  expect(moved).toMatchObject({ drawn: { position: 'bottom-left', remarks: ['moved-from-face'] } });
  expect(shares.at(-1)).toBeGreaterThan(0.9);
  expect(await burn('comes.mp4', 'mov', 'mp4', null, { findFaces })).toMatchObject({ status: 'burned' });

  ffmpeg('-i', join(folder, 'face.png'), '-vf', 'scale=640:360,transpose=cclock', ...encode, join(folder, 'side.mp4'));
  ffmpeg('-i', join(folder, 'side.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=270', join(folder, 'turned.mp4'));
  const turned = await burn('turned.mp4', 'mov', 'mp4', 2, { findFaces });
  expect(turned).toMatchObject({ drawn: { position: 'bottom-left', remarks: ['moved-from-face'] } });
});
