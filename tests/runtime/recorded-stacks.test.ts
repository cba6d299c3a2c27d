/** kstack and ustack of recordings (language.md §2.9, §2.12): against `perf script`, and of written trace.dat files. */
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bpf/byte-source.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import { openSnapshotFile, snapshotPath } from '../../runtime/node/snapshot-file.ts';
import { createTextSink } from '../../runtime/output/text-sink.ts';
import type { EventRecording } from '../../runtime/recording/event-recording.ts';
import { openRecording } from '../../runtime/recording/index.ts';
import { openAnyRecording } from '../../runtime/recording/open.ts';
import { createRecordingKernel } from '../../runtime/recording-kernel.ts';
import { runSession } from '../../runtime/session.ts';
import { context } from './output/support.ts';
import { writeFile } from './recording/files.ts';
import { open, readLines, readPart } from './recording/perf-data/recordings.ts';
import { formatText, type Page, USUAL_SHAPE } from './recording/writer.ts';

interface Run {
  readonly out: string;
  readonly err: string;
}

type Change = (result: CompileResult) => CompileResult;

async function run(recording: EventRecording, text: string, change: Change = (one) => one): Promise<Run> {
  const kernel = createRecordingKernel(recording, { name: 'the file' });
  const source = { name: 'stdin', text };
  const compiled = change(compile({ source, kernel: kernel.describe(), target: profileFor('6.1'), env: {} }));
  expect(compiled.diagnostics.map(({ message }) => message)).toEqual([]);
  let [out, err] = ['', ''];
  const streams = { out: (part: string) => (out += part), err: (part: string) => (err += part) };
  const sink = createTextSink({
    streams,
    context,
    quiet: true,
    render: ({ diagnostic }) => `${diagnostic.message}\n`,
  });
  await runSession({ kernel, object: compiled.object!, info: compiled.info!, sink, context });
  return { out, err: err + (kernel.takeWarnings?.() ?? []).join('\n') };
}

const schedStacks = (): EventRecording =>
  open(readPart('sched-stacks.data'), readPart('sched-stacks.kernel.txt'));

/** How often each kernel stack is in perf's text, as `@[kstack]` prints it; frames of the kernel alone. */
function perfCounts(deepest: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let frames: string[] = [];
  const finish = (): void => {
    const text = frames.slice(0, deepest).join('');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  };
  let open = false;
  for (const line of readLines('sched-stacks.stacks.txt')) {
    const frame = /^\t *[0-9a-f]+ (\S+)\+0x([0-9a-f]+) \(\[/.exec(line);
    if (frame !== null) frames.push(`        ${frame[1]}+${Number.parseInt(frame[2]!, 16)}\n`);
    if (line.startsWith('\t')) continue;
    if (open) finish();
    open = line.includes(' sched:sched_switch:');
    frames = [];
  }
  if (open) finish();
  return counts;
}

function printedCounts(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^@\[\n((?: {8}.*\n)*)\]: (\d+)$/gm)].map(([, frames, count]) => [
      frames!,
      Number(count),
    ]),
  );
}

const SWITCHES = 'tracepoint:sched:sched_switch { @[kstack] = count(); }';

describe('perf.data with call chains', () => {
  test.each([3, 127])('kernel stacks are those of perf script, %d frames', async (frames) => {
    const { out } = await run(schedStacks(), SWITCHES.replace('kstack', `kstack(${frames})`));
    const wanted = perfCounts(frames);
    expect(wanted.size).toBeGreaterThan(5);
    expect(printedCounts(out)).toEqual(wanted);
  });

  test('a stack whose bucket is taken is kept by its hash', async () => {
    // A map of one bucket: every stack but the first comes too late.
    const { out } = await run(schedStacks(), SWITCHES, (result) => ({
      ...result,
      object: {
        ...result.object!,
        maps: result.object!.maps.map((map) =>
          map.type === 'stack_trace' ? { ...map, maxEntries: 1 } : map,
        ),
      },
    }));
    expect(printedCounts(out)).toEqual(perfCounts(127));
  });

  test('a stack that no map has room for is told of', async () => {
    const { err } = await run(schedStacks(), SWITCHES, (result) => ({
      ...result,
      object: {
        ...result.object!,
        maps: result.object!.maps.map((map) =>
          map.type === 'stack_trace' || map.name.startsWith('spilled') ? { ...map, maxEntries: 1 } : map,
        ),
      },
    }));
    expect(err).toMatch(/^Too many different stacks: this one is left out\.$/m);
  });

  test('stacks deeper than a stack map takes are kept by their hash', async () => {
    const { out } = await run(schedStacks(), SWITCHES.replace('kstack', 'kstack(1000)'));
    expect(printedCounts(out)).toEqual(perfCounts(127));
  });

  test('len() counts frames, of stacks at hand and of kept ones', async () => {
    const script = `tracepoint:sched:sched_switch { $k = kstack; @s[tid] = kstack(5);
      @l[len(kstack), len($k), len(@s[tid]), len(ustack(2))] = count(); @same[kstack(5) == @s[tid]] = count(); clear(@s); }`;
    const { out } = await run(schedStacks(), script);
    const keys = [...out.matchAll(/^@l\[(\d+), (\d+), (\d+), (\d+)\]: \d+$/gm)];
    expect(keys.length).toBeGreaterThan(3);
    for (const [, now, kept, five, user] of keys) {
      expect(kept).toBe(now);
      expect(Number(five)).toBe(Math.min(5, Number(now)));
      expect(Number(user)).toBeLessThanOrEqual(2);
    }
    expect(out).toMatch(/^@same\[true\]: 59$/m);
    expect(out).not.toMatch(/@same\[false\]/);
  });

  test('modes and the config block say how frames are printed', async () => {
    const script = `config = { stack_mode = raw } tracepoint:sched:sched_switch { print(kstack(2)); print(kstack(perf, 1));
      print(ustack(perf, 1)); print((1, kstack(bpftrace, 1))); exit(); }`;
    const { out } = await run(schedStacks(), script);
    expect(out.replace(/^(\t[0-9a-f]+) 0x\S+/gm, '$1 0x')).toBe(
      `
ffffffffa4410fe8
ffffffffa441166b


\tffffffffa4410fe8 __schedule+1272


\t7fedd970c137 0x (/lib/x86_64-linux-gnu/libc.so.6)

(1, 
        __schedule+1272
)


`,
    );
  });

  test('without symbols addresses stay numbers, with a word about it', async () => {
    const script = 'tracepoint:sched:sched_switch { print(kstack(1)); exit(); }';
    const { out, err } = await run(open(readPart('sched-stacks.data')), script);
    expect(out.trim()).toBe('0xffffffffa4410fe8');
    expect(err).toMatch(/perf.data files hold none/);
  });
});

describe('trace.dat', () => {
  const FIELDS = '\tfield:int value;\toffset:8;\tsize:4;\tsigned:1;\n';
  const CALLER =
    '\tfield:int size;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:unsigned long caller[8];\toffset:16;\tsize:64;\tsigned:0;\n';
  const CODE = 0xffff_ffff_8100_0000n;
  const KALLSYMS = 'ffffffff81000000 T one\nffffffff81000100 T two\nffffffff81000200 t three\n';

  function bytesOf(id: number, tid: number, ...frames: readonly bigint[]): Uint8Array {
    const bytes = new Uint8Array(16 + frames.length * 8);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, id, true);
    view.setInt32(4, tid, true);
    view.setInt32(8, frames.length, true);
    for (const [index, frame] of frames.entries()) view.setBigUint64(16 + index * 8, frame, true);
    return bytes;
  }

  function recording(records: readonly Uint8Array[]): EventRecording {
    const events = records.map((record) => ({ delta: 1000, record }));
    const page: Page = { time: 1_000_000_000n, events };
    const formats = {
      test: [formatText('tick', 7, FIELDS), formatText('tock', 8, FIELDS)],
      ftrace: [formatText('kernel_stack', 9, CALLER)],
    };
    const buffers = [{ name: '', cpus: [[page]] }];
    const file = writeFile({ formats, kallsyms: KALLSYMS, printk: '', buffers }, USUAL_SHAPE);
    return openRecording(file, { decompressor: nodeDecompressor });
  }

  test("a stack record is the stack of its CPU's event before it", async () => {
    const file = recording([
      bytesOf(7, 10),
      bytesOf(9, 10, CODE + 5n, CODE + 0x110n),
      bytesOf(8, 10),
      bytesOf(9, 10, CODE + 0x204n),
      bytesOf(7, 10),
      bytesOf(7, 10),
      bytesOf(9, 10, CODE + 0x204n, 0n, 7n),
    ]);
    const { out, err } = await run(
      file,
      'tracepoint:test:tick { @[kstack] = count(); @n[len(kstack)] = count(); }',
    );
    expect(out.trim()).toBe(
      `@[]: 1
@[
        one+5
        two+16
]: 1
@[
        three+4
]: 1
@n[0]: 1
@n[1]: 1
@n[2]: 1`,
    );
    expect(err).toBe('there are no call chains here: kstack and ustack are empty\n');
  });
});

describe('text of perf script', () => {
  const TEXT = `bash 123/124 [001] 19.158247: sched:sched_switch: prev_comm=bash prev_pid=124 prev_prio=120 prev_state=S ==> next_comm=swapper/1 next_pid=0 next_prio=120
\tffffffff81001234 __schedule+0x4f8 ([kernel.kallsyms])
\tffffffff81002234 schedule+0x5a ([kernel.kallsyms])
\t          ee137 std::vector<int>::at(unsigned long)+0x7 (/lib/libc.so.6)
\t          146f2c [unknown] (/usr/bin/bash)

`;

  test('has names beside its addresses', async () => {
    const formats = openSnapshotFile(snapshotPath('linux-6.1', '')).tracepoints!;
    const file = await openAnyRecording(memorySource(new TextEncoder().encode(TEXT)), {
      decompressor: nodeDecompressor,
      formats,
      formatsOf: 'Linux 6.1',
    });
    const script =
      'tracepoint:sched:sched_switch { print(kstack); print(ustack(perf)); @[usym((uint64)0xee137)] = 1; }';
    const { out } = await run(file, script);
    expect(out).toBe(`
        __schedule+1272
        schedule+90


\tee137 std::vector<int>::at(unsigned long)+7 (/lib/libc.so.6)
\t146f2c 0x146f2c (/usr/bin/bash)



@[std::vector<int>::at(unsigned long)]: 1
`);
  });
});
