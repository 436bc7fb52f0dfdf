/** Time of the simulated hour: it passes when somebody waits or asks something, and never by itself. */
export interface VirtualClock {
  readonly now: () => Date;
  /** Milliseconds since 1970. */
  readonly ms: () => number;
  /** Minutes since the hour began. */
  minute(): number;
  pass(ms: number): void;
  /** As `Sleep` of src/fetch/pace.ts. */
  sleep(ms: number): Promise<void>;
}

/** Half an hour before midnight, so that the day changes in the middle. */
export const START_MS = Date.parse('2026-11-20T23:30:00Z');

export function createClock(): VirtualClock {
  let ms = START_MS;
  const pass = (by: number): void => {
    ms += Math.max(by, 0);
  };
  return { now: () => new Date(ms), ms: () => ms, minute: () => (ms - START_MS) / 60_000, pass, sleep: async (by) => pass(by) };
}
