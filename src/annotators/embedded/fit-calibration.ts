/**
 * Calibration: from scores on unseen texts to confidence, by pooling adjacent violators (isotonic regression, Ayer et al. 1955) over
 * bins, so that of the claims given 0.9 nine in ten are right, as measured; and the thresholds below which a claim goes to review.
 */
import { calibrate, type Calibration, type CalibrationTable } from './models.ts';

export interface CalibrationSample {
  readonly of: 'document_type' | 'evidence_tier' | 'sentiment' | 'effect' | 'main';
  readonly score: number;
  readonly right: boolean;
}

/** Aim of design section 5: unflagged claims are right at least this often. */
const AIM = 0.95;
/** How far below the aim the least sure of the unflagged claims may be. */
const SLACK = 0.05;
const MIN_BIN = 30;
/** Kept away from 0 and 1: Laplace's rule on every bin. */
const PRIOR = 1;

interface Bin {
  from: number;
  right: number;
  count: number;
}

export function fitTable(samples: readonly CalibrationSample[]): CalibrationTable {
  const sorted = [...samples].sort((left, right) => left.score - right.score);
  const bins: Bin[] = [];
  for (let start = 0; start < sorted.length; start += MIN_BIN) {
    const part = sorted.slice(start, start + MIN_BIN * 2 > sorted.length ? sorted.length : start + MIN_BIN);
    bins.push({ from: part[0]?.score ?? 0, right: part.filter((sample) => sample.right).length, count: part.length });
    if (part.length > MIN_BIN) break;
  }
  const pooled: Bin[] = [];
  for (const bin of bins) {
    pooled.push({ ...bin });
    for (
      let last = pooled.at(-1), before = pooled.at(-2);
      last && before && before.right / before.count >= last.right / last.count;
      last = pooled.at(-1), before = pooled.at(-2)
    ) {
      before.right += last.right;
      before.count += last.count;
      pooled.pop();
    }
  }
  let confidence = 0;
  return pooled.map((bin, index) => {
    // a small bin is drawn further towards the middle than a large one beside it: never below it
    confidence = Math.max(confidence, Number(((bin.right + PRIOR) / (bin.count + 2 * PRIOR)).toFixed(3)));
    return { from: index === 0 ? 0 : Number(bin.from.toFixed(4)), confidence, count: bin.count };
  });
}

/** The lowest confidence from which on the claims are right as often as aimed at; where none is, the best step there is. */
export function chooseThreshold(samples: readonly CalibrationSample[], table: CalibrationTable, aim: number = AIM): number {
  const steps = [...table].sort((left, right) => right.confidence - left.confidence);
  let chosen = steps[0]?.confidence ?? 1;
  for (const step of steps) {
    const open = samples.filter((sample) => calibrate(table, sample.score) >= step.confidence);
    if (open.filter((sample) => sample.right).length / Math.max(1, open.length) < aim) break;
    // the next claims let in must not live on the others' credit
    if (step.confidence < aim - SLACK) break;
    chosen = step.confidence;
  }
  return chosen;
}

/** A source waits for a person when kind or tier is more likely wrong than this. */
const SOURCE_THRESHOLD = 0.5;

export function fitCalibration(samples: readonly CalibrationSample[]): Calibration {
  const of = (name: CalibrationSample['of']): CalibrationSample[] => samples.filter((sample) => sample.of === name);
  const effect = fitTable(of('effect'));
  const main = fitTable(of('main'));
  return {
    document_type: fitTable(of('document_type')),
    evidence_tier: fitTable(of('evidence_tier')),
    sentiment: fitTable(of('sentiment')),
    effect,
    main,
    thresholds: { effect: chooseThreshold(of('effect'), effect), main: chooseThreshold(of('main'), main), source: SOURCE_THRESHOLD },
  };
}
