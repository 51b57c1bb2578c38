import { spawn } from 'node:child_process';
import { readablePipe } from '../../media/pipes.ts';
import type { Notice } from './audio.ts';
import { type LabelClaim, type LabelLanguage, spokenTexts } from './texts.ts';

export interface SpokenNotice extends Notice {
  /** Chinese: characters a minute, 120…160 (GB 45438-2025 5.3). English: words a minute. */
  rate: number;
}

const voices = { zh: 'cmn', en: 'en' } as const;
/** The middle of what the standard calls normal speed; for English what a newsreader speaks. */
const wanted = { zh: 140, en: 150 } as const;
const allowed = { zh: [125, 155], en: [120, 180] } as const;

/**
 * Speaks a notice with espeak-ng and measures how fast it came out; speaks it again at another speed until that is normal.
 * A plain synthetic voice: who wants another one gives a clip. Throws when espeak-ng cannot be started.
 */
export async function speakNotice(
  claim: LabelClaim,
  lang: LabelLanguage,
  wallMs: number,
): Promise<SpokenNotice | null> {
  const text = spokenTexts[claim][lang];
  let speed = 150;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const clip = trimmed(readWave(await speak(text, voices[lang], speed, wallMs)));
    if (!clip) return null;
    const rate = spokenRate(text, lang, clip.samples.length / clip.sampleRateHz);
    if (rate >= allowed[lang][0] && rate <= allowed[lang][1]) return { ...clip, rate };
    speed = Math.min(450, Math.max(40, Math.round((speed * wanted[lang]) / rate)));
  }
  return null;
}

/** Characters (Chinese) or words (English) a minute. */
export function spokenRate(text: string, lang: LabelLanguage, seconds: number): number {
  const count =
    lang === 'zh'
      ? [...text].filter((character) => /\p{Script=Han}/u.test(character)).length
      : text.split(/[\s-]+/).length;
  return (count / seconds) * 60;
}

function speak(text: string, voice: string, speed: number, wallMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('espeak-ng', ['-v', voice, '-s', String(speed), '--stdout', text], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), wallMs);
    const chunks: Buffer[] = [];
    readablePipe(child, 1).on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}

/** espeak-ng writes 16-bit mono with a header of 44 bytes whose lengths are not filled in. */
function readWave(wave: Buffer): Notice | null {
  if (wave.length < 46 || wave.toString('latin1', 0, 4) !== 'RIFF' || wave.readUInt16LE(34) !== 16) return null;
  const count = Math.floor((wave.length - 44) / 2);
  const samples = Float32Array.from({ length: count }, (_, index) => wave.readInt16LE(44 + index * 2) / 32_768);
  return { samples, sampleRateHz: wave.readUInt32LE(24) };
}

/** Without the silence at both ends, which would count as slow speech; a tenth of a second stays. */
function trimmed(clip: Notice | null): Notice | null {
  if (!clip) return null;
  const { samples, sampleRateHz } = clip;
  const loud = (sample: number) => Math.abs(sample) > 0.01;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  if (first < 0) return null;
  const room = Math.round(sampleRateHz * 0.1);
  return { samples: samples.slice(Math.max(0, first - room), last + room), sampleRateHz };
}
