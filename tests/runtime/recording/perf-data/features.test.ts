import { describe, expect, it } from 'vitest';
import { symbolise } from '../../../../runtime/recording/perf-data/index.ts';
import { open, readPart, timeOf } from './recordings.ts';
import { body, padded, record, sectionString, writePerfData } from './writer.ts';

/** Of the guest they were made in. */
const GUEST = {
  hostname: 'guest',
  osRelease: '6.1.0-56-cloud-amd64',
  perfVersion: '6.1.192',
  architecture: 'x86_64',
  cpusAvailable: 2,
  cpusOnline: 2,
  cpuDescription: 'QEMU TCG CPU version 2.5+',
  cpuId: 'AuthenticAMD,15,107,1',
};

describe('what a file says of its machine', () => {
  it.each(['sched-stacks', 'pipe', 'zstd'])('is read (%s)', (name) => {
    const recording = open(readPart(`${name}.data`));
    expect(recording.features).toMatchObject(GUEST);
    expect(recording.features.commandLine?.slice(0, 3)).toEqual(['/usr/bin/perf', 'record', '-N']);
    expect(recording.machine).toMatchObject({
      release: GUEST.osRelease,
      architecture: 'x86_64',
      cpuCount: 2,
      uname: 'Linux guest 6.1.0-56-cloud-amd64 x86_64',
    });
    expect([recording.cpus, recording.clock, recording.littleEndian]).toEqual([2, 'perf', true]);
  });

  it('includes its topology, memory and caches', () => {
    const { features } = open(readPart('sched-stacks.data'));
    expect(features.cpuTopology).toEqual({
      cores: ['0-1'],
      threads: ['0', '1'],
      cpus: [
        { core: 0, socket: 0 },
        { core: 1, socket: 0 },
      ],
    });
    expect(features.numaNodes).toEqual([{ node: 0, total: 2025988n, free: 1953408n, cpus: '0-1' }]);
    expect(features.totalMemory).toBe(2025988 * 1024);
    expect(features.memory).toMatchObject({ blockSize: 0x8000000n, nodes: [{ node: 0n, size: 16n }] });
    expect(features.caches?.length).toBe(7);
    expect(features.caches?.[6]).toMatchObject({ level: 3, type: 'Unified', size: '16384K', cpus: '0-1' });
    const pmus = features.pmuMappings?.map(({ type, name }) => `${name} = ${type}`).join(', ');
    expect(pmus).toBe('software = 1, uprobe = 7, breakpoint = 5, tracepoint = 2, kprobe = 6, msr = 8');
  });

  it('includes the times of its first and last sample', () => {
    const recording = open(readPart('sched-stacks.data'));
    const cursor = recording.cursor();
    const times: bigint[] = [];
    while (cursor.next()) times.push(timeOf(cursor));
    expect(recording.features.sampleTime).toEqual({ first: times[0], last: times.at(-1) });
  });

  it('includes how it was recorded', () => {
    expect(open(readPart('zstd.data')).features.compression).toMatchObject({ type: 1, level: 1, ratio: 16 });
    expect(open(readPart('group.data')).features.groups).toEqual([
      { name: '{anon_group}', leader: 0, members: 3 },
    ]);
    const mono = open(readPart('mono.data'));
    expect(mono.clock).toBe('mono');
    const { wallClockNs, clockNs } = mono.features.clockData!;
    expect(mono.wallClockOffsetNs).toBe(wallClockNs - clockNs);
  });

  it('keeps what is not plain as bytes', () => {
    const { others } = open(readPart('sched-stacks.data')).features;
    expect(others.map(({ name }) => name)).toEqual(['bpfPrograms', 'bpfBtf', 'pmuCapabilities']);
  });

  it('names its events', () => {
    const { sampledEvents } = open(readPart('pipe.data'));
    const names = sampledEvents.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['sched:sched_switch', 'sched:sched_process_fork']);
    expect(names).toContain('cpu-clock');
  });
});

describe('build ids', () => {
  it('come with the mappings', () => {
    const recording = open(readPart('mono.data'));
    const cursor = recording.cursor();
    const ids = new Set<string | undefined>();
    while (cursor.next()) {
      const { user } = symbolise(cursor.callChain()!, cursor.tid, cursor.processes, {});
      for (const frame of user) if (frame.dso === '/usr/bin/workload') ids.add(frame.buildId);
    }
    expect(ids.size).toBe(1);
    expect([...ids][0]).toMatch(/^[0-9a-f]{40}$/);
  });

  it('come in records before the first sample of their file', () => {
    const event = { sampleType: 0x27, type: 1, config: 0n, ids: [5n] };
    const map = body((w) =>
      w.u32(10).u32(10).u64(0x1000).u64(0x1000).u64(0).bytes(padded('/bin/x')).u32(10).u32(10).u64(1),
    );
    const id = body((w) => w.u32(10).bytes(new Uint8Array(20).fill(0xab)).u32(16).bytes(padded('/bin/x')));
    const sample = body((w) => w.u64(0x1234).u32(10).u32(10).u64(2).u64(2).u64(-512).u64(0x1234));
    const records = [record(1, 2, map), record(67, 0x8000, id), record(9, 2, sample)];
    const cursor = open(writePerfData({ events: [event], records })).cursor();
    expect(cursor.next()).toBe(true);
    const { user } = symbolise(cursor.callChain()!, cursor.tid, cursor.processes, {});
    expect(user).toEqual([{ address: 0x1234n, dso: '/bin/x', fileOffset: 0x234n, buildId: 'ab'.repeat(16) }]);
  });

  it('come from their section', () => {
    const { features } = open(readPart('sched-stacks.data'));
    expect(features.buildIds[0]).toEqual({
      path: '[kernel.kallsyms]',
      id: '3b43fad5034874490492495d552c0af6a5fab235',
    });
  });
});

describe('a damaged feature', () => {
  const event = { sampleType: 7, type: 1, config: 0n };
  const records = [record(68, 0, new Uint8Array(0))];

  it.each([
    [
      'a string longer than its section',
      4,
      body((w) => w.u32(1000).u32(0)),
      /osRelease at byte \d+: release of 1000 bytes/,
    ],
    [
      'a count that cannot be',
      16,
      body((w) => w.u32(0xffffffff)),
      /pmuMappings at byte \d+: 4294967295 PMUs/,
    ],
    [
      'an unknown version',
      29,
      body((w) => w.u32(9).u32(1).u64(0).u64(0)),
      /clockData at byte \d+: clock data version 9/,
    ],
    [
      'a short build id',
      2,
      body((w) => w.u32(0).u16(0).u16(20).u64(0)),
      /buildId at byte \d+: a build id record of 20/,
    ],
  ])('(%s) is left out', (_, number, bytes, warning) => {
    const features = new Map([
      [number, bytes],
      [5, sectionString('9.9')],
    ]);
    const recording = open(writePerfData({ events: [event], records, features }));
    expect(recording.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(warning)]),
    );
    expect(recording.features.perfVersion).toBe('9.9');
  });
});
