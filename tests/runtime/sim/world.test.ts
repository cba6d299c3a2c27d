import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findEventField } from '../../../bpf/event-format.ts';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { openRecording } from '../../../runtime/recording/index.ts';
import { createCatalog } from '../../../runtime/sim/catalog.ts';
import type { SimMemory } from '../../../runtime/sim/tracer.ts';
import { mix } from '../../../runtime/sim/workloads/mix.ts';
import { World } from '../../../runtime/sim/world.ts';

interface Happening {
  readonly name: string;
  readonly time: number;
  readonly cpu: number;
  readonly tid: number;
  /** Fields by name, of scalars and text. */
  readonly fields: Readonly<Record<string, number | string>>;
}

const catalog = createCatalog();

function memoryOf(size: number): SimMemory {
  const buffer = new ArrayBuffer(size);
  let next = 65536;
  return {
    view: new DataView(buffer),
    bytes: new Uint8Array(buffer),
    allocate(bytes) {
      const at = next;
      next += (bytes + 7) & ~7;
      return at;
    },
  };
}

function text(memory: SimMemory, at: number, size: number): string {
  return new TextDecoder().decode(memory.bytes.slice(at, at + size)).replace(/\0.*$/s, '');
}

/** Reads a record by its format alone. */
function decode(memory: SimMemory, name: string, at: number): Record<string, number | string> {
  const [system, event] = name.split(':') as [string, string];
  const fields: Record<string, number | string> = {};
  for (const field of catalog.tracepoints.find(system, event)!.fields) {
    const place = at + field.offset;
    const { view } = memory;
    if (field.kind === 'string') fields[field.name] = text(memory, place, field.size);
    else if (field.kind === 'dynamic-string') {
      const word = view.getUint32(place, true);
      fields[field.name] = text(memory, at + (word & 0xffff), word >>> 16);
    } else if (field.size === 8) fields[field.name] = Number(view.getBigInt64(place, true));
    else if (field.size === 4) fields[field.name] = view.getInt32(place, true);
    else if (field.size === 2) fields[field.name] = view.getUint16(place, true);
  }
  return fields;
}

/** Everything that is traced in `ns` of the default workload, and the user memory it points to. */
function trace(
  ns: number,
  seed = 1,
): { readonly events: readonly Happening[]; readonly memory: SimMemory; readonly paths: string[] } {
  const memory = memoryOf(8 << 20);
  const events: Happening[] = [];
  const paths: string[] = [];
  const start = 1e9;
  const world: World = new World({
    seed,
    cpus: 4,
    start,
    memory,
    sink: {
      fire(point, cpu, task, address) {
        if (point.id === 0) return;
        const fields = decode(memory, point.name, address);
        if (point.name === 'syscalls:sys_enter_openat') {
          paths.push(text(memory, memory.view.getUint32(address + 24, true), 200));
        }
        events.push({ name: point.name, time: world.queue.now, cpu, tid: task.tid, fields });
      },
    },
  });
  mix.start(world);
  for (const point of world.points.all()) point.enabled = true;
  while (world.queue.step(start + ns));
  return { events, memory, paths };
}

const { events, paths } = trace(2e9);
const named = (name: string): readonly Happening[] => events.filter((each) => each.name === name);

describe('World', () => {
  test('records read right by their formats', { timeout: 60_000 }, () => {
    for (const event of events) {
      const [system, name] = event.name.split(':') as [string, string];
      expect(event.fields.common_type).toBe(catalog.tracepoints.find(system, name)!.id);
      expect(event.fields.common_pid).toBe(event.tid);
    }
    const exec = named('sched:sched_process_exec')[0]!;
    expect(exec.fields.filename).toMatch(/^\/usr\/bin\/\w+$/);
    expect(exec.fields.pid).toBe(exec.tid);
    const issue = named('block:block_rq_issue')[0]!;
    expect(issue.fields).toMatchObject({
      dev: 254 << 20,
      bytes: Number(issue.fields.nr_sector) * 512,
      cmd: '',
    });
    expect(issue.fields.rwbs).toMatch(/^[RWF]/);
    expect(named('task:task_rename')[0]!.fields).toMatchObject({ oldcomm: 'bash' });
  });

  test('each CPU runs what it switched to', () => {
    const current = new Map<number, unknown>();
    for (const event of named('sched:sched_switch')) {
      if (current.has(event.cpu)) expect(event.fields.prev_pid).toBe(current.get(event.cpu));
      expect(event.fields.prev_pid).not.toBe(event.fields.next_pid);
      current.set(event.cpu, event.fields.next_pid);
    }
  });

  test('nobody runs who was not woken, and nobody is on two CPUs', () => {
    const running = new Map<number, number>();
    const asleep = new Set<number>();
    for (const { name, cpu, fields } of events) {
      if (name === 'sched:sched_wakeup' || name === 'sched:sched_wakeup_new')
        asleep.delete(Number(fields.pid));
      if (name !== 'sched:sched_switch') continue;
      const prev = Number(fields.prev_pid);
      const next = Number(fields.next_pid);
      if (prev !== 0) running.delete(prev);
      if (prev !== 0 && (Number(fields.prev_state) & 255) !== 0) asleep.add(prev);
      if (next === 0) continue;
      expect(asleep.has(next), `task ${next} runs asleep`).toBe(false);
      expect(running.has(next), `task ${next} runs twice`).toBe(false);
      running.set(next, cpu);
    }
  });

  test('system calls enter before they exit, with the same number', () => {
    const inside = new Map<number, number>();
    for (const { name, tid, fields } of events) {
      if (name === 'raw_syscalls:sys_enter') {
        expect(inside.has(tid)).toBe(false);
        inside.set(tid, Number(fields.id));
      }
      if (name !== 'raw_syscalls:sys_exit') continue;
      // A new task comes out of the clone its parent went into.
      expect(inside.get(tid) ?? 56).toBe(fields.id);
      inside.delete(tid);
    }
  });

  test('a process is forked, executes, exits, is waited for and freed, in this order', () => {
    const pid = Number(named('sched:sched_process_fork')[0]!.fields.child_pid);
    const life = events
      .filter(
        ({ name, tid, fields }) =>
          /process_(fork|exec|exit|free)|newtask|wakeup_new/.test(name) &&
          (tid === pid || fields.pid === pid || fields.child_pid === pid),
      )
      .map(({ name }) => name.split(':')[1]);
    expect(life).toEqual([
      'task_newtask',
      'sched_process_fork',
      'sched_wakeup_new',
      'sched_process_exec',
      'sched_process_exit',
      'sched_process_free',
    ]);
  });

  test('paths are in user memory, and some files do not exist', () => {
    expect(paths).toContain('/etc/ld.so.cache');
    expect(paths.every((path) => path.startsWith('/'))).toBe(true);
    const results = named('syscalls:sys_exit_openat').map(({ fields }) => Number(fields.ret));
    expect(results).toContain(-2);
    expect(results.some((result) => result >= 3)).toBe(true);
  });

  test('rates and latencies are those of a small server', () => {
    const seconds = 2;
    expect(named('raw_syscalls:sys_enter').length / seconds).toBeGreaterThan(2000);
    expect(named('raw_syscalls:sys_enter').length / seconds).toBeLessThan(50_000);
    expect(named('sched:sched_switch').length / seconds).toBeGreaterThan(500);
    const issued = new Map<unknown, number>();
    const waits: number[] = [];
    for (const { name, time, fields } of events) {
      if (name === 'block:block_rq_issue') issued.set(fields.sector, time);
      if (name === 'block:block_rq_complete') waits.push(time - issued.get(fields.sector)!);
    }
    waits.sort((a, b) => a - b);
    const median = waits[waits.length >> 1]!;
    expect(median).toBeGreaterThan(40_000);
    expect(median).toBeLessThan(2_000_000);
    // The tail is heavy.
    expect(waits.at(-1)!).toBeGreaterThan(median * 5);
  });
});

describe('catalog', () => {
  test('formats have the layout of Linux 6.1', () => {
    const format = catalog.tracepoints.find('sched', 'sched_switch')!;
    expect(format).toMatchObject({ id: 314, size: 64 });
    expect(findEventField(format, 'prev_state')).toMatchObject({ offset: 32, size: 8, signed: true });
    const openat = catalog.tracepoints.find('syscalls', 'sys_enter_openat')!;
    expect(findEventField(openat, 'filename')).toMatchObject({ offset: 24, size: 8, type: 'const char *' });
    expect(openat.printFormat).toMatch(/^"dfd: 0x%08lx, filename: 0x%08lx/);
  });

  // The recording holds the format files of a real 6.1.
  test('all formats are those of a recorded Linux 6.1', () => {
    const bytes = new Uint8Array(readFileSync(new URL('../../data/trace.dat', import.meta.url)));
    const recording = openRecording(bytes, { decompressor: nodeDecompressor });
    const compared = catalog.tracepoints.list().flatMap((format) => {
      const real = recording.events.byName(format.system, format.name);
      return real === undefined ? [] : [[format, real] as const];
    });
    expect(compared.length).toBeGreaterThan(20);
    for (const [format, real] of compared) expect(format).toEqual(real);
  });

  test('ids are unique', () => {
    const ids = catalog.tracepoints.list().map((format) => format.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
