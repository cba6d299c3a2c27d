/** System calls on files and pipes. */
import { Endpoint, type FileNode, type OpenFile, READAHEAD_BYTES } from '../files.ts';
import { type Latency, sample } from '../latency.ts';
import { BLOCKED, type Call, type Task, TaskState } from '../task.ts';
import { EBADF, ENOENT, ENOTTY, enter, leave, NR, quick } from './frame.ts';

/** -100 in an int register: the upper half is zero. */
export const AT_FDCWD: number = 0x1_0000_0000 - 100;
const LOOKUP: Latency = { median: 1900, spread: 110, tail: { chance: 500, factor: 12 } };
const CACHED_READ: Latency = { median: 450, spread: 100, tail: { chance: 300, factor: 16 } };

export function* openat(task: Task, path: string, flags = 0x80000): Call {
  enter(task, NR.openat, [AT_FDCWD, task.user.path(path), flags, 0]);
  yield sample(LOOKUP, task.random);
  const node =
    task.world.files.find(path) ?? ((flags & 0x40) !== 0 ? task.world.files.create(path, 0) : undefined);
  const fd = node === undefined ? -ENOENT : task.files.add({ kind: 'file', node, position: 0 });
  return leave(task, NR.openat, fd);
}

export function* close(task: Task, fd: number): Call {
  enter(task, NR.close, [fd]);
  yield 250 + task.random.below(300);
  const file = task.files.remove(fd);
  if (file?.kind === 'endpoint') closeEndpoint(task, file.endpoint, file.writer);
  return leave(task, NR.close, file === undefined ? -EBADF : 0);
}

/** The other end reads an end of file. */
export function closeEndpoint(task: Task, endpoint: Endpoint, writer: boolean): void {
  const other = endpoint.peer ?? (writer ? endpoint : undefined);
  if (other === undefined) return;
  other.closed = true;
  task.world.deliver(other, task.world.cpuOf(task));
}

export function* newfstatat(task: Task, path: string): Call {
  const args = [AT_FDCWD, task.user.path(path), task.user.structure, 0];
  return yield* quick(
    task,
    NR.newfstatat,
    args,
    task.world.files.find(path) === undefined ? -ENOENT : 0,
    900,
  );
}

/** newfstatat of a descriptor: an empty path and AT_EMPTY_PATH. */
export function* fstat(task: Task, fd: number): Call {
  return yield* quick(task, NR.newfstatat, [fd, task.user.path(''), task.user.structure, 0x1000]);
}

export function* read(task: Task, fd: number, count: number): Call {
  enter(task, NR.read, [fd, task.user.buffer, count]);
  const file = task.files.get(fd);
  return leave(task, NR.read, file === undefined ? -EBADF : yield* readFrom(task, file, count));
}

export function* pread64(task: Task, fd: number, count: number, position: number): Call {
  enter(task, NR.pread64, [fd, task.user.buffer, count, position]);
  const file = task.files.get(fd);
  const result = file?.kind === 'file' ? yield* readPages(task, file.node, position, count) : -EBADF;
  return leave(task, NR.pread64, result);
}

function* readFrom(task: Task, file: OpenFile, count: number): Call {
  switch (file.kind) {
    case 'file': {
      const result = yield* readPages(task, file.node, file.position, count);
      if (result > 0) file.position += result;
      return result;
    }
    case 'endpoint':
      return yield* receive(task, file.endpoint, count);
    case 'device':
    case 'epoll':
      yield 300;
      return 0;
  }
}

/** Takes what a pipe or socket holds, waiting for the first byte. */
export function* receive(task: Task, endpoint: Endpoint, count: number): Call {
  yield 500;
  yield* waitReady(task, endpoint);
  const taken = Math.min(count, endpoint.pending);
  endpoint.pending -= taken;
  yield 300 + (taken >> 4);
  return taken;
}

function* waitReady(task: Task, endpoint: Endpoint): Generator<number, void, void> {
  while (!endpoint.ready) {
    endpoint.waiters.push(task);
    task.state = TaskState.INTERRUPTIBLE;
    yield BLOCKED;
    const index = endpoint.waiters.indexOf(task);
    if (index >= 0) endpoint.waiters.splice(index, 1);
  }
}

/** Pages from the page cache; windows that are not there come from the disk first. */
function* readPages(task: Task, node: FileNode, position: number, count: number): Call {
  if (node.size === 0 && node.path.startsWith('/proc/')) {
    yield 9000 + task.random.below(20_000);
    return position === 0 ? Math.min(count, 1024) : 0;
  }
  const length = Math.max(0, Math.min(count, node.size - position));
  yield sample(CACHED_READ, task.random) + (length >> 3);
  if (length === 0) return 0;
  const last = Math.floor((position + length - 1) / READAHEAD_BYTES);
  for (let window = Math.floor(position / READAHEAD_BYTES); window <= last; window++) {
    if (node.cached.has(window)) continue;
    const sector = node.sector + window * (READAHEAD_BYTES / 512);
    yield* task.world.disk.transfer(task, {
      sector,
      sectors: READAHEAD_BYTES / 512,
      rwbs: window === 0 ? 'R' : 'RA',
    });
    node.cached.add(window);
    evict(task, node);
  }
  return length;
}

/** Large files do not stay in memory as a whole. */
function evict(task: Task, node: FileNode): void {
  const limit = Math.max(64, (node.size / READAHEAD_BYTES) * 0.6);
  if (node.cached.size <= limit) return;
  const [oldest] = node.cached;
  if (oldest !== undefined && task.random.perMille(900)) node.cached.delete(oldest);
}

/** Writes `text`, shown in the buffer; `count` when more bytes than the text are meant. */
export function* write(task: Task, fd: number, text: string, count: number = text.length): Call {
  enter(task, NR.write, [fd, task.user.data(text), count]);
  const file = task.files.get(fd);
  yield 700 + (count >> 4) + task.random.below(500);
  if (file?.kind === 'endpoint') deliverBytes(task, file.endpoint, count);
  else if (file?.kind === 'file') append(file.node, count);
  return leave(task, NR.write, file === undefined ? -EBADF : count);
}

export function deliverBytes(task: Task, endpoint: Endpoint, count: number): void {
  endpoint.onSend?.(count);
  if (endpoint.onSend !== undefined) return;
  const target = endpoint.peer ?? endpoint;
  target.pending += count;
  task.world.deliver(target, task.world.cpuOf(task));
}

function append(node: FileNode, count: number): void {
  node.size += count;
  node.dirty += count;
  node.cached.add(Math.floor(Math.max(0, node.size - 1) / READAHEAD_BYTES));
}

export function* pwrite64(task: Task, fd: number, count: number, position: number): Call {
  const file = task.files.get(fd);
  if (file?.kind === 'file') file.node.dirty += count;
  return yield* quick(task, NR.pwrite64, [fd, task.user.buffer, count, position], count, 1100 + (count >> 4));
}

/** fsync and fdatasync: writes what is dirty, then flushes the disk's cache. */
export function* sync(task: Task, fd: number, dataOnly: boolean): Call {
  const number = dataOnly ? NR.fdatasync : NR.fsync;
  enter(task, number, [fd]);
  yield 1500;
  const file = task.files.get(fd);
  if (file?.kind === 'file' && file.node.dirty > 0) {
    const sectors = Math.min(1024, Math.ceil(file.node.dirty / 4096) * 8);
    file.node.dirty = 0;
    yield* task.world.disk.transfer(task, { sector: file.node.sector, sectors, rwbs: 'WS' });
    yield* task.world.disk.transfer(task, { sector: file.node.sector + sectors, sectors: 8, rwbs: 'FWFSM' });
  }
  return leave(task, number, file === undefined ? -EBADF : 0);
}

export function* getdents64(task: Task, fd: number, more: boolean): Call {
  return yield* quick(task, NR.getdents64, [fd, task.user.buffer, 32768], more ? 624 : 0, more ? 4000 : 300);
}

/** What a terminal would answer and a file does not. */
export function* ioctl(task: Task, fd: number): Call {
  return yield* quick(task, NR.ioctl, [fd, 0x5401, task.user.structure], -ENOTTY);
}

/** The file's bytes go to the socket without passing user memory. */
export function* sendfile(task: Task, out: number, source: number, count: number): Call {
  enter(task, NR.sendfile64, [out, source, task.user.structure, count]);
  const from = task.files.get(source);
  const to = task.files.get(out);
  if (from?.kind !== 'file' || to?.kind !== 'endpoint') return leave(task, NR.sendfile64, -EBADF);
  const sent = yield* readPages(task, from.node, 0, count);
  deliverBytes(task, to.endpoint, sent);
  return leave(task, NR.sendfile64, sent);
}

export function* unlink(task: Task, path: string): Call {
  enter(task, NR.unlink, [task.user.path(path)]);
  yield sample(LOOKUP, task.random) * 2;
  return leave(task, NR.unlink, task.world.files.remove(path) ? 0 : -ENOENT);
}

/** Two descriptors, reader and writer. */
export function* pipe(task: Task): Generator<number, readonly [number, number], void> {
  enter(task, NR.pipe2, [task.user.structure, 0]);
  yield 1600;
  const endpoint = new Endpoint();
  const reader = task.files.add({ kind: 'endpoint', endpoint, writer: false });
  const writer = task.files.add({ kind: 'endpoint', endpoint, writer: true });
  leave(task, NR.pipe2, 0);
  return [reader, writer];
}
