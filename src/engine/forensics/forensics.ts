import type { Card, DetectorKind } from '../../contract/card.ts';
import type { Finding, Signal, Versions } from '../../contract/screening.ts';
import { prepareAudio } from './audio-input.ts';
import { judge } from './calibration.ts';
import { type PictureFrame, preparePictures } from './picture-input.ts';
import type { OutOfScope, Pieces } from './piece.ts';
import { aggregate } from './score.ts';
import { openSession, type Session } from './session.ts';
import { nameOf, outOfScopeSignal, verdictSignal } from './signal.ts';
import type { ScoredPiece } from './spans.ts';

/** An installed detector: its card (already parsed by the contract) and the path of its ONNX file. */
export interface DetectorModel {
  card: Card;
  modelFile: string;
}

export interface DetectorInput {
  kind: DetectorKind;
  /** Decoded pictures, for `image` and `face`. */
  pixelsFrames?: PictureFrame[];
  /** 16 kHz mono, −1…1, for `voice`. */
  audio?: { samples: Float32Array };
  /** Codec of that stream as ffprobe names it; left out when unknown. Chooses the card's channel. */
  codec?: string;
}

export interface Detectors {
  /**
   * Runs every detector of that kind. One signal per detector, `not-applicable` outside its scope; a detector that fails
   * gives the finding `detector-failed` and no signal; no detector at all gives the finding `no-detector`. Never throws.
   */
  runDetectors(input: DetectorInput): Promise<{ signals: Signal[]; findings: Finding[] }>;
  /** What is recorded as versions. */
  versions: Versions['models'];
  /** Lets go of the loaded models. */
  close(): Promise<void>;
}

/**
 * Opens the slot. Nothing is loaded before the first input that a detector takes.
 * One thread each, because the same file must give the same record; the box runs several examiners instead.
 */
export function openDetectors(models: DetectorModel[], threads: 1): Detectors {
  const sessions = new Map<string, Session>();

  async function sessionOf({ card, modelFile }: DetectorModel): Promise<Session> {
    const known = sessions.get(card.id);
    if (known) return known;
    const fresh = await openSession(modelFile, card, threads);
    sessions.set(card.id, fresh);
    return fresh;
  }

  async function runOne(model: DetectorModel, input: DetectorInput): Promise<Signal> {
    const { card } = model;
    const prepared = prepare(card, input);
    if ('code' in prepared) return outOfScopeSignal(card, prepared);
    const session = await sessionOf(model);
    const scored: ScoredPiece[] = [];
    for (const piece of prepared.pieces) scored.push({ where: piece.where, score: await session.score(piece) });
    const score = aggregate(
      scored.map((piece) => piece.score),
      card.aggregation,
    );
    return verdictSignal(card, { score, judgement: judge(card, score, input.codec ?? null), scored, of: prepared.of });
  }

  return {
    versions: models.map(({ card }) => ({ id: card.id, version: card.version, sha256: card.model.sha256 })),
    runDetectors: async (input) => {
      const signals: Signal[] = [];
      const findings: Finding[] = [];
      const fitting = models.filter(({ card }) => card.kind === input.kind);
      if (fitting.length === 0) {
        findings.push({ code: 'no-detector', severity: 'info', stage: 'forensics', params: { kind: input.kind } });
      }
      for (const model of fitting) {
        try {
          signals.push(await runOne(model, input));
        } catch (error) {
          findings.push(failed(model, error));
        }
      }
      return { signals, findings };
    },
    close: async () => {
      for (const session of sessions.values()) await session.close();
      sessions.clear();
    },
  };
}

function prepare(card: Card, input: DetectorInput): Pieces | OutOfScope {
  switch (card.kind) {
    case 'voice':
      return input.audio ? prepareAudio(card, input.audio.samples) : { code: 'forensic-no-audio' };
    case 'image':
      return preparePictures(card, input.pixelsFrames ?? []);
    case 'face':
      // A face model on a whole picture would measure something else than its card says.
      return { code: 'no-face-finder' };
  }
}

function failed({ card, modelFile }: DetectorModel, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'detector-failed',
    severity: 'warning',
    stage: 'forensics',
    // Native messages are long and name paths of this machine, which must not differ between records.
    params: { detector: nameOf(card), reason: reason.replaceAll(modelFile, card.model.file).slice(0, 200) },
  };
}
