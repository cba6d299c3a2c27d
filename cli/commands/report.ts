/** `bpfkit report`: a recording as text, a line an event, as `trace-cmd report` prints it. */
import { globMatcher } from '../../bpf/glob.ts';

import type { EventTable } from '../../runtime/recording/event-table.ts';
import { type ReportOptions, reportRecording } from '../../runtime/report/report.ts';
import { isSameFile } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { openRecordingFile, parseCount, type RecordingFlags, tellWarnings } from '../kernels.ts';
import { openResults } from '../output.ts';
import { userSymbols } from '../user-symbols.ts';

export interface ReportFlags extends RecordingFlags {
  readonly R?: boolean;
  readonly t?: boolean;
  readonly l?: boolean;
  readonly cpu?: string;
  readonly event?: readonly string[];
  readonly limit?: string;
  readonly o?: string;
  readonly warnings?: boolean;
}

const MAX_CPU = 8191;

export async function report(file: string, flags: ReportFlags, io: CliIo): Promise<number> {
  const events = flags.event === undefined ? undefined : new EventPatterns(flags.event);
  const cpus = flags.cpu === undefined ? undefined : new AskedCpus(flags.cpu);
  const options: ReportOptions = { ...optionsOf(flags, events), ...(cpus === undefined ? {} : { cpus }) };
  if (flags.o !== undefined && isSameFile(file, flags.o, io)) {
    throw new CliError(`'${flags.o}' is the recording itself: write the report to another file`);
  }
  if (flags.o !== undefined && flags.kallsyms !== undefined && isSameFile(flags.kallsyms, flags.o, io)) {
    throw new CliError(`'${flags.o}' is the file of --kallsyms: write the report to another file`);
  }
  const recording = await openRecordingFile(file, io, flags);
  const { RecordingWarnings } = await import('../../runtime/recording-warnings.ts');
  const warnings = new RecordingWarnings(recording, file);
  const source = { takeWarnings: () => warnings.take() };
  tellWarnings(source, flags, io);
  const results = openResults(io, flags.o, 'full');
  try {
    reportRecording(recording, { ...options, ...(await userSymbols(recording)) }, (lines) =>
      results.write(lines),
    );
  } finally {
    results.close();
  }
  tellWarnings(source, flags, io);
  const missing = flags.warnings === false ? undefined : cpus?.missing(recording.cpus, file);
  if (missing !== undefined) io.stderr(`WARNING: ${missing}\n`);
  const unknown = events === undefined || flags.warnings === false ? [] : events.unknown(recording.events);
  for (const pattern of unknown) {
    io.stderr(`WARNING: No events match '${pattern}' in the recording ${file}\n`);
  }
  return EXIT.ok;
}

function optionsOf({ R, t, l, limit }: ReportFlags, events: EventPatterns | undefined): ReportOptions {
  return {
    raw: R === true,
    nanoseconds: t === true,
    latency: l === true,
    ...(events === undefined ? {} : { selects: events.selects }),
    ...(limit === undefined ? {} : { limit: parseCount('--limit', limit, 0, Number.MAX_SAFE_INTEGER) }),
  };
}

/** The CPUs of `--cpu`, and which of them had events. */
class AskedCpus {
  readonly #asked = new Set<number>();
  readonly #met = new Set<number>();

  /** `0`, `0,2`, `1-3`. */
  constructor(text: string) {
    for (const part of text.split(',')) {
      const [first = '', last = first] = part.split('-');
      const start = parseCount('--cpu', first, 0, MAX_CPU);
      const end = parseCount('--cpu', last, 0, MAX_CPU);
      if (end < start) {
        const problem = `its end is below its start, use ${end}-${start}`;
        throw new CliError(`Invalid range '${part}' for --cpu: ${problem}`);
      }
      for (let cpu = start; cpu <= end; cpu++) this.#asked.add(cpu);
    }
  }

  has(cpu: number): boolean {
    if (!this.#asked.has(cpu)) return false;
    this.#met.add(cpu);
    return true;
  }

  /** A warning about those that a recording of so many CPUs has not. */
  missing(cpus: number, file: string): string | undefined {
    // A damaged file may count fewer than it has events of.
    const [first, ...more] = [...this.#asked].filter((cpu) => cpu >= cpus && !this.#met.has(cpu));
    if (first === undefined) return undefined;
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    const known = cpus === 1 ? 'CPU 0 alone' : `CPUs 0 to ${cpus - 1}`;
    return `No CPU ${first}${others} in the recording ${file}: it has ${known}`;
  }
}

/** The events of `-e`, and which of its patterns meant none. */
class EventPatterns {
  readonly #patterns: readonly { readonly text: string; readonly matches: (event: string) => boolean }[];
  readonly #met = new Set<string>();

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((text) => ({ text, matches: eventMatcher(text) }));
  }

  readonly selects = (system: string, event: string): boolean => {
    const matching = this.#patterns.filter(({ matches }) => matches(`${system}:${event}`));
    for (const { text } of matching) this.#met.add(text);
    return matching.length > 0;
  };

  /** Those that no event has, recorded or only described: wrongly written, most likely. */
  unknown(described: EventTable): readonly string[] {
    for (const { system, name } of described.names) this.selects(system, name);
    return this.#patterns.flatMap(({ text }) => (this.#met.has(text) ? [] : text));
  }
}

/** `sched_switch`, `sched:*`, `sys_enter_*`: the name alone, or with its system. */
function eventMatcher(pattern: string): (event: string) => boolean {
  return globMatcher(pattern.includes(':') ? pattern : `*:${pattern}`, '*');
}
