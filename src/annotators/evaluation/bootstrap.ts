/** Bootstrap intervals (Efron 1979): whole clusters are drawn with replacement, since texts of one thread resemble each other. Same data, same interval. */
import { seededRandom } from '../embedded/fit-linear.ts';

/** Lower and upper end of 95 %. */
export type Interval = readonly [number, number];

const DRAWS = 1_000;
const SEED = 20_260_105;

/** `figureOf` may leave a draw without a figure: it does not count then. */
export function resample<Cluster>(clusters: readonly Cluster[], figureOf: (drawn: readonly Cluster[]) => number | undefined): Interval {
  const random = seededRandom(SEED);
  const figures = Array.from({ length: DRAWS }, () => figureOf(clusters.map(() => clusters[Math.floor(random() * clusters.length)] as Cluster))).filter(
    (figure) => figure !== undefined,
  );
  figures.sort((left, right) => left - right);
  return [figures[Math.floor(0.025 * figures.length)] ?? 0, figures[Math.ceil(0.975 * figures.length) - 1] ?? 0];
}
