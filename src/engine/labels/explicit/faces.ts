import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Rgb } from './ink.ts';
import { type Box, overlap } from './layout.ts';
import { type OnnxNode, type OnnxTensor, onnxModel } from './onnx-model.ts';

/** Finds faces from a thirtieth of the longer side to the whole picture; in its pixels, the surest first. */
export type FaceFinder = (pixels: Rgb) => Promise<Box[]>;

/** Longer sides of what the net is given, in pixels: it sees faces of 25 to 300 pixels, so small ones in one and large ones in the other. */
const scales = [832, 256] as const;
/** Larger pictures than this show the net nothing more. */
export const usefulSide = 832;

/**
 * The net is the "tiny face detector" whose weights npm's @vladmandic/face-api brings (MIT): a single-shot detector after Redmon and
 * Farhadi, "YOLO9000" (CVPR 2017), of depthwise-separable convolutions. It tells where a label would cover a face; it recognises
 * nobody, and nothing it finds is kept.
 */
export function faceFinder(): Promise<FaceFinder> {
  shared ??= openFaceFinder();
  return shared;
}

let shared: Promise<FaceFinder> | null = null;

async function openFaceFinder(): Promise<FaceFinder> {
  // 46 MB of native code: only brought in when a picture is drawn on.
  const ort = await import('onnxruntime-node');
  // The library's own lines on stderr would break the protocol of the box.
  ort.env.logLevel = 'fatal';
  const session = await ort.InferenceSession.create(faceNet(), {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  async function look({ width, height, data }: Rgb, side: number): Promise<Candidate[]> {
    const resized = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize({ width: side, height: side, fit: 'inside' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { values, dims } = normalised({ ...resized.info, data: resized.data });
    const { y } = await session.run({ x: new ort.Tensor('float32', values, dims) });
    if (!(y?.data instanceof Float32Array)) throw new Error('the face net answered with no float32 tensor');
    const [, , rows = 0, columns = 0] = y.dims;
    const found = candidates(y.data, columns, rows);
    return found.map((candidate) => ({ ...candidate, box: scaled(candidate.box, width / resized.info.width) }));
  }
  return async (pixels) => {
    const found: Candidate[] = [];
    for (const side of scales) found.push(...(await look(pixels, side)));
    found.sort((one, other) => other.sureness - one.sureness);
    return withoutDoubles(found).map(({ box }) => clipped(box, pixels));
  };
}

/** Pixels of the picture a cell of the last map stands for: five halvings. */
const cellPx = 32;
/** Sides of the five typical boxes of a cell, in cells. */
const anchors = [
  { width: 1.603231, height: 2.094468 },
  { width: 6.041143, height: 7.080126 },
  { width: 2.882459, height: 3.518061 },
  { width: 4.266906, height: 5.178857 },
  { width: 9.041765, height: 10.66308 },
] as const;
const meanRgb = [117.001, 114.697, 97.404] as const;
/** A box too many only moves a label; one too few covers a face. */
const surenessFrom = 0.4;
/** Intersection over union from which two boxes mean the same face. */
const sameFaceFrom = 0.4;

/** Filled up at the right and at the bottom with black to whole cells, as in training. One plane a colour. */
function normalised({ width, height, data }: Rgb): { values: Float32Array; dims: number[] } {
  const [wide, high] = [wholeCells(width), wholeCells(height)];
  const values = new Float32Array(3 * wide * high);
  for (let channel = 0; channel < 3; channel++) {
    const mean = meanRgb[channel] ?? 0;
    const plane = values.subarray(channel * wide * high, (channel + 1) * wide * high).fill(-mean / 255);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        plane[row * wide + column] = ((data[(row * width + column) * 3 + channel] ?? 0) - mean) / 255;
  }
  return { values, dims: [1, 3, high, wide] };
}

function wholeCells(length: number): number {
  return Math.ceil(length / cellPx) * cellPx;
}

interface Candidate {
  box: Box;
  sureness: number;
}

/** From 5 × 5 planes: of each typical box x, y, width, height and sureness. */
function candidates(planes: Float32Array, width: number, height: number): Candidate[] {
  const found: Candidate[] = [];
  for (let place = 0; place < width * height; place++) {
    const [column, row] = [place % width, Math.floor(place / width)];
    for (const [index, anchor] of anchors.entries()) {
      const value = (plane: number) => planes[(index * 5 + plane) * width * height + place] ?? 0;
      const sureness = sigmoid(value(4));
      if (sureness < surenessFrom) continue;
      const [wide, high] = [Math.exp(value(2)) * anchor.width * cellPx, Math.exp(value(3)) * anchor.height * cellPx];
      const left = (column + sigmoid(value(0))) * cellPx - wide / 2;
      const top = (row + sigmoid(value(1))) * cellPx - high / 2;
      found.push({ sureness, box: { left, top, width: wide, height: high } });
    }
  }
  return found;
}

function withoutDoubles(found: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of found)
    if (kept.every(({ box }) => overlapRatio(box, candidate.box) < sameFaceFrom)) kept.push(candidate);
  return kept;
}

function overlapRatio(one: Box, other: Box): number {
  const common = overlap(one, other);
  return common / (one.width * one.height + other.width * other.height - common);
}

/** The same box in a picture `factor` times as large. */
export function scaled({ left, top, width, height }: Box, factor: number): Box {
  return { left: left * factor, top: top * factor, width: width * factor, height: height * factor };
}

function clipped(box: Box, { width, height }: { width: number; height: number }): Box {
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
  return {
    left,
    top,
    width: Math.max(0, Math.min(width, box.left + box.width) - left),
    height: Math.max(0, Math.min(height, box.top + box.height) - top),
  };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** The net as an ONNX model, put together from TensorFlow.js's weights. */
function faceNet(): Uint8Array {
  const weights = readWeights(packageFile('-weights_manifest.json'), packageFile('.bin'));
  const nodes: OnnxNode[] = [
    { op: 'Conv', inputs: ['x', 'conv0/filters', 'conv0/bias'], output: 'conv0' },
    { op: 'LeakyRelu', inputs: ['conv0'], output: 'out0', attributes: { alpha: 0.1 } },
  ];
  for (let layer = 1; layer <= 5; layer++) {
    const name = `conv${layer}`;
    const group = weights.find((tensor) => tensor.name === `${name}/depthwise_filter`)?.dims[0] ?? 0;
    nodes.push(
      { op: 'MaxPool', inputs: [`out${layer - 1}`], output: `pool${layer}`, attributes: halved },
      {
        op: 'Conv',
        inputs: [`pool${layer}`, `${name}/depthwise_filter`],
        output: `${name}/depthwise`,
        attributes: { group, pads: [1, 1, 1, 1] },
      },
      {
        op: 'Conv',
        inputs: [`${name}/depthwise`, `${name}/pointwise_filter`, `${name}/bias`],
        output: name,
      },
      { op: 'LeakyRelu', inputs: [name], output: `out${layer}`, attributes: { alpha: 0.1 } },
    );
  }
  nodes.push(
    { op: 'MaxPool', inputs: ['out5'], output: 'pool6', attributes: { kernel_shape: [2, 2], pads: [0, 0, 1, 1] } },
    { op: 'Conv', inputs: ['pool6', 'conv8/filters', 'conv8/bias'], output: 'y' },
  );
  return onnxModel(nodes, weights, 3);
}

/** An odd side's last pixel is a pool of its own, as in TensorFlow. */
const halved = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 } as const;

function packageFile(ending: string): Buffer {
  return readFileSync(new URL(import.meta.resolve(`@vladmandic/face-api/model/tiny_face_detector_model${ending}`)));
}

interface ManifestWeight {
  name: string;
  shape: number[];
  quantization: { scale: number; min: number };
}

/** One byte a value, one tensor after the other, value = byte × scale + min; turned into ONNX's order of sides. */
function readWeights(manifest: Buffer, bytes: Buffer): OnnxTensor[] {
  const [{ weights }] = JSON.parse(manifest.toString()) as [{ weights: ManifestWeight[] }];
  let at = 0;
  return weights.map(({ name, shape, quantization: { scale, min } }) => {
    const values = Float32Array.from(bytes.subarray(at, at + product(shape)), (byte) => byte * scale + min);
    at += values.length;
    return shape.length === 4 ? turned(name, shape, values) : { name, dims: shape, values };
  });
}

/** TensorFlow's rows, columns, input, output become ONNX's output, input, rows, columns; of a depthwise filter input is the first. */
function turned(name: string, shape: readonly number[], given: Float32Array): OnnxTensor {
  const [rows = 0, columns = 0, inputs = 0, outputs = 0] = shape;
  const isDepthwise = name.endsWith('depthwise_filter');
  const values = new Float32Array(given.length);
  let to = 0;
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let place = 0; place < rows * columns; place++)
        values[to++] = given[(place * inputs + input) * outputs + output] ?? 0;
  return { name, dims: isDepthwise ? [inputs, outputs, rows, columns] : [outputs, inputs, rows, columns], values };
}

function product(sides: readonly number[]): number {
  return sides.reduce((all, side) => all * side, 1);
}
