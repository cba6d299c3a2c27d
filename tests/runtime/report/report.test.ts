/** Reports of the committed recordings against lines that trace-cmd printed (tests/data/report/lines.sh), and of small written ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bpf/byte-source.ts';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { openFileSource } from '../../../runtime/node/file-source.ts';
import { type EventRecording, openAnyRecording } from '../../../runtime/recording/index.ts';
import { type ReportOptions, reportRecording } from '../../../runtime/report/report.ts';
import { writeFile } from '../recording/files.ts';
import { dataPath, open, readData } from '../recording/recordings.ts';
import { type Page, record, USUAL_SHAPE } from '../recording/writer.ts';
import { functionFile, graphFile, instancesFile, printkFile } from './tracer-files.ts';

function reportOf(recording: EventRecording, options: ReportOptions = {}): string[] {
  let text = '';
  reportRecording(recording, options, (lines) => {
    text += lines;
  });
  return text.trimEnd().split('\n');
}

describe('trace.dat', () => {
  const recording = open(openFileSource(dataPath('trace.dat')));
  const lines = reportOf(recording);
  const expected = readFileSync(dataPath('report/report-lines.txt'), 'utf8').trimEnd().split('\n');

  it('prints every class of event at its place as trace-cmd report does', () => {
    const places = expected.map((line) => Number(line.split(' ', 1)[0]));
    expect(places.map((place) => `${place} ${lines[place - 1]}`)).toEqual(expected);
    expect(lines).toHaveLength(51_707);
  });

  it('prints only the events, CPUs and number asked for', () => {
    const selects = (_: string, event: string): boolean => event === 'sched_switch';
    const some = reportOf(recording, { selects, cpus: new Set([1]), limit: 5 });
    expect(some.slice(1)).toEqual(
      lines.filter((line) => line.includes(' sched_switch: ') && line.includes('[001]')).slice(0, 5),
    );
  });

  it('prints raw fields, latency flags and nanoseconds', () => {
    const first = reportOf(recording, { raw: true, latency: true, nanoseconds: true, limit: 3 });
    expect(first).toEqual([
      'cpus=2',
      '      sh-113     1..... 9.907385806: sys_exit:              id=1 ret=1'.replace('. 9', '.     9'),
      '      sh-113     1...1.     9.907788981: sys_exit_write:        __syscall_nr=1 ret=0x1',
      'trace-cm-112     0dNh1.     9.908252671: sched_stat_runtime:    comm=trace-cmd pid=112 runtime=3916775 vruntime=4480522749',
    ]);
  });
});

describe('perf.data', () => {
  const perf = (name: string): Promise<EventRecording> =>
    openAnyRecording(memorySource(readData(`perf-data/${name}.data.gz`)), { decompressor: nodeDecompressor });

  it('prints call chains below their events, though it has no symbols', async () => {
    const lines = reportOf(await perf('sched-stacks'), { limit: 1 });
    expect(lines.slice(0, 3)).toEqual([
      'cpus=2',
      '            perf-113   [000]     2.362118: sched_switch:         perf:113 [120] R ==> migration/0:16 [0]',
      '\tffffffffa4410fe8 [unknown] ([kernel.kallsyms])',
    ]);
    expect(lines.at(-1)).toBe('\t           2724a [unknown] (/lib/x86_64-linux-gnu/libc.so.6)');
  });

  it('names counters by what they count', async () => {
    const [, line] = reportOf(await perf('cpu-clock'), { limit: 1 });
    expect(line).toBe('        workload-200   [000]    20.005391: cpu-clock:');
  });
});

describe('a perf.data file cut before its formats', () => {
  it('tells task, CPU, time and number of its tracepoints, and once what is missing', async () => {
    const whole = readData('perf-data/lost.data.gz');
    const read = (bytes: Uint8Array): Promise<EventRecording> =>
      openAnyRecording(memorySource(bytes), { decompressor: nodeDecompressor });
    const recording = await read(whole.subarray(0, 600_000));
    const lines = reportOf(recording);
    const full = await read(whole);
    const ids = new Map(full.events.names.map(({ id, name }) => [name, id]));
    const wanted = reportOf(full, { limit: 20 }).map((line) =>
      line.replace(
        /(\.\d{6}: )(\w+):.*/,
        (_, time: string, name: string) => `${time}${`event ${ids.get(name)}: `.padEnd(22)}[UNKNOWN EVENT]`,
      ),
    );
    expect(lines.slice(0, 21)).toEqual(wanted);
    const missing = recording.warnings.filter(({ message }) => message.includes('no event formats'));
    expect(missing.map(({ message }) => message)).toEqual([
      expect.stringContaining('a report tells them by their numbers alone'),
    ]);
  });
});

const textsOf = (bytes: Uint8Array): string[] =>
  reportOf(open(bytes))
    .slice(1)
    .map((line) => line.slice(43));

describe('tracers', () => {
  it('indents functions below their parents, and takes the first of several names', () => {
    expect(textsOf(functionFile())).toEqual([
      'function:             one',
      'function:                three',
      'function:                   0x5',
    ]);
  });

  it('folds a call and its return into one line of the graph', () => {
    expect(textsOf(graphFile())).toEqual([
      'funcgraph_entry:                   |  one() {',
      'funcgraph_entry:        1.500 us   |    two();',
      'funcgraph_exit:       + 20.000 us  |  }',
      'funcgraph_entry:                   |  10() {',
    ]);
  });

  it('prints packed arguments of trace_printk by the format at its address', () => {
    expect(textsOf(printkFile())).toEqual([
      'bprint:               one: n=7 s=hi x=00ff',
      'bprint:               one: (NO FORMAT FOUND at bad)',
    ]);
  });

  it('names the instance of each event where the file has several', () => {
    expect(reportOf(open(instancesFile()))).toEqual([
      'cpus=1',
      '                    ten-10    [000]     1.000001: tick:                 value=5',
      'extra:              ten-10    [000]     1.000001: tick:                 value=5',
    ]);
  });

  it('says what it does not know, and where events were lost', () => {
    const page: Page = {
      time: 1_000_000_000n,
      lost: 3,
      events: [{ delta: 0, record: record(USUAL_SHAPE, 99, 5, 9) }],
    };
    const recording = open(writeFile({ buffers: [{ name: '', cpus: [[page]] }] }, USUAL_SHAPE));
    expect(reportOf(recording).slice(1)).toEqual([
      'CPU:0 [3 EVENTS DROPPED]',
      '           <...>-99    [000]     1.000000: event 9:              [UNKNOWN EVENT]',
    ]);
  });
});
