/** The session's order of things, with a kernel that writes scripted records. */
import { describe, expect, test } from 'vitest';
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { Action, ScriptInfo } from '../../compiler/script-info.ts';
import { AttachError } from '../../runtime/attach-error.ts';
import type { Kernel, OutputConsumer } from '../../runtime/kernel.ts';
import { createTextSink } from '../../runtime/output/text-sink.ts';
import { runSession, type SessionResult } from '../../runtime/session.ts';
import { VmFault } from '../../vm/fault.ts';
import { context, handle, int64, words } from './output/support.ts';

const span = { source: 0, start: 0, end: 1 };
const text = (value: string): Action => ({
  kind: 'printf',
  span,
  format: [{ kind: 'text', bytes: new TextEncoder().encode(value) }],
  args: [],
});
const EXIT: Action = { kind: 'exit', span, code: { offset: 8, type: int64 } };

function program(name: string, point: AttachPoint): BpfProgram {
  return { name, type: 'raw_tracepoint', section: name, attach: [point], instructions: [] };
}

function object(...programs: readonly BpfProgram[]): BpfObject {
  return {
    name: 'stdin',
    endian: 'little',
    license: 'GPL',
    programs,
    functions: [],
    maps: [],
    data: new Map(),
    sources: [],
  };
}

function info(actions: readonly Action[]): ScriptInfo {
  return {
    output: { map: 'output', kind: 'ringbuf' },
    actions,
    maps: [{ name: '@x', keySize: 8, value: int64, perCpu: false, declaredAt: span }],
    startValues: [],
    config: {
      printMapsOnExit: true,
      strTruncTrailer: '..',
      maxCatBytes: 0,
      missingProbes: 'error',
      outputPages: 0,
    },
  };
}

interface Script {
  /** Records each program writes when it is run once. */
  readonly once?: Readonly<Record<string, readonly Uint8Array[]>>;
  /** Records of each pump. */
  readonly pumps?: readonly (readonly Uint8Array[])[];
  readonly refuses?: string;
  readonly lostInPump?: number;
  /** Thrown after a program of this name, or a pump, wrote its records. */
  readonly faults?: { readonly in: string; readonly kind: 'fuel' | 'access' };
}

function fakeKernel(script: Script, log: string[]): Kernel {
  let pumped = 0;
  const write = (output: OutputConsumer, records: readonly Uint8Array[]): void => {
    for (const record of records) output.record(record);
  };
  const fault = (place: string): void => {
    const { faults } = script;
    if (faults?.in !== place) return;
    throw new VmFault('went on', { kind: faults.kind, program: place, instruction: 4, span });
  };
  return {
    kind: 'sim',
    describe: () => {
      throw new Error('nothing is verified here');
    },
    load: async (loaded) => ({
      object: loaded,
      map: () => handle([{ key: words(0n), value: words(5n) }], 8),
    }),
    attach: async (attached, point) => {
      if (attached.name === script.refuses) throw new AttachError(`cannot attach ${attached.name}`);
      log.push(`attach ${attached.name}`);
      return { point, detach: () => log.push(`detach ${attached.name}`) };
    },
    runOnce: async (once, output) => {
      log.push(`run ${once.name}`);
      write(output, script.once?.[once.name] ?? []);
      fault(once.name);
      return { result: 0, nanoseconds: 0 };
    },
    pump: async (output) => {
      const records = script.pumps?.[pumped++];
      if (records === undefined) return 'ended';
      log.push('pump');
      if (script.lostInPump !== undefined) output.lost(script.lostInPump, 'the recording');
      write(output, records);
      fault('pump');
      return 'more';
    },
    clock: () => ({ bootNs: 0n, wallOffsetNs: 0n, taiOffsetNs: 0n }),
    close: async () => {},
  };
}

interface Outcome extends SessionResult {
  readonly out: string;
  readonly err: string;
  readonly log: readonly string[];
}

async function session(
  script: Script,
  actions: readonly Action[],
  ...programs: readonly BpfProgram[]
): Promise<Outcome> {
  const log: string[] = [];
  let out = '';
  let err = '';
  const streams = {
    out: (chunk: string) => {
      out += chunk;
    },
    err: (chunk: string) => {
      err += chunk;
    },
  };
  const sink = createTextSink({
    streams,
    context,
    quiet: false,
    render: (message) => `${message.diagnostic.message}\n`,
  });
  const result = await runSession({
    kernel: fakeKernel(script, log),
    object: object(...programs),
    info: info(actions),
    sink,
    context,
    // The programs are empty and the kernel is a fake: there is nothing to verify.
    verify: false,
  });
  return { ...result, out, err, log };
}

const BEGIN = program('begin', { kind: 'begin' });
const END = program('end', { kind: 'end' });
const TIMER = program('timer', { kind: 'interval', periodNs: 1 });

describe('a session', () => {
  test('runs BEGIN, attaches, pumps, detaches, runs END and prints maps, in this order', async () => {
    const actions = [text('first '), text('then '), text('last')];
    const script = { once: { begin: [words(0n)], end: [words(2n)] }, pumps: [[words(1n)]] };
    const result = await session(script, actions, BEGIN, TIMER, END);
    expect(result.log).toEqual(['run begin', 'attach timer', 'pump', 'detach timer', 'run end']);
    expect(result.out).toBe('first then last\n\n@x: 5\n');
    expect(result.err).toBe('Attached 3 probes\n');
    expect(result.exitCode).toBe(0);
  });

  test('ends by itself when there is nothing but BEGIN and END', async () => {
    const result = await session({}, [], BEGIN, END);
    expect(result.log).toEqual(['run begin', 'run end']);
  });

  test('exit(n) stops the pump, keeps what was queued and gives the exit code', async () => {
    const script = { pumps: [[words(0n, 7n), words(1n)], [words(1n)]] };
    const result = await session(script, [EXIT, text('queued')], TIMER, END);
    expect(result.log).toEqual(['attach timer', 'pump', 'detach timer', 'run end']);
    expect(result.out.startsWith('queued')).toBe(true);
    expect(result.exitCode).toBe(7);
  });

  test('detaches what it attached when a later point is refused', async () => {
    const log: string[] = [];
    const kernel = fakeKernel({ refuses: 'bad' }, log);
    const bad = program('bad', { kind: 'interval', periodNs: 1 });
    const sink = createTextSink({ streams: { out() {}, err() {} }, context, quiet: true, render: () => '' });
    await expect(
      runSession({ kernel, object: object(TIMER, bad), info: info([]), sink, context, verify: false }),
    ).rejects.toThrow('cannot attach bad');
    expect(log).toEqual(['attach timer', 'detach timer']);
  });

  test('counts lost events', async () => {
    const result = await session({ pumps: [[]], lostInPump: 3 }, [], TIMER);
    expect(result.lost).toBe(3);
    expect(result.err).toContain('Lost 3 events in the recording\n');
  });

  test.each([
    { where: 'begin', log: ['run begin', 'attach timer', 'detach timer', 'run end'] },
    { where: 'pump', log: ['run begin', 'attach timer', 'pump', 'detach timer', 'run end'] },
    { where: 'end', log: ['run begin', 'attach timer', 'pump', 'detach timer', 'run end'] },
  ])('a program without an end in $where ends the session in order', async ({ where, log }) => {
    const script = {
      once: { begin: [words(0n)], end: [words(1n)] },
      pumps: [[]],
      faults: { in: where, kind: 'fuel' },
    } as const;
    const result = await session(script, [text('first '), text('last')], BEGIN, TIMER, END);
    expect(result.log).toEqual(log);
    expect(result.out).toBe('first last\n\n@x: 5\n');
    expect(result.err).toContain(`endless loop? ${where} went on and was stopped\n`);
    expect(result.exitCode).toBe(255);
  });

  test('any other fault of a program is ours', async () => {
    const script = { faults: { in: 'begin', kind: 'access' } } as const;
    await expect(session(script, [], BEGIN)).rejects.toThrow('begin: instruction 4: went on');
  });

  test('a record that names no action is a fault, not silence', async () => {
    await expect(session({ once: { begin: [words(9n)] } }, [], BEGIN)).rejects.toThrow('names no action');
  });
});

test('unwatch() takes away the watchpoints of its address and no others (language.md §2.10)', async () => {
  const watch = (address: bigint, name: string): BpfProgram =>
    program(name, { kind: 'watchpoint', address, length: 8, mode: 'w' });
  const record = new Uint8Array(16);
  new DataView(record.buffer).setBigUint64(8, 0xffff_8880_0000_1000n, true);
  const action: Action = { kind: 'unwatch', span, address: { offset: 8, type: int64 } };
  const { log } = await session(
    { pumps: [[record], [record]] },
    [action],
    watch(0xffff_8880_0000_1000n, 'one'),
    watch(0x2000n, 'other'),
  );
  expect(log).toEqual(['attach one', 'attach other', 'pump', 'detach one', 'pump', 'detach other']);
});
