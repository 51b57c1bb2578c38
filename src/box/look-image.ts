import type { DetectorKind } from '../contract/card.ts';
import type { Signal } from '../contract/screening.ts';
import { type Pixels, thumbnailSide } from '../engine/media/pixels.ts';
import { detect } from './detect.ts';
import { deniedToDecoder, type LookedAt, type LookRequest, nothing } from './looked-at.ts';
import { reachPicture } from './reach.ts';

/** Larger pictures are shown to detectors by their top rows only; `media.sampled` says so. */
const detectorPixels = 24_000_000;

/** A still picture: pixel watermarks, picture detectors, one thumbnail. */
export async function lookAtImage({ payload, fd, order, installed, detectors }: LookRequest): Promise<LookedAt> {
  const { decodeImage, prepareImages, thumbnailOf } = await import('../engine/media/image.ts');
  prepareImages();
  const bytes = payload ?? reachPicture(fd);
  if (bytes === null) return nothing([deniedToDecoder]);
  const detecting = installed.has('image') || installed.has('face');
  const { image, findings } = await decodeImage(bytes, detecting ? detectorPixels : 0);
  if (!image) return nothing(findings);

  const signals = await readPixels(image.pixels, image.whole);
  const kinds: DetectorKind[] = installed.has('face') ? ['image', 'face'] : ['image'];
  const input = { pixelsFrames: [{ pixels: image.pixels, atMs: null }], codec: image.codec };
  const forensic = await detect(
    kinds.map((kind) => ({ kind, ...input })),
    installed,
    detectors,
  );
  signals.push(...forensic.signals);
  findings.push(...forensic.findings);
  const thumbnail = order.exhibits ? await thumbnailOf(bytes, thumbnailSide) : null;
  return {
    media: {
      durationMs: null,
      width: image.width,
      height: image.height,
      streams: [{ kind: 'image', codec: image.codec, width: image.width, height: image.height }],
      sampled: {
        frames: 1,
        framePick: image.pages > 1 ? 'first-page' : image.whole ? 'whole-image' : 'top-rows',
        audioMs: 0,
        whole: image.whole && image.pages === 1,
      },
      audioFingerprint: null,
    },
    signals,
    findings,
    exhibits: order.exhibits
      ? { thumbnails: thumbnail ? [{ atMs: null, ...thumbnail }] : [], waveform: null, spectrogram: null }
      : null,
  };
}

async function readPixels(pixels: Pixels, whole: boolean): Promise<Signal[]> {
  const [{ readDwtDct }, { readAlphaStealth }] = await Promise.all([
    import('../engine/labels/watermarks/dwt-dct.ts'),
    import('../engine/labels/watermarks/alpha-stealth.ts'),
  ]);
  return [...readDwtDct(pixels), ...(whole ? readAlphaStealth(pixels) : [])];
}
