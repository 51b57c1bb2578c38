import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { labelSound, measureLoudness, type SoundLabelRequest } from './audio.ts';
import { readAvSource } from './av-source.ts';
import { listenedRateHz, rhythmFinder } from './measure-audio.ts';
import { speakNotice, spokenRate } from './speech.ts';

const folder = mkdtempSync(join(tmpdir(), 'sound-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ffmpeg = (...args: string[]) =>
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 2 ** 28, timeout: 120_000 });

const programme = ['-f', 'lavfi', '-i', 'anoisesrc=d=6:c=pink:a=0.25:seed=4:r=44100'];

async function label(
  name: string,
  demuxer: string,
  muxer: string,
  what: Pick<SoundLabelRequest, 'places' | 'mode' | 'notice'>,
) {
  const fd = openSync(join(folder, name), 'r');
  const output = join(folder, `labelled-${name}`);
  try {
    const source = await readAvSource({ fd }, demuxer, 20_000);
    if (!source) throw new Error('not readable');
    const loudness = await measureLoudness({ fd }, demuxer, 60_000);
    const outcome = await labelSound({ source, input: { fd }, demuxer, muxer, output, loudness, ...what }, 120_000);
    return { output, outcome, source, loudness };
  } finally {
    closeSync(fd);
  }
}

async function probe(path: string, demuxer: string) {
  const fd = openSync(path, 'r');
  const source = await readAvSource({ fd }, demuxer, 20_000);
  closeSync(fd);
  if (!source) throw new Error('not readable');
  return source;
}

function listen(path: string) {
  const pcm = ffmpeg('-i', path, '-map', '0:a:0', '-ac', '1', '-ar', String(listenedRateHz), '-f', 'f32le', '-');
  const finder = rhythmFinder();
  finder.push(new Float32Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length)));
  return finder.end();
}

test.each([
  ['a.wav', 'wav', 'wav', ['-c:a', 'pcm_s24le', '-ac', '2']],
  ['a.mp3', 'mp3', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '96k']],
  ['a.flac', 'flac', 'flac', ['-c:a', 'flac', '-ac', '2']],
  ['a.opus', 'ogg', 'opus', ['-c:a', 'libopus', '-b:a', '48k', '-ac', '2']],
  ['a.ogg', 'ogg', 'ogg', ['-c:a', 'libvorbis', '-q:a', '4']],
  ['a.m4a', 'mov', 'ipod', ['-c:a', 'aac', '-b:a', '96k', '-ac', '2']],
] as const)(
  '%s: marks at start, middle and end; codec, rate, channels and tags stay',
  async (name, demuxer, muxer, codec) => {
    ffmpeg(...programme, ...codec, '-metadata', 'title=晨曲', join(folder, name));
    const { output, outcome, source } = await label(name, demuxer, muxer, {
      places: ['start', 'middle', 'end'],
      mode: 'insert',
      notice: null,
    });
    expect(outcome).toMatchObject({ status: 'labelled' });
    expect(listen(output).heard.map(({ where }) => where)).toEqual(['start', 'middle', 'end']);
    const after = await probe(output, demuxer);
    for (const key of ['codec_name', 'sample_rate', 'channels', 'channel_layout', 'bits_per_raw_sample'] as const)
      expect([key, after.audio?.[key]]).toEqual([key, source.audio?.[key]]);
    const tags = execFileSync(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'format_tags=title:stream_tags=title', '-of', 'csv', output],
      { encoding: 'utf8' },
    );
    expect(tags).toContain('晨曲');
  },
);

test('over a film’s sound the pictures are copied and nothing becomes longer', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=6'];
  ffmpeg(
    ...picture,
    ...programme,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
    '-shortest',
    join(folder, 'film.mp4'),
  );
  const { output, outcome } = await label('film.mp4', 'mov', 'mp4', { places: ['start'], mode: 'over', notice: null });
  expect(outcome).toMatchObject({ status: 'labelled' });
  expect(listen(output).heard).toMatchObject([{ where: 'start' }]);
  const packets = (path: string) =>
    execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'md5', '-'], {
      encoding: 'utf8',
    });
  expect(packets(output)).toBe(packets(join(folder, 'film.mp4')));
  expect(await label('film.mp4', 'mov', 'mp4', { places: ['start'], mode: 'insert', notice: null })).toMatchObject({
    outcome: { status: 'refused', code: 'insert-beside-pictures' },
  });
});

test('a cover picture stays with its song', async () => {
  ffmpeg(
    ...programme,
    '-f',
    'lavfi',
    '-i',
    'color=c=teal:s=64x64:r=25:d=0.04',
    '-map',
    '0',
    '-map',
    '1',
    '-frames:v',
    '1',
    '-c:a',
    'libmp3lame',
    '-c:v',
    'png',
    '-disposition:v',
    'attached_pic',
    '-id3v2_version',
    '3',
    join(folder, 'cover.mp3'),
  );
  const { output } = await label('cover.mp3', 'mp3', 'mp3', { places: ['end'], mode: 'insert', notice: null });
  expect(
    (await probe(output, 'mp3')).streams.map((stream) => [stream.codec_name, stream.disposition.attached_pic]),
  ).toEqual([
    ['mp3', 0],
    ['png', 1],
  ]);
});

test('the spoken notice is as fast as the standard wants, and as loud as what follows it', async () => {
  for (const claim of ['generated', 'suspected'] as const) {
    const notice = await speakNotice(claim, 'zh', 30_000);
    expect(notice?.rate).toBeGreaterThanOrEqual(120);
    expect(notice?.rate).toBeLessThanOrEqual(160);
  }
  expect(spokenRate('以下内容由人工智能生成', 'zh', 4.714)).toBeCloseTo(140, 0);
  const notice = await speakNotice('generated', 'en', 30_000);
  if (!notice) throw new Error('nothing was spoken');
  ffmpeg(...programme, '-c:a', 'flac', join(folder, 'spoken.flac'));
  const { output, loudness } = await label('spoken.flac', 'flac', 'flac', {
    places: ['start'],
    mode: 'insert',
    notice,
  });
  const seconds = notice.samples.length / notice.sampleRateHz;
  expect((await probe(output, 'flac')).durationSeconds).toBeCloseTo(6 + seconds, 1);
  ffmpeg('-i', output, '-t', seconds.toFixed(2), join(folder, 'notice.flac'));
  const fd = openSync(join(folder, 'notice.flac'), 'r');
  const spoken = await measureLoudness({ fd }, 'flac', 60_000);
  closeSync(fd);
  expect(Math.abs((spoken ?? -99) - (loudness ?? 0))).toBeLessThan(6);
});
