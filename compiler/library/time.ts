/** Clocks and their text. */

import type { Span } from '../../bpf/span.ts';
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import { bootTime, softTai } from '../lower/clocks.ts';
import { scalar } from '../lower/expressions.ts';
import { startWord } from '../lower/globals.ts';
import { emitAction } from '../lower/output.ts';
import { NONE, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const MODES = ['boot', 'monotonic', 'tai', 'sw_tai'] as const;

function modeOf({ args }: CallSite): string {
  const [mode] = args;
  return mode?.kind === 'identifier' ? mode.name : 'boot';
}

const nsecs: LibraryEntry = {
  name: 'nsecs',
  kind: 'builtin',
  signature: 'nsecs[(boot | monotonic | tai | sw_tai)]',
  doc: `Nanoseconds of a clock. \`boot\`, the default: since boot, suspend included; before Linux 5.8 as \`monotonic\`, which stands
still in suspend. \`tai\` (Linux 6.1): international atomic time. \`sw_tai\`: the same for older kernels, counted from the
boot clock with an offset taken when tracing begins, so that it does not follow clocks that are set later.`,
  arguments: { min: 0, max: 1 },
  check: (call, checker) => {
    const [mode] = call.args;
    if (mode !== undefined && !MODES.some((one) => mode.kind === 'identifier' && mode.name === one)) {
      checker.report(argumentLiteral(mode.span, { name: 'nsecs', wanted: 'boot, monotonic, tai or sw_tai' }));
      return UINT64;
    }
    if (modeOf(call) === 'tai') checker.require(call.span, 'nsecs(tai)', 'ktime_tai');
    if (modeOf(call) === 'sw_tai') checker.need({ kind: 'wall-clock', what: 'nsecs', span: call.span });
    const clock = modeOf(call) as (typeof MODES)[number];
    return clock === 'boot' ? UINT64 : { ...UINT64, clock };
  },
  scalar: (call, low) => {
    switch (modeOf(call) as (typeof MODES)[number]) {
      case 'boot':
        return bootTime(low);
      case 'monotonic':
        return low.b.callHelper('ktime_get_ns', []);
      case 'tai':
        return low.b.callHelper('ktime_get_tai_ns', []);
      case 'sw_tai':
        return softTai(low);
    }
  },
};

const elapsed: LibraryEntry = {
  name: 'elapsed',
  kind: 'builtin',
  signature: 'elapsed',
  doc: 'Nanoseconds since tracing began.',
  arguments: { min: 0, max: 0 },
  check: () => UINT64,
  scalar: (_call, low) => {
    const start = startWord(low, 'start-ns');
    return low.b.binary('sub', bootTime(low), start);
  },
};

const time: LibraryEntry = {
  name: 'time',
  kind: 'function',
  signature: 'time([format])',
  doc: 'Prints the wall clock, formatted as strftime does; by default `%H:%M:%S` and a new line.',
  arguments: { min: 0, max: 1 },
  asynchronous: true,
  check: ({ args: [format], span }, checker) => {
    warnOfDates('time', span, checker);
    if (format === undefined) return NONE;
    checker.valueType(format);
    if (checker.constant(format)?.kind !== 'string')
      checker.report(argumentLiteral(format.span, { name: 'time', wanted: 'a format string' }));
    return NONE;
  },
  effect: ({ args: [format], span }, low) => {
    const constant = format && low.constant(format);
    const text = constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : '%H:%M:%S\n';
    emitAction(low, { kind: 'time', span, format: text });
  },
};

const strftime: LibraryEntry = {
  name: 'strftime',
  kind: 'function',
  signature: 'strftime(format, nsecs)',
  doc: 'A moment as text, formatted when it is printed.',
  arguments: { min: 2, max: 2 },
  asynchronous: true,
  check: ({ args: [format, stamp], span }, checker) => {
    warnOfDates('strftime', span, checker);
    checker.valueType(format!);
    const type = checker.valueType(stamp!);
    const constant = checker.constant(format!);
    if (constant?.kind !== 'string') {
      checker.report(argumentLiteral(format!.span, { name: 'strftime', wanted: 'a format string' }));
      return undefined;
    }
    if (type !== undefined && type.kind !== 'integer') {
      checker.report(
        argumentType(stamp!.span, { name: 'strftime', wanted: 'integer', found: typeName(type) }),
      );
      return undefined;
    }
    return {
      kind: 'timestamp',
      size: 8,
      format: new TextDecoder().decode(constant.bytes),
      clock: (type?.kind === 'integer' && type.clock) || 'boot',
    };
  },
  scalar: ({ args }, low) => scalar(low, args[1]!),
};

/** Not every kernel knows what time it is. */
function warnOfDates(name: string, span: Span, checker: Checker): void {
  checker.need({ kind: 'wall-clock', what: name, span });
}

export const TIME_ENTRIES: readonly LibraryEntry[] = [nsecs, elapsed, time, strftime];
