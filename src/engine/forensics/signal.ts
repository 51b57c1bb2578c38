import type { Card } from '../../contract/card.ts';
import type { Place, Signal } from '../../contract/screening.ts';
import type { Judgement } from './calibration.ts';
import type { OutOfScope } from './piece.ts';
import { findSpans, type ScoredPiece, type Span, strongest } from './spans.ts';

export interface Outcome {
  /** Score of the whole file, natural log-odds. */
  score: number;
  judgement: Judgement;
  scored: ScoredPiece[];
  /** Pieces there are, of which `scored` were measured. */
  of: number;
}

/** The signal of a detector that measured: its word, where, how often it is wrong, and the numbers behind it. */
export function verdictSignal(card: Card, { score, judgement, scored, of }: Outcome): Signal {
  const { strength, channel, point, log10Lr, likelihood, withheld, channelPick } = judgement;
  const found = findSpans(scored, point.threshold);
  const best = strongest(found.spans);
  return {
    ...shared(card),
    claim: strength === 'little' ? 'unspecified' : 'ai-suspected',
    strength,
    code: withheld ? 'forensic-some-withheld' : `forensic-${strength}`,
    params: { detector: nameOf(card), channel: channel.id, channelPick, likelihood, ...(withheld ? { withheld } : {}) },
    place: strength === 'little' ? null : placeOf(best),
    errorRate: {
      falsePositive: { ...point.falsePositive },
      falseNegative: { ...point.falseNegative },
      source: `${nameOf(card)}, ${channel.id}: ${channel.source}`,
    },
    evidence: {
      modelSha256: card.model.sha256,
      score: round(score),
      threshold: point.threshold,
      log10LikelihoodRatio: round(log10Lr),
      likelihood,
      channel: channel.id,
      channelPick,
      withheld,
      pieces: { measured: scored.length, of },
      spans: found.spans.map(({ fromMs, toMs, frame, box, score }) => ({
        fromMs,
        toMs,
        frame,
        box,
        score: round(score),
      })),
      spansOf: found.of,
      neverMeasuredOn: card.scope.neverMeasuredOn,
      languages: card.kind === 'voice' ? card.scope.languages : null,
    },
  };
}

/** The signal of a detector to which this input says nothing. */
export function outOfScopeSignal(card: Card, { code, ...rest }: OutOfScope): Signal {
  return {
    ...shared(card),
    claim: 'unspecified',
    strength: 'not-applicable',
    code,
    params: { detector: nameOf(card), ...rest },
    place: null,
    errorRate: null,
    evidence: { modelSha256: card.model.sha256 },
  };
}

/** What a person reads, e.g. `quiet-ear 1.0.0`. */
export function nameOf({ id, version }: Card): string {
  return `${id} ${version}`;
}

function shared(card: Card): Pick<Signal, 'id' | 'layer' | 'method' | 'checks'> {
  return { id: `forensic.${card.id}#1`, layer: 'forensic', method: `forensic.${card.id}`, checks: [] };
}

/** Null when the whole file was one piece: then there is nowhere in particular to point. */
function placeOf(span: Span | null): Place | null {
  if (!span || (span.fromMs === null && span.frame === null && span.box === null)) return null;
  const { fromMs, toMs, frame, box } = span;
  return {
    ...(fromMs === null ? {} : { fromMs }),
    ...(toMs === null ? {} : { toMs }),
    ...(frame === null ? {} : { frame }),
    ...(box === null ? {} : { box }),
  };
}

/** Four decimals: the last bits of a float differ between processors, the record must not. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
