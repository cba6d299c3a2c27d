/** A shell that runs small commands and pipelines, cron, and an agent that reads /proc. */
import { FileTable } from '../files.ts';
import { exponential } from '../latency.ts';
import * as file from '../syscalls/file.ts';
import { NR, quick } from '../syscalls/frame.ts';
import { execve, exit, fork, wait4 } from '../syscalls/process.ts';
import { nanosleep } from '../syscalls/time.ts';
import type { Activity, Task } from '../task.ts';
import type { World } from '../world.ts';
import { startProgram } from './program-start.ts';

const ADA = 1000;
const STDOUT = 1;

export function startShell(world: World): void {
  world.boot({ comm: 'cron', files: terminal() }, 330e6, cron);
  world.boot({ comm: 'node_exporter', uid: 997, files: terminal() }, 40e6, exporter);
  const sshd = world.createTask({ comm: 'sshd' });
  world.boot({ comm: 'bash', uid: ADA, parent: sshd, files: terminal() }, 12e6, shell);
}

function terminal(): FileTable {
  const files = new FileTable();
  for (const fd of [0, 1, 2]) files.set(fd, { kind: 'device' });
  return files;
}

function* shell(task: Task): Activity {
  task.handlesChild = true;
  for (;;) {
    yield* quick(task, NR.rt_sigprocmask, [0, task.user.structure, task.user.structure + 8, 8]);
    switch (task.random.below(4)) {
      case 0:
        yield* fork(task, (child) => command(child, '/usr/bin/ls', ['ls', '-l'], list));
        yield* wait4(task);
        break;
      case 1:
        yield* fork(task, (child) =>
          command(child, '/usr/bin/cat', ['cat', '/etc/passwd'], (t) => cat(t, '/etc/passwd')),
        );
        yield* wait4(task);
        break;
      case 2:
        yield* pipeline(task);
        break;
      default:
        yield* fork(task, (child) => command(child, '/usr/bin/date', ['date'], date));
        yield* wait4(task);
    }
    yield* quick(task, NR.rt_sigaction, [2, task.user.structure, task.user.structure + 64, 8]);
    yield* file.write(task, STDOUT, 'ada@host:~$ ');
    yield* nanosleep(task, 20e6 + exponential(90e6, task.random));
  }
}

/** `cat FILE | grep WORD`, both ends at once. */
function* pipeline(task: Task): Activity {
  const [reader, writer] = yield* file.pipe(task);
  const onto = function* (child: Task, from: number, to: number): Activity {
    const end = child.files.get(from);
    yield* quick(child, NR.dup2, [from, to], to);
    if (end !== undefined) child.files.set(to, end);
    child.files.remove(reader);
    child.files.remove(writer);
  };
  yield* fork(task, function* (child): Activity {
    yield* onto(child, writer, STDOUT);
    yield* command(child, '/usr/bin/cat', ['cat', '/var/log/syslog'], (t) => cat(t, '/etc/crontab'));
  });
  yield* fork(task, function* (child): Activity {
    yield* onto(child, reader, 0);
    yield* command(child, '/usr/bin/grep', ['grep', '-c', 'error'], grep);
  });
  // The shell's own copies go; the children's keep the pipe open.
  task.files.remove(reader);
  task.files.remove(writer);
  yield* quick(task, NR.close, [reader]);
  yield* quick(task, NR.close, [writer]);
  yield* wait4(task);
  yield* wait4(task);
}

function* command(
  task: Task,
  path: string,
  argv: readonly string[],
  main: (task: Task) => Activity,
): Activity {
  yield 40_000 + task.random.below(60_000);
  // The shell looks along $PATH.
  yield* file.newfstatat(task, path.replace('/usr/bin/', '/usr/local/bin/'));
  yield* file.newfstatat(task, path);
  if ((yield* execve(task, path, argv)) < 0) {
    yield* exit(task, 127);
    return;
  }
  const libraries = path.endsWith('ls') ? ['libselinux.so.1', 'libc.so.6', 'libpcre2-8.so.0'] : ['libc.so.6'];
  yield* startProgram(task, libraries);
  yield* file.openat(task, '/usr/lib/locale/locale-archive');
  yield* main(task);
  yield* exit(task, 0);
}

function* list(task: Task): Activity {
  yield* file.ioctl(task, STDOUT);
  const fd = yield* file.openat(task, '/home/ada', 0x90800);
  yield* file.fstat(task, fd);
  yield* file.getdents64(task, fd, true);
  for (let entry = task.random.between(3, 12); entry > 0; entry--) {
    yield* file.newfstatat(task, `/home/ada/notes-${entry}.txt`);
    yield 2500;
  }
  yield* file.getdents64(task, fd, false);
  yield* file.close(task, fd);
  yield* file.write(task, STDOUT, 'total 48\n-rw-r--r-- 1 ada ada 1204 notes-1.txt\n');
}

function* cat(task: Task, path: string): Activity {
  const fd = yield* file.openat(task, path, 0);
  yield* file.fstat(task, fd);
  for (;;) {
    const count = yield* file.read(task, fd, 131_072);
    if (count <= 0) break;
    yield* file.write(task, STDOUT, 'root:x:0:0:root:/root:/bin/bash\n', count);
  }
  yield* file.close(task, fd);
}

function* grep(task: Task): Activity {
  yield* file.fstat(task, 0);
  for (;;) {
    const count = yield* file.read(task, 0, 98_304);
    if (count <= 0) break;
    yield 20_000 + count * 3;
  }
  yield* file.write(task, STDOUT, '17\n');
}

function* date(task: Task): Activity {
  const fd = yield* file.openat(task, '/etc/localtime');
  yield* file.fstat(task, fd);
  yield* file.read(task, fd, 4096);
  yield* file.close(task, fd);
  yield* file.write(task, STDOUT, 'Thu Jan  1 00:00:00 UTC 2026\n');
}

function* cron(task: Task): Activity {
  for (;;) {
    yield* file.newfstatat(task, '/var/spool/cron');
    yield* file.newfstatat(task, '/etc/crontab');
    yield* fork(task, (child) =>
      command(child, '/usr/bin/sh', ['sh', '-c', 'run-parts /etc/cron.hourly'], date),
    );
    yield* wait4(task);
    yield* nanosleep(task, 60e9);
  }
}

function* exporter(task: Task): Activity {
  for (;;) {
    for (const path of ['/proc/stat', '/proc/meminfo', '/proc/loadavg', '/proc/net/dev']) {
      const fd = yield* file.openat(task, path);
      yield* file.read(task, fd, 4096);
      yield* file.read(task, fd, 4096);
      yield* file.close(task, fd);
      yield exponential(25_000, task.random);
    }
    yield* nanosleep(task, 250e6);
  }
}
