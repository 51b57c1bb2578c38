import { describe, expect, test } from 'vitest';
import { readWords, speaker } from '../contract/words.ts';
import { drawParts } from './doctor.ts';
import {
  canScreen,
  describeBox,
  describeBrowser,
  describeClock,
  describeDataFolder,
  describeDisk,
  describeFfmpeg,
  describeFonts,
  describeLabelTools,
  describeModels,
  describeNode,
  describePackage,
  describeTrust,
  labelTools,
  type Part,
} from './doctor-parts.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const day = 86_400_000;

const debian = {
  version: 'ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 12',
  ffprobe: 'ffprobe version 5.1.9-0+deb12u1 Copyright',
  decoders: [
    'Decoders:',
    ' V..... = Video',
    ' ------',
    ' V....D libdav1d             dav1d AV1 decoder by VideoLAN (codec av1)',
    ' VFS..D h264                 H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10',
    ' VFS..D hevc                 HEVC (High Efficiency Video Coding)',
    ' VFS..D vp9                  Google VP9',
    ' A....D aac                  AAC (Advanced Audio Coding)',
    ' AF...D flac                 FLAC (Free Lossless Audio Codec)',
    ' A....D mp3float             MP3 (MPEG audio layer 3) (codec mp3)',
    ' A....D libopus              libopus Opus (codec opus)',
  ].join('\n'),
  muxers: '  E caf             Apple CAF\n  E chromaprint     Chromaprint\n',
};
const box = { bwrapVersion: '0.8.0', isolation: 'sandboxed', reason: null, wanted: 'auto' } as const;
const list = { id: 'c2pa', version: '3', certificates: 12, updatedAt: '2026-11-17T12:00:00Z' };
const lastYear = { ...list, updatedAt: '2025-11-17T12:00:00Z' };
const damaged = { id: 'mine', reason: 'list.json is not JSON' };
const detector = { id: 'voice-lcnn', version: '1.0.0' };

/** What was seen → state, sentence, advice. */
const cases: [string, Part | undefined, Part['state'], string, string | null][] = [
  ['the pinned Node', describeNode({ version: '24.21.0', pinned: true }), 'ok', 'node-pinned', null],
  ['a newer Node of the system', describeNode({ version: '26.0.1', pinned: false }), 'ok', 'node-system', null],
  ['the oldest Node that will do', describeNode({ version: '24.11.0', pinned: false }), 'ok', 'node-system', null],
  ['a Node just too old', describeNode({ version: '24.10.9', pinned: false }), 'missing', 'node-old', 'node'],
  [
    'a package that loads',
    describePackage({ id: 'c2pa', version: '0.13.3', inside: null, error: null }),
    'ok',
    'package',
    null,
  ],
  [
    'a package with a library inside',
    describePackage({ id: 'sharp', version: '0.35.5', inside: 'libvips 8.18.7', error: null }),
    'ok',
    'package-with',
    null,
  ],
  [
    'a package that lies there and does not load',
    describePackage({ id: 'sharp', version: '0.35.5', inside: null, error: 'Could not load the "sharp" module' }),
    'missing',
    'package-broken',
    'packages',
  ],
  ["Debian's ffmpeg", describeFfmpeg(debian), 'ok', 'ffmpeg', null],
  [
    'an ffmpeg without chromaprint',
    describeFfmpeg({ ...debian, muxers: '  E caf   Apple CAF\n' }),
    'degraded',
    'ffmpeg-lacking',
    'ffmpeg-full',
  ],
  [
    'an ffmpeg without HEVC',
    describeFfmpeg({ ...debian, decoders: debian.decoders.replace(/.*hevc.*\n/, '') }),
    'degraded',
    'ffmpeg-lacking',
    'ffmpeg-full',
  ],
  ['no ffmpeg', describeFfmpeg({ ...debian, version: null }), 'missing', 'ffmpeg-absent', 'ffmpeg'],
  ['no ffprobe', describeFfmpeg({ ...debian, ffprobe: null }), 'missing', 'ffmpeg-absent', 'ffmpeg'],
  ['a box that holds', describeBox(box), 'ok', 'box', null],
  [
    'a kernel without user namespaces',
    describeBox({ ...box, isolation: 'limits-only', reason: 'bwrap: No permissions to create new namespace' }),
    'degraded',
    'box-limits-only',
    'box-namespaces',
  ],
  [
    'no bubblewrap',
    describeBox({ ...box, bwrapVersion: null, isolation: 'limits-only', reason: 'bwrap is not installed' }),
    'missing',
    'box-absent',
    'box-absent',
  ],
  [
    'a box that was switched off',
    describeBox({ ...box, wanted: 'limits' }),
    'degraded',
    'box-limits-wanted',
    'box-wanted',
  ],
  ['no detectors', describeModels({ sound: [], broken: [] })[0], 'degraded', 'models-none', 'models'],
  ['detectors', describeModels({ sound: [detector], broken: [] })[0], 'ok', 'models', null],
  [
    'a damaged detector',
    describeModels({ sound: [detector], broken: [damaged] })[1],
    'degraded',
    'model-broken',
    'model',
  ],
  ['no Chinese fonts', describeFonts([]), 'degraded', 'fonts-none', 'fonts'],
  ['Chinese fonts', describeFonts(['Noto Sans CJK SC', 'WenQuanYi']), 'ok', 'fonts', null],
  ['all labelling tools', describeLabelTools(labelTools.map(({ program }) => program)), 'ok', 'label-tools', null],
  ['no tesseract', describeLabelTools(['espeak-ng']), 'degraded', 'label-tools-lacking', 'label-tools'],
  ['no browser', describeBrowser(null), 'degraded', 'browser-none', 'browser'],
  ['a browser', describeBrowser('Chromium 156.0.7900.2 built on Debian'), 'ok', 'browser', null],
  ['no trust list', describeTrust({ sound: [], broken: [] }, now)[0], 'degraded', 'trust-none', 'trust'],
  ['a fresh trust list', describeTrust({ sound: [list], broken: [] }, now)[0], 'ok', 'trust', null],
  ['a trust list of last year', describeTrust({ sound: [lastYear], broken: [] }, now)[0], 'degraded', 'trust', 'trust'],
  [
    'a damaged trust list',
    describeTrust({ sound: [], broken: [damaged] }, now)[0],
    'missing',
    'trust-broken',
    'trust-broken',
  ],
  ['a data folder', describeDataFolder({ path: '/d', exists: true, writable: true }), 'ok', 'data', null],
  ['a data folder to come', describeDataFolder({ path: '/d', exists: false, writable: true }), 'ok', 'data-new', null],
  [
    "somebody else's data folder",
    describeDataFolder({ path: '/d', exists: true, writable: false }),
    'degraded',
    'data-read-only',
    'data',
  ],
  ['room enough', describeDisk({ data: 80e9, temporary: 2e9 }), 'ok', 'disk', null],
  ['a full temporary folder', describeDisk({ data: 80e9, temporary: 20e6 }), 'degraded', 'disk-low', 'disk'],
  ['disks that do not tell', describeDisk({ data: null, temporary: null }), 'degraded', 'disk-unknown', null],
  ['a clock', describeClock({ now, installedAt: now - day, timeZone: 'Asia/Shanghai' }), 'ok', 'clock', null],
  [
    'a clock that stands in 1970',
    describeClock({ now: 3600_000, installedAt: now, timeZone: 'UTC' }),
    'degraded',
    'clock-behind',
    'clock',
  ],
];

describe('what the doctor says of', () => {
  test.each(cases)('%s', (_, part, state, says, next) => {
    expect(part).toMatchObject({ state, says, next });
  });
});

test('names what an ffmpeg lacks', () => {
  const part = describeFfmpeg({
    ...debian,
    decoders: debian.decoders.replace(/.*(hevc|libdav1d).*\n/g, ''),
    muxers: '',
  });
  expect(part.params).toEqual({ lacking: 'hevc av1 chromaprint' });
});

test('the fullest disk counts', () => {
  expect(describeDisk({ data: 80e9, temporary: 20e6 }).params).toEqual({ size: '20 MB' });
});

test('screening needs the box, ffmpeg, the packages and undamaged trust lists, and nothing else', () => {
  const parts = cases.flatMap(([, part]) => part ?? []);
  const missing = parts.filter(({ state }) => state === 'missing');
  expect(new Set(missing.map(({ id }) => id))).toEqual(new Set(['node', 'sharp', 'ffmpeg', 'box', 'trust']));
  for (const part of missing) expect(canScreen([part]), part.id).toBe(false);
  expect(canScreen(parts.filter(({ state }) => state !== 'missing'))).toBe(true);
});

describe.each(['en', 'zh'] as const)('in %s', (lang) => {
  const words = readWords(lang);

  test.each(cases)('there are words for %s', (_, part, state, says, next) => {
    expect(words).toHaveProperty([`doctor.part.${part?.id}`]);
    expect(words).toHaveProperty([`doctor.state.${state}`]);
    expect(words).toHaveProperty([`doctor.says.${says}`]);
    if (next !== null) expect(words).toHaveProperty([`doctor.next.${next}`]);
  });

  test('every value that a sentence asks for is there', () => {
    const drawn = drawParts(
      cases.flatMap(([, part]) => part ?? []),
      speaker(lang),
      false,
    );
    expect(drawn).not.toMatch(/\{\{|\}\}|doctor\./);
  });
});

test('a state has a shape and a word, with and without colour', () => {
  const parts = [describeBox(box), describeFonts([]), describeFfmpeg({ ...debian, version: null })];
  const plain = drawParts(parts, speaker('en'), false);
  expect(plain).toContain('✓ ok        glass box');
  expect(plain).toContain('▲ degraded  Chinese fonts');
  expect(plain).toContain('✗ missing   ffmpeg');
  expect(plain).toContain('→ apt-get install -y --no-install-recommends ffmpeg');
  expect(plain.trimEnd().split('\n').at(-1)).toBe('Not ready to screen: see what is missing above.');
});

test('columns line up in Chinese, where letters are two cells wide', () => {
  const parts = [describeBox(box), ...describeModels({ sound: [detector, detector], broken: [] })];
  const [first = '', second = ''] = drawParts(parts, speaker('zh'), false).split('\n');
  expect(first).toBe('✓ 正常  隔离沙箱  0.8.0  有效：无网络，以 nobody 身份运行，看不到本机文件。');
  expect(second).toBe('✓ 正常  检测器    –      voice-lcnn 1.0.0, voice-lcnn 1.0.0');
});
