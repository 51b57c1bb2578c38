import type { InferenceSession } from 'onnxruntime-node';
import type { Card } from '../../contract/card.ts';
import type { Piece } from './piece.ts';
import { readScore } from './score.ts';

/** A loaded model that scores one piece at a time. */
export interface Session {
  /** Natural log-odds that the piece is synthetic. Throws when the model fails or its output is not what the card says. */
  score(piece: Piece): Promise<number>;
  /** Names, types and shapes of the model's own inputs and outputs; a free dimension is its name. */
  inputs: TensorShape[];
  outputs: TensorShape[];
  close(): Promise<void>;
}

export interface TensorShape {
  name: string;
  /** `float32`, `int64` …; null for what is no tensor. */
  type: string | null;
  shape: (number | string)[];
}

/** Loads a model on one thread, so that the same input gives the same output. Throws when it cannot be loaded. */
export async function openSession(modelFile: string, card: Card, threads: 1): Promise<Session> {
  // 46 MB of native code: only brought in when there is a model to run.
  const ort = await import('onnxruntime-node');
  // What goes wrong comes back as an error; the library's own lines on stderr would break the protocol of the box.
  ort.env.logLevel = 'fatal';
  const session = await ort.InferenceSession.create(modelFile, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  });
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    score: async ({ tensor, dims }) => {
      const fed = { [card.input.tensor]: new ort.Tensor('float32', tensor, dims) };
      const result = (await session.run(fed, [card.output.tensor]))[card.output.tensor];
      if (result?.type !== 'float32' || !('data' in result) || !(result.data instanceof Float32Array)) {
        throw new Error(`output ${card.output.tensor} is not a float32 tensor`);
      }
      return readScore(result.data, card.output);
    },
    close: () => session.release(),
  };
}

function describe(value: InferenceSession.ValueMetadata): TensorShape {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: [...value.shape] }
    : { name: value.name, type: null, shape: [] };
}
