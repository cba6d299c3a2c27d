/** A web server: workers wait in epoll, serve files by sendfile, and ask the database for some pages. */
import { Endpoint, FileTable, WEB_PAGES } from '../files.ts';
import { exponential } from '../latency.ts';
import * as file from '../syscalls/file.ts';
import * as socket from '../syscalls/socket.ts';
import type { Activity, Task } from '../task.ts';
import type { World } from '../world.ts';

export interface WebServerOptions {
  readonly workers: number;
  /** From outside the machine, on average. */
  readonly requestsPerSecond: number;
  /** A connection for each worker. */
  readonly database: readonly Endpoint[];
}

const LISTENER = 6;
const EPOLL = 8;
const DATABASE = 9;
const LOG = 4;
const UID = 33;
const NETWORK_IRQ = 31;
const IRQ_NAME: Uint8Array = new TextEncoder().encode('virtio1-input.0');
const NET_RX_SOFTIRQ = 3;

export function startWebServer(world: World, options: WebServerOptions): void {
  const listener = new Endpoint();
  for (let worker = 0; worker < options.workers; worker++) {
    const files = new FileTable();
    for (const fd of [0, 1, 2]) files.set(fd, { kind: 'device' });
    files.set(LOG, { kind: 'file', node: world.files.find('/var/log/nginx/access.log')!, position: 0 });
    files.set(LISTENER, { kind: 'endpoint', endpoint: listener, writer: false });
    files.set(EPOLL, { kind: 'epoll', watched: new Map([[LISTENER, listener]]) });
    files.set(DATABASE, { kind: 'endpoint', endpoint: options.database[worker]!, writer: false });
    world.boot({ comm: 'nginx', uid: UID, files }, 500_000, serve);
  }
  const random = world.random.fork();
  const gap = 1e9 / options.requestsPerSecond;
  const arrive = (): void => {
    const cpu = world.cpus[random.below(Math.min(2, world.cpus.length))]!;
    world.trace.irqEntry(cpu, NETWORK_IRQ, IRQ_NAME);
    world.trace.softirq(cpu, 'raise', NET_RX_SOFTIRQ);
    world.trace.irqExit(cpu, NETWORK_IRQ);
    world.trace.softirq(cpu, 'entry', NET_RX_SOFTIRQ);
    const connection = new Endpoint();
    connection.pending = random.between(90, 700);
    connection.onSend = () => undefined;
    // A client gives up when the server is far behind, as a full backlog makes it.
    if (listener.backlog.length < 511) listener.backlog.push(connection);
    world.deliver(listener, cpu);
    world.trace.softirq(cpu, 'exit', NET_RX_SOFTIRQ);
    world.queue.after(exponential(gap, random), arrive);
  };
  world.queue.after(exponential(gap, random), arrive);
}

function* serve(task: Task): Activity {
  const ready: number[] = [];
  for (;;) {
    yield* socket.epollWait(task, EPOLL, ready);
    yield 1500;
    const connection = yield* socket.accept4(task, LISTENER);
    if (connection >= 0) yield* request(task, connection);
  }
}

function* request(task: Task, connection: number): Activity {
  const { random } = task;
  yield* socket.epollAdd(task, EPOLL, connection);
  yield* socket.recvfrom(task, connection, 1024);
  yield exponential(14_000, random);
  const page = random.below(WEB_PAGES + 3);
  // Some pages do not exist, and some come from the database.
  if (random.perMille(300)) yield* fromDatabase(task, connection);
  else yield* fromFile(task, connection, `/usr/share/nginx/html/page${page}.html`);
  yield* file.write(task, LOG, `10.0.0.${random.between(2, 200)} - - "GET /page${page}.html HTTP/1.1" 200\n`);
  yield* socket.epollDelete(task, EPOLL, connection);
  yield* file.close(task, connection);
  yield 2000;
}

function* fromFile(task: Task, connection: number, path: string): Activity {
  const fd = yield* file.openat(task, path, 0x800);
  if (fd < 0) {
    yield* socket.sendto(task, connection, 'HTTP/1.1 404 Not Found\r\n', 153);
    return;
  }
  yield* file.fstat(task, fd);
  yield* socket.sendto(task, connection, 'HTTP/1.1 200 OK\r\n', 238);
  yield* file.sendfile(task, connection, fd, 65536);
  yield* file.close(task, fd);
}

function* fromDatabase(task: Task, connection: number): Activity {
  yield* socket.sendto(task, DATABASE, 'Q\0\0\0\x2eSELECT title, body FROM page WHERE id = 7', 47);
  const received = yield* socket.recvfrom(task, DATABASE, 16384);
  yield exponential(22_000, task.random);
  yield* socket.sendto(task, connection, 'HTTP/1.1 200 OK\r\n', 238 + Math.max(0, received));
}
