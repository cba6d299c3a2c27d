/**
 * What is known of threads while a recording is replayed: names and processes. A record's `common_pid` is a thread;
 * its process (tgid) is known only where the file saved tgids, or where events tell: a fork with its clone flags, an
 * exec. What is not known stays undefined and is never guessed.
 */
import type { EventTable } from './event-table.ts';
import { type RecordBytes, readInteger, readText, requireFields } from './record-field.ts';

/** A record to learn from; a cursor is one. */
export interface ThreadRecord extends RecordBytes {
  readonly eventId: number;
  readonly tid: number;
}

type Observer = (record: ThreadRecord) => void;

const CLONE_THREAD = 0x1_0000;
/** Bytes of a comm without its NUL (kernel `TASK_COMM_LEN`). */
const MAX_COMM = 15;
/** Idle, init and kthreadd lead their own processes on every kernel. */
const FIXED_TGIDS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
];
/** A hostile file could name four billion threads. */
const MAX_THREADS = 1 << 20;

export class ThreadTable {
  /** Grows whenever what {@link commOf} or {@link tgidOf} answer may change. */
  changes = 0;
  private readonly savedComms: ReadonlyMap<number, string>;
  private readonly comms = new Map<number, string>();
  private readonly tgids: Map<number, number>;
  private readonly observers = new Map<number, Observer>();
  /** Flags of the clone a thread is in. */
  private readonly cloning = new Map<number, number>();
  /** New threads whose process `task_newtask` told already, just before their `sched_process_fork`. */
  private readonly told = new Set<number>();

  constructor(comms: ReadonlyMap<number, string>, tgids: ReadonlyMap<number, number>, events: EventTable) {
    this.savedComms = comms;
    this.tgids = new Map([...FIXED_TGIDS, ...tgids]);
    this.watchNames(events);
    this.watchClones(events);
    this.watchForks(events);
    this.watchExec(events);
  }

  /** The thread's name: as the file saved it, else as its events tell. The idle thread's is `swapper/` and its CPU. */
  commOf(tid: number, cpu: number): string | undefined {
    return tid === 0 ? `swapper/${cpu}` : (this.savedComms.get(tid) ?? this.comms.get(tid));
  }

  /** The thread's process, or undefined when nothing tells it. */
  tgidOf(tid: number): number | undefined {
    return this.tgids.get(tid);
  }

  /** Ids of the events that {@link observe} learns from. */
  get observed(): readonly number[] {
    return [...this.observers.keys()];
  }

  /** Learns from a record. A name or a process holds from the record on that tells it. */
  observe(record: ThreadRecord): void {
    this.observers.get(record.eventId)?.(record);
  }

  private watchNames(events: EventTable): void {
    const name = (system: string, event: string, tid: string, comm: string): void => {
      const format = events.byName(system, event);
      const fields = requireFields(format, [tid, comm]);
      if (!format || !fields) return;
      this.watch(format.id, (record) => {
        const thread = readInteger(record, fields[tid]!);
        if (thread === undefined || this.savedComms.has(thread) || this.comms.has(thread)) return;
        this.setComm(thread, readText(record, fields[comm]!));
      });
    };
    name('sched', 'sched_switch', 'prev_pid', 'prev_comm');
    name('sched', 'sched_switch', 'next_pid', 'next_comm');
    name('sched', 'sched_wakeup', 'pid', 'comm');
    name('sched', 'sched_wakeup_new', 'pid', 'comm');
    name('sched', 'sched_waking', 'pid', 'comm');
    name('sched', 'sched_process_exit', 'pid', 'comm');
    const rename = events.byName('task', 'task_rename');
    const fields = requireFields(rename, ['pid', 'newcomm']);
    if (rename && fields) {
      this.watch(rename.id, (record) =>
        this.setComm(readInteger(record, fields.pid), readText(record, fields.newcomm)),
      );
    }
  }

  /** The flags that a coming `sched_process_fork` lacks. `clone3` has them in user memory, so it says nothing. */
  private watchClones(events: EventTable): void {
    const clone = events.byName('syscalls', 'sys_enter_clone');
    const fields = requireFields(clone, ['clone_flags']);
    if (clone && fields) {
      this.watch(clone.id, (record) => this.setCloning(record.tid, readInteger(record, fields.clone_flags)));
    }
    for (const name of ['sys_enter_fork', 'sys_enter_vfork']) {
      const format = events.byName('syscalls', name);
      if (format) this.watch(format.id, (record) => this.setCloning(record.tid, 0));
    }
    for (const name of ['sys_exit_clone', 'sys_exit_fork', 'sys_exit_vfork', 'sys_enter_clone3']) {
      const format = events.byName('syscalls', name);
      if (format) this.watch(format.id, (record) => this.cloning.delete(record.tid));
    }
  }

  private watchForks(events: EventTable): void {
    const newtask = events.byName('task', 'task_newtask');
    const task = requireFields(newtask, ['pid', 'comm', 'clone_flags']);
    if (newtask && task) {
      this.watch(newtask.id, (record) => {
        const child = readInteger(record, task.pid);
        const flags = readInteger(record, task.clone_flags);
        if (child === undefined || flags === undefined) return;
        this.born(child, record.tid, flags);
        this.setComm(child, readText(record, task.comm));
        if (this.told.size < MAX_THREADS) this.told.add(child);
      });
    }
    const fork = events.byName('sched', 'sched_process_fork');
    const fields = requireFields(fork, ['parent_pid', 'child_pid', 'child_comm']);
    if (fork && fields) {
      this.watch(fork.id, (record) => {
        const parent = readInteger(record, fields.parent_pid);
        const child = readInteger(record, fields.child_pid);
        if (parent === undefined || child === undefined) return;
        this.setComm(child, readText(record, fields.child_comm));
        if (!this.told.delete(child)) this.born(child, parent, parent === 2 ? 0 : this.cloning.get(parent));
      });
    }
  }

  /** After an exec the thread leads its process, under the process's own id. */
  private watchExec(events: EventTable): void {
    const exec = events.byName('sched', 'sched_process_exec');
    const fields = requireFields(exec, ['filename', 'pid', 'old_pid']);
    if (!exec || !fields) return;
    this.watch(exec.id, (record) => {
      const pid = readInteger(record, fields.pid);
      const before = readInteger(record, fields.old_pid);
      if (pid === undefined) return;
      this.setTgid(pid, pid);
      if (before !== undefined && before !== pid) this.forgetTgid(before);
      const file = readText(record, fields.filename);
      this.setComm(pid, file?.slice(file.lastIndexOf('/') + 1).slice(0, MAX_COMM));
    });
  }

  private watch(id: number, observer: Observer): void {
    const first = this.observers.get(id);
    this.observers.set(
      id,
      first === undefined
        ? observer
        : (record) => {
            first(record);
            observer(record);
          },
    );
  }

  /** A new thread: in its parent's process, or leading its own. Without flags nothing is known, not even from before. */
  private born(child: number, parent: number, flags: number | undefined): void {
    const isThread = flags !== undefined && (flags & CLONE_THREAD) !== 0;
    const tgid = isThread ? this.tgids.get(parent) : child;
    if (flags === undefined || tgid === undefined) this.forgetTgid(child);
    else this.setTgid(child, tgid);
  }

  private setComm(tid: number | undefined, comm: string | undefined): void {
    if (tid === undefined || comm === undefined || comm === '') return;
    if (this.comms.size >= MAX_THREADS && !this.comms.has(tid)) return;
    this.comms.set(tid, comm);
    this.changes++;
  }

  private setTgid(tid: number, tgid: number): void {
    if (this.tgids.size >= MAX_THREADS && !this.tgids.has(tid)) return;
    this.tgids.set(tid, tgid);
    this.changes++;
  }

  private forgetTgid(tid: number): void {
    if (this.tgids.delete(tid)) this.changes++;
  }

  private setCloning(tid: number, flags: number | undefined): void {
    if (flags !== undefined && this.cloning.size < MAX_THREADS) this.cloning.set(tid, flags);
  }
}
