/**
 * Times as the outside world writes them, to ISO 8601 UTC. What cannot be read is unknown (undefined), never "now", and never in the
 * machine's own time zone. Proved by test/unit/sources/parse-time.test.ts.
 */

/** Nothing that is collected was published before the web, nor after this. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const RFC_822 = /^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?\s*([A-Za-z]{1,5}|[+-]\d{4})?$/;
/** "Wed Oct 10 20:19:24 +0000 2018", the older X form. */
const ASCTIME = /^[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{2}:\d{2}:\d{2} \+0000 \d{4}$/;

/** ISO 8601 (without a zone: UTC), RFC 822/2822 dates, the older X form. */
export function parseTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const iso = ISO.exec(text);
  if (iso !== null) return parseIso(iso);
  if (ASCTIME.test(text)) return toIso(Date.parse(text));
  const zoned = RFC_822.exec(text);
  if (zoned !== null) return toIso(Date.parse(zoned[1] === undefined ? `${text} GMT` : text));
  return undefined;
}

/** Seconds since 1970, as a number or in digits, with or without a fraction. */
export function parseEpochSeconds(value: unknown): string | undefined {
  if (typeof value === 'number') return toIso(value * 1000);
  if (typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value.trim())) return toIso(Number(value) * 1000);
  return undefined;
}

function parseIso(parts: RegExpExecArray): string | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  // A leap second is written as the second before it: JavaScript's time has none.
  const seconds = second === '60' ? '59' : second;
  const offset = /^(Z|UTC)$/i.test(zone) ? 'Z' : zone.length === 3 ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const date = `${year}-${month}-${day}`;
  // Date.parse rolls 2026-02-30 over to March; a day that does not exist is not a date.
  if (!isCalendarDay(date)) return undefined;
  return toIso(Date.parse(`${date}T${hour}:${minute}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`));
}

function isCalendarDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

function toIso(ms: number): string | undefined {
  return Number.isFinite(ms) && ms >= EARLIEST_MS && ms < LATEST_MS ? new Date(ms).toISOString() : undefined;
}
