/** Scripts of any length made of what tools are made of; both compilers take them. Each piece has twenty lines. */

const FUNCTIONS = [
  'vfs_read',
  'vfs_write',
  'vfs_open',
  'vfs_fsync',
  'vfs_statx',
  'do_exit',
  'tcp_sendmsg',
  'tcp_recvmsg',
];

const PIECE_LINES = 20;

function piece(index: number): string {
  const name = FUNCTIONS[index % FUNCTIONS.length];
  // Enough different maps to be a large tool, not one for each line.
  const id = index % 40;
  return `// piece ${index}: how long and how often
kprobe:${name}
/pid != 0 && comm != "idle${id}"/
{
  $key = (uint64)pid * 10 + ${index};
  @calls${id}[comm, pid] = count();
  if (@last${id}[tid] != 0) {
    $us = (nsecs - @last${id}[tid]) / 1000;
    @us${id} = hist($us);
    @total${id}[pid] = sum($us);
    if ($us > ${1000 + index} && $key > 100) {
      printf("%-16s %-8d %llu us, key %llu\\n", comm, pid, $us, $key);
      @slow${id}[comm] = max($us);
    } else {
      @fast${id} = lhist($us, 0, 1000, 50);
    }
  }
  @last${id}[tid] = nsecs;
  @seen${id}[tid % 64] = ${index};
}
`;
}

/** A script of about so many lines. */
export function largeScript(lines: number): string {
  const count = Math.max(1, Math.round(lines / PIECE_LINES));
  return Array.from({ length: count }, (_, index) => piece(index)).join('');
}
