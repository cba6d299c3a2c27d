/** `struct bpf_sock`, `bpf_tcp_sock` and `bpf_xdp_sock` (`bpf_sock_is_valid_access` and its like). */
import { type ContextRow, NARROW, row } from './context-row.ts';

/** Of some fields only the first byte may be the start of a smaller access. */
const first = (off: number): ContextRow => row(off, off + 1, NARROW);

/** From the source port on a socket and what only has its head are alike. */
const TAIL: readonly ContextRow[] = [
  row(24, 44, NARROW),
  first(44),
  row(48, 50, NARROW),
  row(52, 72, NARROW),
  first(72),
  first(76),
];

export const SOCK_ROWS: readonly ContextRow[] = [
  row(0, 4, 4),
  first(4),
  first(8),
  first(12),
  row(16, 24, 4),
  ...TAIL,
];

export const SOCK_COMMON_ROWS: readonly ContextRow[] = [row(0, 4, 4), first(4), ...TAIL];

export const TCP_SOCK_ROWS: readonly ContextRow[] = [
  row(0, 80, 4),
  row(80, 81, 8),
  row(81, 88, 4),
  row(88, 89, 8),
  row(89, 112, 4),
];

export const XDP_SOCK_ROWS: readonly ContextRow[] = [row(0, 4, 4)];
