/** Files, the page cache, pipes and sockets, as far as system calls need them. */
import type { Task } from './task.ts';

/** Pages that one read of a disk brings in. */
export const READAHEAD_BYTES = 65536;

export class FileNode {
  readonly path: string;
  size: number;
  readonly directory: boolean;
  /** First sector on the disk. */
  readonly sector: number;
  /** Which readahead windows are in the page cache. */
  readonly cached: Set<number> = new Set();
  /** Bytes written and not yet on the disk. */
  dirty = 0;

  constructor(path: string, size: number, directory: boolean, sector: number) {
    this.path = path;
    this.size = size;
    this.directory = directory;
    this.sector = sector;
  }
}

/** What can be waited for: a pipe, a socket, a listening socket. */
export class Endpoint {
  /** Bytes that can be read. */
  pending = 0;
  closed = false;
  /** Connections that wait for accept. */
  readonly backlog: Endpoint[] = [];
  readonly waiters: Task[] = [];
  /** Other end inside this machine; `onSend` for peers outside. */
  peer: Endpoint | undefined;
  onSend: ((bytes: number) => void) | undefined;

  get ready(): boolean {
    return this.pending > 0 || this.closed || this.backlog.length > 0;
  }
}

export type OpenFile =
  | { readonly kind: 'file'; readonly node: FileNode; position: number }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly writer: boolean }
  | { readonly kind: 'epoll'; readonly watched: Map<number, Endpoint> }
  | { readonly kind: 'device' };

export class FileTable {
  private readonly files: (OpenFile | undefined)[] = [];

  /** A copy, as fork makes it. */
  clone(): FileTable {
    const copy = new FileTable();
    copy.files.push(...this.files);
    return copy;
  }

  /** Lowest free descriptor. */
  add(file: OpenFile): number {
    const free = this.files.indexOf(undefined);
    const fd = free < 0 ? this.files.length : free;
    this.files[fd] = file;
    return fd;
  }

  set(fd: number, file: OpenFile): void {
    while (this.files.length < fd) this.files.push(undefined);
    this.files[fd] = file;
  }

  get(fd: number): OpenFile | undefined {
    return this.files[fd];
  }

  remove(fd: number): OpenFile | undefined {
    const file = this.files[fd];
    if (file !== undefined) this.files[fd] = undefined;
    return file;
  }
}

const FILES: readonly (readonly [string, number])[] = [
  ['/etc/ld.so.cache', 21_387],
  ['/lib/x86_64-linux-gnu/libc.so.6', 1_922_136],
  ['/lib/x86_64-linux-gnu/libselinux.so.1', 174_312],
  ['/lib/x86_64-linux-gnu/libpcre2-8.so.0', 629_384],
  ['/etc/passwd', 1423],
  ['/etc/group', 701],
  ['/etc/nsswitch.conf', 494],
  ['/etc/localtime', 2962],
  ['/etc/crontab', 1042],
  ['/etc/hosts', 187],
  ['/usr/bin/ls', 151_344],
  ['/usr/bin/cat', 44_016],
  ['/usr/bin/grep', 203_152],
  ['/usr/bin/date', 121_904],
  ['/usr/bin/sh', 125_640],
  ['/proc/stat', 0],
  ['/proc/meminfo', 0],
  ['/proc/loadavg', 0],
  ['/proc/net/dev', 0],
  ['/var/log/syslog', 4_194_304],
  ['/var/log/nginx/access.log', 2_097_152],
  ['/var/lib/postgresql/15/main/base/16384/16397', 268_435_456],
  ['/var/lib/postgresql/15/main/base/16384/16402', 67_108_864],
  ['/var/lib/postgresql/15/main/pg_wal/000000010000000000000042', 16_777_216],
];
const DIRECTORIES: readonly string[] = [
  '/',
  '/etc',
  '/home/ada',
  '/tmp',
  '/usr/share/nginx/html',
  '/var/spool/cron',
];

/** Page count of files under a web root. */
export const WEB_PAGES = 40;

export class FileSystem {
  private readonly nodes = new Map<string, FileNode>();
  private nextSector = 2048;

  constructor() {
    for (const path of DIRECTORIES) this.create(path, 4096, true);
    for (const [path, size] of FILES) this.create(path, size, false);
    for (let page = 0; page < WEB_PAGES; page++) {
      this.create(`/usr/share/nginx/html/page${page}.html`, 1200 + page * 733, false);
    }
    // What boots and runs all the time is in the page cache; the database is larger than that.
    for (const node of this.nodes.values()) {
      if (node.size > 8_000_000 || node.path.includes('page3')) continue;
      for (let window = 0; window * READAHEAD_BYTES <= node.size; window++) node.cached.add(window);
    }
  }

  find(path: string): FileNode | undefined {
    return this.nodes.get(path);
  }

  create(path: string, size: number, directory = false): FileNode {
    const node = new FileNode(path, size, directory, this.nextSector);
    this.nextSector += Math.ceil(size / 4096) * 8 + 8;
    this.nodes.set(path, node);
    return node;
  }

  remove(path: string): boolean {
    return this.nodes.delete(path);
  }
}
