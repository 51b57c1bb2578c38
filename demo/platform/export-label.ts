import sharp from 'sharp';
import { labelFont } from '../../src/engine/labels/explicit/glyphs.ts';
import { drawFor } from '../../src/engine/labels/explicit/image.ts';
import { boxAt } from '../../src/engine/labels/explicit/layout.ts';
import { labelTexts } from '../../src/engine/labels/explicit/texts.ts';
import type { Gaps } from './gaps.ts';

export interface ExportLabel {
  /** PNG, to be laid over the picture at `left`, `top`. */
  png: Buffer;
  left: number;
  top: number;
  /** How long a film shows it from its first frame; null: throughout. */
  seconds: number | null;
}

/**
 * The explicit label of an export (GB 45438-2025 5.2, 5.4), drawn as Clearmirror draws it. It is laid in while the export is
 * encoded anyway: labelling the finished film would encode and measure it once more.
 */
export async function drawExportLabel(size: { width: number; height: number }, gaps: Gaps): Promise<ExportLabel> {
  // The drawn letters are 5.6 % of the short side: of a picture this much smaller they are 3 % of ours.
  const scale = gaps.has('explicit-label-small') ? 0.53 : 1;
  const drawnFor = { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
  const texts = labelTexts.generated.zh;
  const drawn = await drawFor(drawnFor, { kind: 'text', texts, position: 'bottom-right' }, [], labelFont());
  if ('status' in drawn) throw new Error(`the export label was refused: ${drawn.code}`);
  const { rgba, width, height } = drawn.overlay;
  const { left, top } = boxAt('bottom-right', { width, height }, size);
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return { png, left, top, seconds: gaps.has('explicit-label-brief') ? 1 : null };
}
