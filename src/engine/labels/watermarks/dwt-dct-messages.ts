import type { VoteVariant } from './dwt-dct-votes.ts';

export interface KnownMessage {
  /** Stable id, e.g. `sdxl`. */
  id: string;
  /** Who writes it, for people. */
  generator: string;
  /** One 0 or 1 a bit, in embedding order. */
  bits: Uint8Array;
  /** How the writer hands the picture to the library; each is one hypothesis to test. */
  variants: readonly VoteVariant[];
  /** Upper bound of the chance that one hypothesis is accepted by accident; all together stay within `maxFalsePositive`. */
  budget: number;
  /**
   * Text messages are not random: the bits of a letter repeat every 8. Such a message must also fit after everything of period 8
   * is taken out of the picture, at this many standard deviations. Null for messages chosen at random.
   */
  minFitWithoutPeriod: number | null;
}

/** All hypotheses together accept a picture without a mark at most this often. */
export const maxFalsePositive = 1e-6;

/**
 * Messages that public code embeds with method `dwtDct` of ShieldMnt/invisible-watermark. The message says which code wrote it,
 * not which model painted: fine-tunes and other front ends keep the message of the code they grew from.
 */
export const knownMessages: readonly KnownMessage[] = [
  {
    // CompVis/stable-diffusion scripts/txt2img.py: `wm = "StableDiffusionV1"`, bytes, put on an 8-bit BGR picture.
    id: 'sd1',
    generator: 'Stable Diffusion 1 (reference scripts)',
    bits: ofText('StableDiffusionV1'),
    variants: ['bytes-bgr'],
    budget: 1e-7,
    minFitWithoutPeriod: 4.5,
  },
  {
    // runwayml/stable-diffusion scripts/inpaint_st.py: `wm = "StableDiffusionV1-Inpainting"`, same call.
    id: 'sd1-inpainting',
    generator: 'Stable Diffusion 1 inpainting (reference scripts)',
    bits: ofText('StableDiffusionV1-Inpainting'),
    variants: ['bytes-bgr'],
    budget: 1e-7,
    minFitWithoutPeriod: 4.5,
  },
  {
    // Stability-AI/stablediffusion scripts/txt2img.py: `wm = "SDV2"`, same call. 32 bits carry little: hence the larger budget.
    id: 'sd2',
    generator: 'Stable Diffusion 2 (reference scripts)',
    bits: ofText('SDV2'),
    variants: ['bytes-bgr'],
    budget: 3e-7,
    minFitWithoutPeriod: 4,
  },
  {
    // Stability-AI/generative-models scripts/demo/streamlit_helpers.py WATERMARK_MESSAGE (SDXL, SVD, SD-Turbo demos) and
    // huggingface/diffusers pipelines/stable_diffusion_xl/watermark.py: 32-bit floats; older diffusers and its ports pass RGB.
    id: 'sdxl',
    generator: 'Stable Diffusion XL or Stable Video Diffusion (diffusers, Stability reference code)',
    bits: ofDigits('101100111110110010010000011110111011000110011110'),
    variants: ['float-bgr', 'float-rgb', 'bytes-bgr'],
    budget: 1e-7,
    minFitWithoutPeriod: null,
  },
  {
    // black-forest-labs/flux src/flux/util.py and flux2 src/flux2/watermark.py WATERMARK_MESSAGE, 32-bit floats, BGR. The constant
    // has 48 digits, but `bin()` drops its two leading zeros, so 46 bits are embedded.
    id: 'flux',
    generator: 'FLUX (Black Forest Labs reference code)',
    bits: ofDigits('1010101111111010000111100111001111010100101110'),
    variants: ['float-bgr'],
    budget: 1e-7,
    minFitWithoutPeriod: null,
  },
  {
    // invoke-ai/InvokeAI invokeai/backend/image_util/invisible_watermark.py, bytes on 8-bit BGR; the node's default text.
    id: 'invokeai',
    generator: 'InvokeAI (invisible watermark node)',
    bits: ofText('InvokeAI'),
    variants: ['bytes-bgr'],
    budget: 1e-7,
    minFitWithoutPeriod: 4.5,
  },
];

function ofDigits(digits: string): Uint8Array {
  return Uint8Array.from(digits, (digit) => (digit === '1' ? 1 : 0));
}

/** Most significant bit of each byte first, as `numpy.unpackbits` gives them. */
function ofText(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length * 8 }, (_, index) => {
    return (text.charCodeAt(index >> 3) >> (7 - (index & 7))) & 1;
  });
}
