/**
 * strftime(3) in the C locale and local time, with bpftrace's additions `%f` (microseconds), `%k` (nanoseconds) and
 * `%l` (milliseconds of the second). Unknown conversions are copied as glibc does.
 */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
const MS_PER_DAY = 86_400_000;

interface Moment {
  readonly date: Date;
  /** Nanoseconds within the second. */
  readonly ns: number;
}

type Conversion = (moment: Moment) => string;

const pad = (value: number, width: number, fill = '0'): string => String(value).padStart(width, fill);
const hour12 = (date: Date): number => date.getHours() % 12 || 12;

/** Days since January 1st, 0…365, counted in local calendar days. */
function dayOfYear(date: Date): number {
  const day = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day - Date.UTC(date.getFullYear(), 0, 1)) / MS_PER_DAY);
}

/** Week of the year when weeks start on `firstDay` (0 Sunday, 1 Monday). */
function weekOfYear(date: Date, firstDay: number): number {
  return Math.floor((dayOfYear(date) + 7 - ((date.getDay() - firstDay + 7) % 7)) / 7);
}

/** ISO 8601 week and the year it belongs to. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7));
  return { year: thursday.getFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

function zoneOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${pad(size % 60, 2)}`;
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  a: ({ date }) => DAYS[date.getDay()]!.slice(0, 3),
  A: ({ date }) => DAYS[date.getDay()]!,
  b: ({ date }) => MONTHS[date.getMonth()]!.slice(0, 3),
  B: ({ date }) => MONTHS[date.getMonth()]!,
  c: (moment) => expand('%a %b %e %H:%M:%S %Y', moment),
  C: ({ date }) => pad(Math.floor(date.getFullYear() / 100), 2),
  d: ({ date }) => pad(date.getDate(), 2),
  D: (moment) => expand('%m/%d/%y', moment),
  e: ({ date }) => pad(date.getDate(), 2, ' '),
  f: ({ ns }) => pad(Math.floor(ns / 1000), 6),
  F: (moment) => expand('%Y-%m-%d', moment),
  g: ({ date }) => pad(isoWeek(date).year % 100, 2),
  G: ({ date }) => String(isoWeek(date).year),
  h: ({ date }) => MONTHS[date.getMonth()]!.slice(0, 3),
  H: ({ date }) => pad(date.getHours(), 2),
  I: ({ date }) => pad(hour12(date), 2),
  j: ({ date }) => pad(dayOfYear(date) + 1, 3),
  k: ({ ns }) => pad(ns, 9),
  l: ({ ns }) => pad(Math.floor(ns / 1_000_000), 3),
  m: ({ date }) => pad(date.getMonth() + 1, 2),
  M: ({ date }) => pad(date.getMinutes(), 2),
  n: () => '\n',
  p: ({ date }) => (date.getHours() < 12 ? 'AM' : 'PM'),
  P: ({ date }) => (date.getHours() < 12 ? 'am' : 'pm'),
  r: (moment) => expand('%I:%M:%S %p', moment),
  R: (moment) => expand('%H:%M', moment),
  s: ({ date }) => String(Math.floor(date.getTime() / 1000)),
  S: ({ date }) => pad(date.getSeconds(), 2),
  t: () => '\t',
  T: (moment) => expand('%H:%M:%S', moment),
  u: ({ date }) => String(date.getDay() || 7),
  U: ({ date }) => pad(weekOfYear(date, 0), 2),
  V: ({ date }) => pad(isoWeek(date).week, 2),
  w: ({ date }) => String(date.getDay()),
  W: ({ date }) => pad(weekOfYear(date, 1), 2),
  x: (moment) => expand('%m/%d/%y', moment),
  X: (moment) => expand('%H:%M:%S', moment),
  y: ({ date }) => pad(date.getFullYear() % 100, 2),
  Y: ({ date }) => String(date.getFullYear()),
  z: ({ date }) => zoneOffset(date),
  Z: ({ date }) => zoneName(date),
  '%': () => '%',
};

/** `%`, flags of glibc, a width, a modifier (which says nothing in the C locale), a letter. */
const SPECIFICATION = /%([-_0^#]*)(\d{0,3})[EO]?([a-zA-Z%])/g;

function expand(format: string, moment: Moment): string {
  return format.replace(SPECIFICATION, (whole, flags: string, width: string, letter: string) => {
    const text = CONVERSIONS[letter]?.(moment);
    return text === undefined ? whole : adjusted(text, flags, Number(width), letter);
  });
}

/** `-` no padding, `_` blanks, `0` zeros, `^` and `#` the other case. */
function adjusted(text: string, flags: string, width: number, letter: string): string {
  if (flags === '' && width === 0) return text;
  const isNumber = /^ *\d+$/.test(text);
  let result = text;
  if (flags.includes('^')) result = result.toUpperCase();
  if (flags.includes('#')) result = /[pZ]/.test(letter) ? result.toLowerCase() : result.toUpperCase();
  const padding = [...flags].findLast((flag) => '-_0'.includes(flag));
  if (isNumber && padding !== undefined) {
    const digits = result.replace(/^[ 0]+(?=\d)/, '');
    const fill = padding === '0' ? '0' : ' ';
    result = padding === '-' ? digits : digits.padStart(Math.max(result.length, width), fill);
  }
  return result.padStart(width, padding === '0' || (padding === undefined && isNumber) ? '0' : ' ');
}

/** Formats nanoseconds since the Unix epoch. */
export function strftime(format: string, epochNs: bigint): string {
  const within = ((epochNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const date = new Date(Number((epochNs - within) / NS_PER_MS));
  return expand(format, { date, ns: Number(within) });
}
