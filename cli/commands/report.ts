/** `bpfkit report`: a recording as text, a line an event, as `trace-cmd report` prints it. */
import { type ReportOptions, reportRecording } from '../../runtime/report/report.ts';
import { type CliIo, EXIT } from '../io.ts';
import { openRecordingFile, parseCount, tellWarnings } from '../kernels.ts';
import { openResults } from '../output.ts';

export interface ReportFlags {
  readonly R?: boolean;
  readonly t?: boolean;
  readonly l?: boolean;
  readonly cpu?: string;
  readonly event?: readonly string[];
  readonly limit?: string;
  readonly o?: string;
  readonly warnings?: boolean;
  /** The kernel a text is of. */
  readonly target?: string;
}

const MAX_CPU = 8191;

export async function report(file: string, flags: ReportFlags, io: CliIo): Promise<number> {
  const options = optionsOf(flags);
  const recording = await openRecordingFile(file, io, flags.target);
  const { RecordingWarnings } = await import('../../runtime/recording-warnings.ts');
  const warnings = new RecordingWarnings(recording, file);
  const source = { takeWarnings: () => warnings.take() };
  tellWarnings(source, flags, io);
  const results = openResults(io, flags.o, 'full');
  try {
    reportRecording(recording, options, (lines) => results.write(lines));
  } finally {
    results.close();
  }
  tellWarnings(source, flags, io);
  return EXIT.ok;
}

function optionsOf(flags: ReportFlags): ReportOptions {
  const { cpu, event, limit } = flags;
  return {
    raw: flags.R === true,
    nanoseconds: flags.t === true,
    latency: flags.l === true,
    ...(cpu === undefined ? {} : { cpus: parseCpus(cpu) }),
    ...(event === undefined ? {} : { selects: eventMatcher(event) }),
    ...(limit === undefined ? {} : { limit: parseCount('--limit', limit, 0, Number.MAX_SAFE_INTEGER) }),
  };
}

/** `0`, `0,2`, `1-3`. */
function parseCpus(text: string): ReadonlySet<number> {
  const cpus = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split('-');
    const start = parseCount('--cpu', first, 0, MAX_CPU);
    const end = parseCount('--cpu', last, start, MAX_CPU);
    for (let cpu = start; cpu <= end; cpu++) cpus.add(cpu);
  }
  return cpus;
}

/** `sched_switch`, `sched:*`, `sys_enter_*`: the name alone, or with its system. */
function eventMatcher(patterns: readonly string[]): (system: string, event: string) => boolean {
  const regexes = patterns.map((pattern) => {
    const full = pattern.includes(':') ? pattern : `*:${pattern}`;
    const source = full.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`);
  });
  return (system, event) => regexes.some((regex) => regex.test(`${system}:${event}`));
}
