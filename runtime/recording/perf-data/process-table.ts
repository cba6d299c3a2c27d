/**
 * Threads, their names and what is mapped into their processes, as the records read so far tell: perf's own model (`struct
 * machine` of tools/perf/util), so that a name is the one `perf script` shows at the same place. Threads that ended are
 * kept for a while, since a thread's last switch comes after its end.
 */
import { AddressMap, type Mapping, MappingBudget } from './address-map.ts';

export interface ProcessThread {
  readonly tid: number;
  /** Its process; -1 when nothing told it. */
  pid: number;
  /** Undefined until a COMM or its parent tells it. */
  comm: string | undefined;
  ended: boolean;
}

/** Linux has at most 2^22 threads at once; a hostile file could name four billion. */
const MAX_THREADS: number = 1 << 20;
const MAX_ENDED = 4096;
const MAX_BUILD_IDS: number = 1 << 16;
const IDLE = 'swapper';

export class ProcessTable {
  /** Grows whenever a name or a process changes. */
  changes = 0;
  /** The kernel's own text, its modules and BPF programs. */
  readonly kernel: AddressMap;
  /** Of files whose mappings did not tell them, by path. */
  readonly #buildIds: Map<string, string>;
  readonly #budget = new MappingBudget();
  /** By process. */
  readonly #maps = new Map<number, AddressMap>();
  readonly #threads = new Map<number, ProcessThread>();
  /** In the order they ended. */
  readonly #ended: ProcessThread[] = [];
  /** The one asked for last. */
  #last: ProcessThread | undefined;

  constructor(buildIds: ReadonlyMap<string, string> = new Map()) {
    this.#buildIds = new Map(buildIds);
    this.kernel = new AddressMap(this.#budget);
    const idle = this.#create(0, 0);
    idle.comm = IDLE;
  }

  /** Some mappings were too many to keep. */
  get hasLostMappings(): boolean {
    return this.#budget.exceeded;
  }

  /** What is mapped into the thread's process; undefined when nothing is known of it. */
  mapsOf(tid: number): AddressMap | undefined {
    const thread = this.find(tid);
    return thread && this.#maps.get(thread.pid);
  }

  /** Undefined when nothing told of it. */
  find(tid: number): ProcessThread | undefined {
    if (this.#last?.tid === tid) return this.#last;
    const thread = this.#threads.get(tid);
    if (thread !== undefined) this.#last = thread;
    return thread;
  }

  /** Which build of the mapped file it is, in hexadecimal, where the recording tells. */
  buildIdOf(mapping: Mapping): string | undefined {
    return mapping.buildId ?? this.#buildIds.get(mapping.path);
  }

  setBuildId(path: string, id: string): void {
    if (this.#buildIds.size < MAX_BUILD_IDS) this.#buildIds.set(path, id);
  }

  /** A sample saw the thread in this process. */
  see(pid: number, tid: number): ProcessThread | undefined {
    const known = this.find(tid);
    if (known !== undefined) {
      // A sample knows best: ids are used again, and an exec makes another thread the leader.
      if (known.pid !== pid && pid >= 0) this.#setProcess(known, pid);
      return known;
    }
    return this.#threads.size < MAX_THREADS ? this.#create(pid, tid) : undefined;
  }

  /** A thread got a name. After an exec its old mappings stay below the new ones: samples taken within it still need them. */
  setComm(pid: number, tid: number, comm: string): void {
    const thread = this.see(pid, tid);
    if (thread === undefined) return;
    thread.comm = comm;
    thread.ended = false;
    this.changes++;
  }

  /** `withMaps` is false for threads that ran before: perf tells their mappings one by one. */
  fork(child: ThreadId, parentId: ThreadId, withMaps: boolean): void {
    const known = this.find(parentId.tid);
    // Its id was used again, and the record that would have told is lost.
    if (known !== undefined && known.pid >= 0 && known.pid !== parentId.pid) this.#remove(known);
    const parent = this.see(parentId.pid, parentId.tid);
    const before = this.find(child.tid);
    if (before !== undefined) this.#remove(before);
    const thread = this.see(child.pid, child.tid);
    if (thread === undefined || parent === undefined) return;
    if (parent.comm !== undefined) thread.comm = parent.comm;
    const maps = this.#maps.get(parent.pid);
    if (child.pid !== parent.pid && withMaps && maps !== undefined) this.#maps.set(child.pid, maps.clone());
    this.changes++;
  }

  exit(tid: number): void {
    const thread = this.find(tid);
    if (thread === undefined || thread.ended || tid === 0) return;
    thread.ended = true;
    this.#ended.push(thread);
    if (this.#ended.length < MAX_ENDED) return;
    for (const old of this.#ended.splice(0, MAX_ENDED / 2)) {
      if (old.ended && this.#threads.get(old.tid) === old) this.#remove(old);
    }
  }

  map(pid: number, tid: number, mapping: Mapping): void {
    const thread = this.see(pid, tid);
    if (thread === undefined) return;
    let maps = this.#maps.get(thread.pid);
    if (maps === undefined) {
      maps = new AddressMap(this.#budget);
      this.#maps.set(thread.pid, maps);
    }
    maps.add(mapping);
  }

  #create(pid: number, tid: number): ProcessThread {
    const thread: ProcessThread = { tid, pid, comm: undefined, ended: false };
    this.#threads.set(tid, thread);
    this.#last = thread;
    this.changes++;
    return thread;
  }

  #setProcess(thread: ProcessThread, pid: number): void {
    thread.pid = pid;
    this.changes++;
  }

  #remove(thread: ProcessThread): void {
    this.#threads.delete(thread.tid);
    if (thread.tid === thread.pid) {
      this.#maps.get(thread.pid)?.drop();
      this.#maps.delete(thread.pid);
    }
    if (this.#last === thread) this.#last = undefined;
    this.changes++;
  }
}

export interface ThreadId {
  readonly pid: number;
  readonly tid: number;
}
