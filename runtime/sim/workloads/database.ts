/** A database: backends answer queries from a buffer that does not hold all pages, and commits reach the disk. */
import { type Endpoint, FileTable } from '../files.ts';
import { exponential } from '../latency.ts';
import * as file from '../syscalls/file.ts';
import * as socket from '../syscalls/socket.ts';
import { nanosleep } from '../syscalls/time.ts';
import type { Activity, Task } from '../task.ts';
import type { World } from '../world.ts';

const TABLES: readonly string[] = [
  '/var/lib/postgresql/15/main/base/16384/16397',
  '/var/lib/postgresql/15/main/base/16384/16402',
];
const WAL = '/var/lib/postgresql/15/main/pg_wal/000000010000000000000042';
const PAGE = 8192;
const UID = 113;

/** Boots `backends`; returns the clients' ends of their connections. */
export function startDatabase(world: World, backends: number): readonly Endpoint[] {
  const ends: Endpoint[] = [];
  for (let index = 0; index < backends; index++) {
    const [client, server] = socket.connectedPair();
    ends.push(client);
    const files = new FileTable();
    for (const fd of [0, 1, 2]) files.set(fd, { kind: 'device' });
    files.set(9, { kind: 'endpoint', endpoint: server, writer: false });
    TABLES.forEach((path, table) => {
      files.set(10 + table, { kind: 'file', node: world.files.find(path)!, position: 0 });
    });
    files.set(20, { kind: 'file', node: world.files.find(WAL)!, position: 0 });
    world.boot({ comm: 'postgres', uid: UID, files }, 1e6, backend);
  }
  const files = new FileTable();
  files.set(3, { kind: 'file', node: world.files.find(TABLES[0]!)!, position: 0 });
  world.boot({ comm: 'checkpointer', uid: UID, files }, 150e6, checkpointer);
  return ends;
}

function* backend(task: Task): Activity {
  const { random } = task;
  for (;;) {
    const asked = yield* socket.recvfrom(task, 9, 8192);
    if (asked <= 0) continue;
    yield exponential(60_000, random);
    for (let pages = random.between(0, 3); pages > 0; pages--) yield* readPage(task);
    // One query in six changes something.
    if (random.perMille(160)) {
      yield* file.pwrite64(task, 20, PAGE * random.between(1, 3), PAGE * random.below(2000));
      yield* file.sync(task, 20, true);
    }
    yield* socket.sendto(task, 9, 'T\0\0\0\x1e', random.between(80, 3000));
  }
}

/** Most reads are of a few hot pages. */
function* readPage(task: Task): Activity {
  const table = task.random.below(TABLES.length);
  const pages = table === 0 ? 32_000 : 8000;
  const hot = task.random.perMille(850);
  const page = task.random.below(hot ? 400 : pages);
  yield* file.pread64(task, 10 + table, PAGE, page * PAGE);
  yield 3000 + task.random.below(9000);
}

function* checkpointer(task: Task): Activity {
  for (;;) {
    for (let count = task.random.between(4, 16); count > 0; count--) {
      yield* file.pwrite64(task, 3, PAGE, task.random.below(32_000) * PAGE);
      yield 4000;
    }
    yield* file.sync(task, 3, false);
    yield* nanosleep(task, 200e6);
  }
}
