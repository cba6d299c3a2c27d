/** Mutated texts of tracers, and mutated print formats run over mutated records, forwards and backwards. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { memorySource } from '../../bpf/byte-source.ts';
import { type EventFormat, EventFormatError, parseEventFormat } from '../../bpf/event-format.ts';
import { compilePrintFormat } from '../../bpf/print-format/compile.ts';
import { BARE_ENVIRONMENT } from '../../bpf/print-format/environment.ts';
import { compileRawText } from '../../bpf/print-format/raw-text.ts';
import { RecordBuilder } from '../../bpf/print-format/scan/record-builder.ts';
import { compileScanner } from '../../bpf/print-format/scan/scanner.ts';
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import { openRecording, RecordingError } from '../../runtime/recording/index.ts';
import { openTextRecording } from '../../runtime/recording/text/text-recording.ts';
import { reportRecording } from '../../runtime/report/report.ts';
import { PLUGIN_FORMATS } from '../runtime/report/plugin-formats.ts';
import { splitFormats, syntheticRecording } from '../runtime/report/synthetic.ts';
import { mutate, seededRandom } from './bytes.ts';

export interface TextFuzzSummary {
  readonly runs: number;
  readonly errors: number;
  readonly partial: number;
  readonly whole: number;
  readonly slowest: number;
}

const LIMIT_MS = 5000;

const data = (name: string): Uint8Array =>
  new Uint8Array(gunzipSync(readFileSync(new URL(`../data/${name}`, import.meta.url))));

/** Lines enough for every form, few enough that most mutations hit what is read. */
function firstLines(name: string, lines: number): Uint8Array {
  const text = new TextDecoder().decode(data(name));
  return new TextEncoder().encode(text.split('\n', lines).join('\n'));
}

const PERF = `       bash   123/124   [001]    19.156086:       sched:sched_switch: prev_comm=a b prev_pid=124 prev_prio=120 prev_state=S|0x400 ==> next_comm=x next_pid=16 next_prio=0
	ffffffff81001234 __schedule+0x4 ([kernel.kallsyms])
	    7f0011223344 main+0x12 (/usr/bin/x)

           perf   196/196   [000] d..2. 19.155707123:          1 raw_syscalls:sys_enter: NR 16 (e, 2400, 0, 7efd, 1, ff)
        swapper     0/0     [001]    19.156200:    other:event: key=value n=5 list={0x1,0x2} addr=10.0.0.1
`;

function formatTexts(): readonly { readonly system: string; readonly text: Uint8Array }[] {
  const list = new TextDecoder().decode(data('formats-6.1.txt.gz'));
  return list
    .split(/^### events\//m)
    .slice(1)
    .map((part) => ({
      system: part.slice(0, part.indexOf('/')),
      text: new TextEncoder().encode(part.slice(part.indexOf('\n') + 1)),
    }));
}

export interface TextFuzzer {
  texts(runs: number, seed: number): TextFuzzSummary;
  printFormats(runs: number, seed: number): TextFuzzSummary;
  /** Of trace.dat files: their formats and records are printed. */
  reports(runs: number, seed: number): TextFuzzSummary;
}

export function textFuzzer(): TextFuzzer {
  const files = [
    firstLines('text/ftrace.txt.gz', 40),
    firstLines('text/function-trace.txt.gz', 40),
    new TextEncoder().encode(PERF),
  ];
  const formats = formatTexts();
  const known = formats.map(({ system, text }) =>
    parseEventFormat(new TextDecoder().decode(text), { system }),
  );
  const recordings = reportFiles();
  return {
    reports: (runs, seed) =>
      repeat(runs, seed, (run, random) => report(mutate(recordings[run % recordings.length]!, random).bytes)),
    texts: (runs, seed) =>
      repeat(runs, seed, (run, random) => readText(mutate(files[run % files.length]!, random).bytes, known)),
    printFormats: (runs, seed) =>
      repeat(runs, seed, (_, random) => {
        const { system, text } = formats[random() % formats.length]!;
        return printOne(mutateText(text, random), system, random);
      }),
  };
}

/** Every event of some systems, and of those with handlers of their own. */
function reportFiles(): readonly Uint8Array[] {
  const all = splitFormats(new TextDecoder().decode(data('formats-6.1.txt.gz')));
  const { sched, ftrace, timer, kmem, tcp, raw_syscalls: calls } = all;
  const formats = {
    ...PLUGIN_FORMATS,
    sched: sched!,
    ftrace: ftrace!,
    timer: timer!,
    kmem: kmem!,
    tcp: tcp!,
    calls: calls!,
  };
  const kallsyms = 'ffffffff81000000 T one\nffffffff81000100 T two\n';
  return [true, false].map((littleEndian) => {
    const shape = { version: 6, littleEndian, longSize: 8, compression: 'none' } as const;
    return syntheticRecording(formats, { shape, seed: 1, each: 3, kallsyms });
  });
}

function report(bytes: Uint8Array): Outcome {
  try {
    const recording = openRecording(bytes, { decompressor: nodeDecompressor });
    for (const raw of [false, true])
      reportRecording(recording, { raw, latency: raw, nanoseconds: raw }, () => {});
    return recording.warnings.length > 0 ? 'partial' : 'whole';
  } catch (error) {
    if (error instanceof RecordingError) return 'errors';
    throw error;
  }
}

type Outcome = 'errors' | 'partial' | 'whole';

function repeat(
  runs: number,
  seed: number,
  once: (run: number, random: () => number) => Outcome,
): TextFuzzSummary {
  const summary = { runs, errors: 0, partial: 0, whole: 0, slowest: 0 };
  const random = seededRandom(seed);
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    try {
      summary[once(run, random)]++;
    } catch (error) {
      throw new Error(`seed ${seed}, run ${run}: ${error}`, { cause: error });
    }
    const milliseconds = performance.now() - started;
    if (milliseconds > LIMIT_MS)
      throw new Error(`seed ${seed}, run ${run}: took ${milliseconds.toFixed(0)} ms`);
    summary.slowest = Math.max(summary.slowest, milliseconds);
  }
  return summary;
}

/** Half of the runs know the formats. */
function readText(bytes: Uint8Array, known: readonly EventFormat[]): Outcome {
  const find = (system: string, event: string): EventFormat | undefined =>
    known.find((format) => format.system === system && format.name === event);
  const ports = bytes.length % 2 === 0 ? { formats: { find, list: () => known } } : {};
  try {
    const recording = openTextRecording(memorySource(bytes), ports);
    let size = 0;
    reportRecording(recording, {}, (lines) => {
      size += lines.length;
    });
    if (size === 0) throw new Error('nothing was printed');
    return recording.warnings.some(({ message }) => /left out|does not fit|cut/.test(message))
      ? 'partial'
      : 'whole';
  } catch (error) {
    if (error instanceof RecordingError) return 'errors';
    throw error;
  }
}

const PIECES = [
  '(',
  ')',
  '"',
  '%',
  '%s',
  '%*.*s',
  ', ',
  '{',
  '}',
  '[',
  '?',
  ':',
  'REC->',
  '__print_flags(',
  '<<',
  '-',
  '0x',
  '\\',
  '%pI6c',
  '%999999d',
  '__get_str(',
];

/** Damage that a parser of C notices, beside that of bytes. */
function mutateText(text: Uint8Array, random: () => number): string {
  let damaged = new TextDecoder('latin1').decode(random() % 4 === 0 ? mutate(text, random).bytes : text);
  const print = Math.max(0, damaged.indexOf('print fmt:'));
  for (let count = random() % 4; count > 0; count--) {
    const at = print + (random() % (damaged.length - print + 1));
    const piece = PIECES[random() % PIECES.length]!.repeat(random() % 50 === 0 ? 2000 : 1);
    damaged = damaged.slice(0, at) + piece + damaged.slice(at + (random() % 6));
  }
  return damaged;
}

function printOne(text: string, system: string, random: () => number): Outcome {
  let event: EventFormat;
  try {
    event = parseEventFormat(text, { system });
  } catch (error) {
    if (error instanceof EventFormatError) return 'errors';
    throw error;
  }
  const bytes = Uint8Array.from({ length: 8 + (random() % 200) }, () => random() % 256);
  const record = {
    bytes,
    view: new DataView(bytes.buffer),
    offset: 0,
    length: bytes.length,
    littleEndian: random() % 2 === 0,
  };
  const { text: print, problem } = compilePrintFormat(event, BARE_ENVIRONMENT);
  const printed = print(record);
  compileRawText(event, BARE_ENVIRONMENT)(record);
  const builder = new RecordBuilder(true);
  builder.begin(event);
  compileScanner(event)?.scan(printed, builder);
  return problem === undefined ? 'whole' : 'partial';
}
