/** Options and text sections, in files written by the tests. */
import { describe, expect, it } from 'vitest';
import { writeFile } from './files.ts';
import { linesOf, open } from './recordings.ts';
import { ByteWriter, type FileContent, record, type Shape, USUAL_SHAPE } from './writer.ts';

const bytes = (): ByteWriter => new ByteWriter(true);
const text = (value: string): Uint8Array => bytes().string(value).done();

function content(options: FileContent['options'], time = 5_000_000_000n): FileContent {
  const page = { time, events: [{ delta: 0, record: record(USUAL_SHAPE, 10, 1) }] };
  return { ...(options ? { options } : {}), buffers: [{ name: '', cpus: [[page]] }] };
}

function openWith(
  options: FileContent['options'],
  extra: Partial<FileContent> = {},
  shape: Shape = USUAL_SHAPE,
) {
  return open(writeFile({ ...content(options), ...extra }, shape));
}

describe('options', () => {
  it('applies DATE, OFFSET and TSC2NSEC as trace-cmd does', () => {
    const tsc = bytes().u32(0x6003_0201).u32(31).u64(0).done();
    const recording = openWith([
      { id: 7, data: text('123456789') },
      { id: 1, data: text('0x10') },
      { id: 14, data: tsc },
    ]);
    // trace-cmd report -t: ten-10 [000] 3.873931747: tick: value=1
    expect(linesOf(recording)).toEqual(['ten-10 [000] 3.873931747 tick']);
    expect(recording.machine).toMatchObject({
      timeOffset: 123_472_789n,
      tscConversion: { mult: 0x6003_0201, shift: 31 },
    });
    expect(recording.nanoseconds).toBe(true);
  });

  it('takes negative offsets', () => {
    expect(linesOf(openWith([{ id: 7, data: text('-1000000000') }]))).toEqual([
      'ten-10 [000] 4.000000000 tick',
    ]);
  });

  it('reads what concerns peers, processes and hooks', () => {
    const shift = bytes().u64(77).u32(3).u32(1).u32(2);
    shift.u64(100).u64(200).u64(5).u64(-6n).u64(1).u64(2);
    const guest = bytes().string('vm').u64(99).u32(1).u32(0).u32(4321).done();
    const { machine } = openWith([
      { id: 12, data: shift.done() },
      { id: 13, data: guest },
      { id: 6, data: text('sched_switch,next_pid/sched_switch,prev_pid') },
      { id: 10, data: text('7b 2 /bin/sh\n1000 2000 /lib/libc.so.6\n3000 4000 /bin/sh\n') },
      { id: 2, data: text('CPU: 3\nentries: 14\ndropped events: 2\n') },
      { id: 5, data: text('Linux box 6.1.0 aarch64') },
      { id: 77, data: text('?') },
    ]);
    expect(machine.timeShift).toEqual({
      peerTraceId: 77n,
      flags: 3,
      cpus: [
        [
          { time: 100n, offset: 5n, scaling: 1n },
          { time: 200n, offset: -6n, scaling: 2n },
        ],
      ],
    });
    expect(machine.guests).toEqual([{ name: 'vm', traceId: 99n, cpus: [{ cpu: 0, tid: 4321 }] }]);
    expect(machine.hooks).toEqual(['sched_switch,next_pid/sched_switch,prev_pid']);
    expect(machine.processes).toEqual([
      {
        pid: 123,
        command: '/bin/sh',
        maps: [
          { start: 0x1000n, end: 0x2000n, path: '/lib/libc.so.6' },
          { start: 0x3000n, end: 0x4000n, path: '/bin/sh' },
        ],
      },
    ]);
    expect(machine.cpuStats[0]!.values.get('dropped events')).toBe(2);
    expect([machine.release, machine.architecture]).toEqual(['6.1.0', 'aarch64']);
    expect(machine.unknownOptions.map((option) => option.id)).toEqual([77]);
  });

  it('reads saved tgids, under the number they had before as well', () => {
    for (const id of [32, 8]) {
      const recording = openWith([{ id, data: text('10 8\n11 8\n') }]);
      expect([recording.tgidOf(11), recording.tgidOf(12), recording.processIds]).toEqual([
        8,
        undefined,
        'always',
      ]);
      expect(recording.threads().tgidOf(10)).toBe(8);
    }
  });

  it('knows clocks that do not count nanoseconds', () => {
    const page = { time: 5n, events: [{ delta: 0, record: record(USUAL_SHAPE, 10, 1) }] };
    const recording = openWith([], { buffers: [{ name: '', clock: 'x86-tsc', cpus: [[page]] }] });
    expect([recording.clock, recording.nanoseconds]).toEqual(['x86-tsc', false]);
  });

  it('warns of a damaged option and takes the others', () => {
    const recording = openWith([
      { id: 14, data: bytes().u32(1).done() },
      { id: 7, data: text('soon') },
      { id: 9, data: text('3.2') },
    ]);
    expect(recording.machine.writerVersion).toBe('3.2');
    expect(recording.warnings.map((warning) => warning.section)).toEqual(['option 14', 'option 7']);
    expect(linesOf(recording)).toHaveLength(1);
  });
});

describe('text sections', () => {
  it('reads names with spaces, symbols with modules and printk formats', () => {
    const recording = openWith([], {
      cmdlines: '10 a b c\n11 <...>\nrubbish\n',
      kallsyms:
        'ffffffff81000100 t second\nffffffff81000000 T first\nffffffffc0000000 t probe\t[mod]\nnonsense\n',
      printk: '0xffffffff82000000 : "a \\"b\\"\\n"\n',
    });
    expect([recording.commOf(10), recording.commOf(99)]).toEqual(['a b c', undefined]);
    const symbols = recording.kernelSymbols();
    expect(symbols.size).toBe(3);
    expect(symbols.symbolAt(0xffff_ffff_8100_00ffn)?.name).toBe('first');
    expect(symbols.symbolAt(0xffff_ffff_8100_0100n)?.name).toBe('second');
    expect(symbols.symbolAt(0xffff_ffff_c000_0001n)).toEqual({
      address: 0xffff_ffff_c000_0000n,
      name: 'probe',
      module: 'mod',
    });
    expect(symbols.symbolAt(0n)).toBeUndefined();
    expect([symbols.symbolOf('second')?.address, symbols.symbolOf('none')]).toEqual([
      0xffff_ffff_8100_0100n,
      undefined,
    ]);
    expect(recording.printkFormats().get(0xffff_ffff_8200_0000n)).toBe('a "b"\n');
  });

  it('names the sections of version 7', () => {
    const sections = openWith([]).sections();
    expect(sections.map((section) => section.id)).toEqual([16, 17, 18, 19, 20, 21, 3, 15, 0]);
    expect(sections[3]!.name).toBe('kallsyms');
    const version6: Shape = { ...USUAL_SHAPE, version: 6, compression: 'none' };
    expect(openWith([], {}, version6).sections()).toEqual([]);
  });

  it('warns of an event format that cannot be parsed, and only when it is asked for', () => {
    const broken = 'name: broken\nID: 9\nformat:\n\tfield:int;\toffset:0;\tsize:4;\n';
    const recording = openWith([], { formats: { test: [broken, 'nothing'] } });
    expect(recording.events.names).toMatchObject([{ id: 9, system: 'test', name: 'broken' }]);
    expect(recording.warnings).toHaveLength(1);
    expect(recording.events.byName('test', 'broken')).toBeUndefined();
    expect(recording.events.byId(9)).toBeUndefined();
    expect(recording.warnings.map((warning) => warning.section)).toEqual([
      'formats of test',
      'format of test:broken',
    ]);
  });
});
