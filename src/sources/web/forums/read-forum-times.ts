/**
 * Times as forums write them for people. A forum's time zone is not said on its pages, so the time is taken as UTC: wrong by hours, never by a
 * day's month. Dates in numbers alone are read only where the page shows which number is the day; "today" and "yesterday" are unknown.
 * Proved by test/unit/sources/web-forum-times.test.ts.
 */
import { parseEpochSeconds, parseTime } from '../../parse-time.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = /\b(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]m)?\b/i;
const MONTH_FIRST = /\b([a-z]{3})[a-z]{0,6}\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b/i;
const DAY_FIRST = /\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3})[a-z]{0,6}\.?,?\s+(\d{4})\b/i;
const YEAR_FIRST = /\b(\d{4})-(\d{2})-(\d{2})\b/;
const NUMBERS = /\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b/;
/** A date stands at the beginning or end of a short line. */
const MAX_CHARS = 300;

/** One answer per value of the same page; undefined = unknown. */
export function readForumTimes(values: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const texts = values.map((value) => value?.slice(0, MAX_CHARS));
  const order = orderOf(texts);
  return texts.map((text) => (text === undefined ? undefined : (parseTime(text) ?? parseEpochSeconds(text) ?? readDate(text, order))));
}

type Order = 'day-first' | 'month-first' | undefined;

function readDate(text: string, order: Order): string | undefined {
  const date = readNamed(text) ?? readNumbers(text, order);
  if (date === undefined) return undefined;
  const clock = CLOCK.exec(text);
  if (clock === null) return parseTime(date);
  const [, hours = '', minutes, half] = clock;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return parseTime(`${date}T${String(hour).padStart(2, '0')}:${minutes}:00Z`) ?? parseTime(date);
}

function readNamed(text: string): string | undefined {
  const [first, second, year] = [MONTH_FIRST.exec(text), DAY_FIRST.exec(text), YEAR_FIRST.exec(text)];
  if (year !== null) return year[0];
  if (first !== null) return dateOf(first[3], MONTHS.indexOf((first[1] ?? '').toLowerCase()) + 1, first[2]);
  if (second !== null) return dateOf(second[3], MONTHS.indexOf((second[2] ?? '').toLowerCase()) + 1, second[1]);
  return undefined;
}

function readNumbers(text: string, order: Order): string | undefined {
  const found = NUMBERS.exec(text);
  if (found === null) return undefined;
  // Dots are the day first everywhere they are used.
  const dayFirst = found[2] === '.' || order === 'day-first';
  if (!dayFirst && order === undefined) return undefined;
  return dayFirst ? dateOf(found[4], Number(found[3]), found[1]) : dateOf(found[4], Number(found[1]), found[3]);
}

function dateOf(year: string | undefined, month: number, day: string | undefined): string | undefined {
  return month < 1 || month > 12 ? undefined : `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** One date whose day is beyond 12 tells the order of all dates of a page; two that disagree tell nothing. */
function orderOf(texts: readonly (string | undefined)[]): Order {
  const dates = texts.map((text) => NUMBERS.exec(text ?? '')).filter((found) => found !== null);
  const dayFirst = dates.some((found) => Number(found[1]) > 12);
  const monthFirst = dates.some((found) => Number(found[3]) > 12);
  if (dayFirst === monthFirst) return undefined;
  return dayFirst ? 'day-first' : 'month-first';
}
