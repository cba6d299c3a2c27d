/** System calls on sockets and epoll. */
import { Endpoint } from '../files.ts';
import { BLOCKED, type Call, type Task, TaskState } from '../task.ts';
import { deliverBytes, receive } from './file.ts';
import { EBADF, enter, leave, NR, quick } from './frame.ts';

export function* accept4(task: Task, fd: number): Call {
  enter(task, NR.accept4, [fd, task.user.structure, task.user.structure + 128, 0x800]);
  yield 2400 + task.random.below(1500);
  const file = task.files.get(fd);
  const connection = file?.kind === 'endpoint' ? file.endpoint.backlog.shift() : undefined;
  // EAGAIN: another worker was faster.
  const result =
    connection === undefined
      ? -11
      : task.files.add({ kind: 'endpoint', endpoint: connection, writer: false });
  return leave(task, NR.accept4, result);
}

export function* recvfrom(task: Task, fd: number, count: number): Call {
  enter(task, NR.recvfrom, [fd, task.user.buffer, count, 0, 0, 0]);
  const file = task.files.get(fd);
  const result = file?.kind === 'endpoint' ? yield* receive(task, file.endpoint, count) : -EBADF;
  return leave(task, NR.recvfrom, result);
}

export function* sendto(task: Task, fd: number, text: string, count: number = text.length): Call {
  enter(task, NR.sendto, [fd, task.user.data(text), count, 0x4000, 0, 0]);
  yield 5200 + (count >> 3) + task.random.below(3000);
  const file = task.files.get(fd);
  if (file?.kind === 'endpoint') deliverBytes(task, file.endpoint, count);
  return leave(task, NR.sendto, file?.kind === 'endpoint' ? count : -EBADF);
}

export function* epollAdd(task: Task, epoll: number, fd: number): Call {
  const file = task.files.get(epoll);
  const target = task.files.get(fd);
  if (file?.kind === 'epoll' && target?.kind === 'endpoint') file.watched.set(fd, target.endpoint);
  return yield* quick(task, NR.epoll_ctl, [epoll, 1, fd, task.user.structure]);
}

export function* epollDelete(task: Task, epoll: number, fd: number): Call {
  const file = task.files.get(epoll);
  if (file?.kind === 'epoll') file.watched.delete(fd);
  return yield* quick(task, NR.epoll_ctl, [epoll, 2, fd, 0]);
}

/** Waits until one of the watched descriptors is ready; `ready` gets them. */
export function* epollWait(task: Task, fd: number, ready: number[]): Call {
  // A timeout of -1 in an int register.
  enter(task, NR.epoll_wait, [fd, task.user.structure, 512, 0xffff_ffff]);
  yield 600;
  const file = task.files.get(fd);
  if (file?.kind !== 'epoll') return leave(task, NR.epoll_wait, -EBADF);
  ready.length = 0;
  for (;;) {
    for (const [watched, endpoint] of file.watched) if (endpoint.ready) ready.push(watched);
    if (ready.length > 0) break;
    for (const endpoint of file.watched.values()) endpoint.waiters.push(task);
    task.state = TaskState.INTERRUPTIBLE;
    yield BLOCKED;
    for (const endpoint of file.watched.values()) removeWaiter(endpoint, task);
  }
  yield 400;
  return leave(task, NR.epoll_wait, ready.length);
}

function removeWaiter(endpoint: Endpoint, task: Task): void {
  const index = endpoint.waiters.indexOf(task);
  if (index >= 0) endpoint.waiters.splice(index, 1);
}

/** Two ends of one connection inside the machine. */
export function connectedPair(): readonly [Endpoint, Endpoint] {
  const a = new Endpoint();
  const b = new Endpoint();
  a.peer = b;
  b.peer = a;
  return [a, b];
}
