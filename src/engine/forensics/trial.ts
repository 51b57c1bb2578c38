import { closeSync, openSync } from 'node:fs';
import type { Card } from '../../contract/card.ts';
import { descriptorSource } from '../media/bytes.ts';
import { audioDims } from './audio-input.ts';
import { inspectOnnx } from './onnx-file.ts';
import { pictureDims } from './picture-input.ts';
import { openSession, type Session, type TensorShape } from './session.ts';

export const trialFailures = [
  'not-onnx',
  'external-data',
  'too-deep',
  'cannot-load',
  'wrong-input',
  'wrong-output',
  'cannot-run',
  'trial-crashed',
  'trial-timeout',
  'trial-memory',
] as const;

export type TryResult =
  | { ok: true; inputs: TensorShape[]; outputs: TensorShape[] }
  | { ok: false; code: (typeof trialFailures)[number]; reason: string };

/**
 * Loads a foreign model and runs it on made-up input, to see whether it is what its card says.
 * It parses foreign bytes with native code: call it only in a separate process with limits, never in the one that holds anything.
 */
export async function tryDetector(modelFile: string, card: Card): Promise<TryResult> {
  const file = inspectFile(modelFile);
  if (!file.ok) return file;
  let session: Session;
  try {
    session = await openSession(modelFile, card, 1);
  } catch (error) {
    return { ok: false, code: 'cannot-load', reason: shorten(error, modelFile) };
  }
  try {
    return checkInputs(session, card) ?? checkOutputs(session, card) ?? (await runOnce(session, card, modelFile));
  } finally {
    await session.close();
  }
}

function inspectFile(modelFile: string): ReturnType<typeof inspectOnnx> {
  const fd = openSync(modelFile, 'r');
  try {
    return inspectOnnx(descriptorSource(fd));
  } finally {
    closeSync(fd);
  }
}

function checkInputs({ inputs }: Session, card: Card): TryResult | null {
  const wrong = (reason: string): TryResult => ({ ok: false, code: 'wrong-input', reason });
  const [input] = inputs;
  if (!input || inputs.length !== 1) return wrong(`the model has the inputs ${names(inputs)}, the card describes one`);
  if (input.name !== card.input.tensor) return wrong(`the input is called "${input.name}", not "${card.input.tensor}"`);
  if (input.type !== 'float32') return wrong(`the input is ${input.type ?? 'no tensor'}, not float32`);
  const dims = inputDims(card);
  // A free dimension takes any size.
  const fits =
    input.shape.length === dims.length && input.shape.every((size, i) => typeof size === 'string' || size === dims[i]);
  return fits ? null : wrong(`the input has the shape ${shapeOf(input.shape)}, the card gives ${shapeOf(dims)}`);
}

function checkOutputs({ outputs }: Session, card: Card): TryResult | null {
  const wrong = (reason: string): TryResult => ({ ok: false, code: 'wrong-output', reason });
  const output = outputs.find(({ name }) => name === card.output.tensor);
  if (!output) return wrong(`there is no output "${card.output.tensor}", only ${names(outputs)}`);
  return output.type === 'float32' ? null : wrong(`the output is ${output.type ?? 'no tensor'}, not float32`);
}

/** Quiet noise from a fixed seed: all zeros would hide a division by the input's own energy. */
async function runOnce(session: Session, card: Card, modelFile: string): Promise<TryResult> {
  const dims = inputDims(card);
  const tensor = new Float32Array(dims.reduce((product, size) => product * size, 1));
  let state = 1;
  for (let i = 0; i < tensor.length; i++) {
    state = (state * 48271) % 2147483647;
    tensor[i] = (state / 2147483647 - 0.5) * 0.2;
  }
  const where = { fromMs: null, toMs: null, frame: null, box: null };
  try {
    await session.score({ tensor, dims, where });
    return { ok: true, inputs: session.inputs, outputs: session.outputs };
  } catch (error) {
    return { ok: false, code: 'cannot-run', reason: shorten(error, modelFile) };
  }
}

/** Shape of one piece as the card describes it, batch first. */
function inputDims(card: Card): number[] {
  return card.kind === 'voice' ? audioDims(card) : pictureDims(card.input);
}

function names(tensors: TensorShape[]): string {
  return tensors.map(({ name }) => `"${name.slice(0, 60)}"`).join(', ') || 'none';
}

function shapeOf(shape: (number | string)[]): string {
  return `[${shape.join(', ').slice(0, 200)}]`;
}

function shorten(error: unknown, modelFile: string): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(modelFile, 'the model').slice(0, 300);
}
