/** Dates as the literature writes them: often without a day, sometimes without a month, months as names or numbers. */
import { findNode, textOf, type XmlNode } from './xml.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `YYYY-MM-DD` as a time, start of that day in UTC. Undefined unless year, month and day are all there and real: a day is never made up. */
export function fullDate(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00.000Z`);
  if (Number.isNaN(time)) return undefined;
  const iso = new Date(time).toISOString();
  // Date.parse lets 30 February through as 1 March.
  return iso.startsWith(text) ? iso : undefined;
}

/** `<Year>2019</Year><Month>Jul</Month><Day>3</Day>`, as `fullDate`. */
export function fullDateOf(node: XmlNode | undefined): string | undefined {
  const year = textOf(findNode(node, 'Year'));
  const month = textOf(findNode(node, 'Month')).toLowerCase();
  const day = textOf(findNode(node, 'Day'));
  const number = /^\d{1,2}$/.test(month) ? Number(month) : MONTHS.indexOf(month.slice(0, 3)) + 1;
  return fullDate(`${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`);
}

/** Year of a date element; `<MedlineDate>1998 Dec-1999 Jan</MedlineDate>` gives the first. */
export function yearOf(node: XmlNode | undefined): number | undefined {
  const text = textOf(findNode(node, 'Year')) || textOf(findNode(node, 'MedlineDate'));
  const year = /\b(1[5-9]\d{2}|20\d{2})\b/.exec(text)?.[1];
  return year === undefined ? undefined : Number(year);
}

/** UTC day of a time, `YYYY-MM-DD`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000));
}
