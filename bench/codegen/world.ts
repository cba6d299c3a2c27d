/**
 * The made world both sides run in: six tasks, user strings, kernel memory in which every aligned word points back into it
 * (so that any walk of structs finds something), and the contexts of events. The same seed makes the same events.
 */
import type { EventField, EventFormat } from '../../bpf/event-format.ts';
import { type CurrentTask, encodeComm } from '../../runtime/helpers/execution-context.ts';
import { KERNEL_TAG, USER_TAG } from '../../vm/index.ts';
import type { Memory } from '../../vm/memory.ts';

const COMMS: readonly string[] = ['bash', 'sshd', 'kworker/0:1', 'postgres', 'node', 'systemd-journal'];
const TEXTS: readonly string[] = ['/etc/passwd', '/tmp/a', '/usr/lib/x86_64-linux-gnu/libc.so.6', 'eth0'];
const RESULTS: readonly number[] = [-2, -11, 0, 1, 7, 512, 4096, 70_000];
const TEXT_BYTES = 64;
const KERNEL_BYTES = 16 * 1024;
const CONTEXT_BYTES = 512;

/** Offsets in x86-64 `struct pt_regs`. */
const REGISTERS = { r9: 64, r8: 72, ax: 80, cx: 88, dx: 96, si: 104, di: 112, ip: 128, sp: 152 } as const;

/** Small and repeatable (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A number as events of that name have them. */
function numberFor(name: string, next: (below: number) => number): number {
  if (/pid$/.test(name)) return next(10) < 2 ? 0 : 1000 + next(COMMS.length);
  if (name === 'protocol') return next(2) === 0 ? 6 : 17;
  if (/^(new|old)state$/.test(name)) return 1 + next(12);
  if (/_state$/.test(name)) return next(3);
  if (/^(id|nr|vec|irq|sig)$/.test(name)) return next(10);
  if (/^(sector|dev|address)$/.test(name)) return 1 + next(6);
  return RESULTS[next(RESULTS.length)]!;
}

export class MadeWorld {
  readonly context: number;
  readonly tasks: readonly CurrentTask[];
  readonly #memory: Memory;
  readonly #texts: number;
  readonly #kernel: number;
  readonly #stack: number;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.context = memory.allocateRegion(CONTEXT_BYTES, { kind: 'context', label: 'context' });
    this.#texts = memory.allocateRegion(TEXTS.length * TEXT_BYTES, { kind: 'user', label: 'user texts' });
    this.#stack = memory.allocateRegion(256, { kind: 'user', label: 'user stack' });
    TEXTS.forEach((text, index) => {
      memory.write(this.#texts + index * TEXT_BYTES, new TextEncoder().encode(text));
    });
    this.#kernel = memory.allocateRegion(KERNEL_BYTES, { kind: 'kernel', label: 'kernel memory' });
    for (let at = 0; at < KERNEL_BYTES; at += 8) {
      const target = this.#kernel + (((at * 37) % (KERNEL_BYTES / 2)) & ~7);
      memory.writePair(this.#kernel + at, target, KERNEL_TAG);
    }
    this.tasks = COMMS.map((comm, index) => ({
      tid: 1000 + index,
      tgid: 1000 + (index & ~1),
      uid: index < 2 ? 0 : 1000,
      gid: 100 + index,
      comm: encodeComm(comm),
      cgroupId: 1 + (index >> 1),
      object: this.#kernel + 64 * index,
    }));
  }

  /** A record of a tracepoint. */
  record(format: EventFormat, task: CurrentTask, next: (below: number) => number): void {
    const { view } = this.#memory;
    this.#clear();
    let dynamic = format.size;
    for (const field of format.fields) {
      if (field.common) continue;
      if (field.kind === 'dynamic-string') {
        const text = TEXTS[next(TEXTS.length)]!;
        this.#memory.write(this.context + dynamic, new TextEncoder().encode(text));
        view.setUint32(this.context + field.offset, dynamic | ((text.length + 1) << 16), true);
        dynamic += text.length + 1;
      } else this.#field(field, next);
    }
    view.setUint16(this.context, format.id, true);
    view.setInt32(this.context + 4, task.tid, true);
  }

  #field(field: EventField, next: (below: number) => number): void {
    const at = this.context + field.offset;
    if (field.kind === 'string') {
      const text = new Uint8Array(Math.max(field.size, 16));
      text.set(encodeComm(COMMS[next(COMMS.length)]!));
      this.#memory.write(at, text.subarray(0, field.size - 1));
    } else if (field.kind === 'pointer') this.#pointer(at, next);
    else if (field.kind === 'integer') {
      this.#integer(at, field.size, numberFor(field.name, next));
    }
  }

  /** Registers at a function's entry or return. */
  registers(next: (below: number) => number, user: boolean): void {
    this.#clear();
    for (const [name, offset] of Object.entries(REGISTERS)) {
      const at = this.context + offset;
      if (name === 'ax' || name === 'dx' || name === 'cx')
        this.#integer(at, 8, RESULTS[next(RESULTS.length)]!);
      else if (name === 'sp') this.#memory.writePair(at, this.#stack, user ? USER_TAG : KERNEL_TAG);
      else if (user) this.#pointer(at, next);
      else this.#memory.writePair(at, this.#kernel + 64 * next(16), KERNEL_TAG);
    }
  }

  /** Of timers, BEGIN and END. */
  empty(): void {
    this.#clear();
  }

  #clear(): void {
    this.#memory.u8.fill(0, this.context, this.context + CONTEXT_BYTES);
  }

  #pointer(at: number, next: (below: number) => number): void {
    this.#memory.writePair(at, this.#texts + next(TEXTS.length) * TEXT_BYTES, USER_TAG);
  }

  #integer(at: number, size: number, value: number): void {
    const { view } = this.#memory;
    if (size === 8) this.#memory.writePair(at, value, value < 0 ? -1 : 0);
    else if (size === 4) view.setInt32(at, value, true);
    else if (size === 2) view.setInt16(at, value, true);
    else view.setInt8(at, value);
  }
}
