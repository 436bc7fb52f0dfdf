/** Stated confidence against the share that is right, on texts that neither the models nor the calibration tables have seen. */
import type { Lexicon } from './lexicon.ts';
import { calibrationsByFold, collectSamples, type JudgedText } from './cross-validate.ts';
import type { CalibrationSample } from './fit-calibration.ts';
import { calibrate, type Calibration } from './models.ts';

export interface ReliabilityBin {
  readonly of: CalibrationSample['of'];
  /** Mean of the stated confidences. */
  readonly stated: number;
  readonly right: number;
  readonly count: number;
}

/** Lower ends of the bins. */
const BINS = [0, 0.5, 0.7, 0.8, 0.9] as const;
/** A share of fewer says little. */
const MIN_COUNT = 40;

export function measureReliability(judged: readonly JudgedText[], lexicon: Lexicon): ReliabilityBin[] {
  const calibrations = calibrationsByFold(judged, lexicon);
  const samples = calibrations.flatMap((calibration, fold) =>
    collectSamples(
      judged.filter((text) => text.fold === fold),
      lexicon,
    ).map(({ of, score, right }) => ({ of, right, stated: calibrate((calibration as Calibration)[of], score) })),
  );
  return (['document_type', 'evidence_tier', 'sentiment', 'effect', 'main'] as const).flatMap((of) =>
    BINS.flatMap((from, index): ReliabilityBin[] => {
      const to = BINS[index + 1] ?? 1.01;
      const inside = samples.filter((sample) => sample.of === of && sample.stated >= from && sample.stated < to);
      if (inside.length < MIN_COUNT) return [];
      const stated = inside.reduce((sum, sample) => sum + sample.stated, 0) / inside.length;
      return [{ of, stated, right: inside.filter((sample) => sample.right).length / inside.length, count: inside.length }];
    }),
  );
}
