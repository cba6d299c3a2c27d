/**
 * Small C programs by what they do: each body goes into programs of several types and is compiled in several ways, so that
 * clang makes of it what it makes for users: bounds checks moved and merged, spills, unrolled loops, 32-bit compares.
 */

/** What a body stands in; `CTX` reads a number out of the context. */
export interface ProgramShape {
  readonly section: string;
  readonly context: string;
  /** C expression of a number from `ctx`. */
  readonly number: string;
  readonly returns: string;
}

export const SHAPES: readonly ProgramShape[] = [
  { section: 'kprobe/vfs_read', context: 'struct pt_regs', number: 'ctx->rdi', returns: '0' },
  {
    section: 'raw_tp/sys_enter',
    context: 'struct bpf_raw_tracepoint_args',
    number: 'ctx->args[1]',
    returns: '0',
  },
  {
    section: 'tracepoint/syscalls/sys_enter_openat',
    context: 'struct tp',
    number: 'ctx->args[1]',
    returns: '0',
  },
  {
    section: 'perf_event',
    context: 'struct bpf_perf_event_data',
    number: 'ctx->sample_period',
    returns: '0',
  },
  { section: 'socket', context: 'struct __sk_buff', number: 'ctx->len', returns: 'r & 7' },
  { section: 'xdp', context: 'struct xdp_md', number: 'ctx->rx_queue_index', returns: '2' },
  { section: 'tc', context: 'struct __sk_buff', number: 'ctx->mark', returns: '0' },
  { section: 'cgroup_skb/egress', context: 'struct __sk_buff', number: 'ctx->mark', returns: '1' },
  { section: 'syscall', context: 'struct tp', number: 'ctx->args[0]', returns: '0' },
];

export interface CBody {
  readonly name: string;
  /** Before the program. */
  readonly before?: string;
  /** Statements that leave a number in `r`; `n` is a number of the context. */
  readonly text: string;
  /** Only in these sections. */
  readonly only?: readonly string[];
}

const PACKETS = ['xdp', 'tc'];
const PACKET = 'void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;';

export const BODIES: readonly CBody[] = [
  { name: 'bounded-index', text: 'if (n < 16) r = table[n];' },
  { name: 'masked-index', text: 'table[n & 15] += n; r = table[(n >> 3) & 15];' },
  { name: 'signed-index', text: 'int i = (int)n; if (i >= 0 && i <= 15) r = table[i];' },
  { name: 'unchecked-index', text: 'if (n < 20) r = table[n];' },
  {
    name: 'lookup',
    text: '__u32 k = n & 3; struct value *v = bpf_map_lookup_elem(&values, &k); if (v) { __sync_fetch_and_add(&v->count, 1); r = v->count; }',
  },
  {
    name: 'unchecked-lookup',
    text: '__u32 k = n; struct value *v = bpf_map_lookup_elem(&values, &k); r = v->count;',
  },
  {
    name: 'hash-update',
    text: '__u64 k = n; struct value init = {1, {0}}, *v = bpf_map_lookup_elem(&hashed, &k); if (v) { v->count++; r = v->data[n & 7]; } else bpf_map_update_elem(&hashed, &k, &init, 0);',
  },
  {
    name: 'variable-value',
    text: '__u32 k = 0; struct value *v = bpf_map_lookup_elem(&values, &k); if (!v) goto out; __u64 at = n % 11; if (at > 7) at = 7; v->data[at] = n; r = v->data[(at + 1) & 7]; out:;',
  },
  { name: 'loop', text: 'for (int i = 0; i < 10; i++) { if (n & (1ul << i)) r += table[i]; }' },
  {
    name: 'unrolled',
    text: '_Pragma("unroll") for (int i = 0; i < 8; i++) r = r * 31 + ((n >> (i * 8)) & 0xff);',
  },
  {
    name: 'bounded-loop',
    text: 'int most = n & 31; for (int i = 0; i < most; i++) { r += i; if (r > 100) break; table[i & 15] = r; }',
  },
  {
    name: 'nested-loops',
    text: 'for (int i = 0; i < 6; i++) for (int j = 0; j < i; j++) r ^= table[(i + j) & 15] * j;',
  },
  {
    name: 'endless',
    text: 'while (n) { n = n * 3 + 1; r++; }',
  },
  {
    name: 'subprogram',
    before:
      'static __attribute__((noinline)) long mix(__u64 a, __u64 b) { if (b > 63) b = 63; return (a >> b) ^ table[b & 15]; }',
    text: 'r = mix(n, n & 127) + mix(n >> 7, 3);',
  },
  {
    name: 'pointer-subprogram',
    before:
      'static __attribute__((noinline)) long fold(struct value *v, int at) { if (at < 0 || at > 7) return 0; v->data[at]++; return v->data[at]; }',
    text: '__u32 k = 1; struct value *v = bpf_map_lookup_elem(&values, &k); if (v) r = fold(v, n & 15);',
  },
  {
    name: 'global-function',
    before:
      '__attribute__((noinline)) int shared(int a, int b) { return b == 0 ? a : (unsigned)a / (unsigned)b + (a & 0xff); } __attribute__((noinline)) int reads(struct value *v) { return v ? v->count : -1; }',
    text: 'struct value v = {n, {0}}; r = shared(n, n >> 8) + reads(&v);',
  },
  {
    name: 'callback',
    before:
      'struct sum { __u64 total; }; static int step(__u32 i, void *c) { struct sum *s = c; s->total += table[i & 15]; return s->total > 1000; }',
    text: 'struct sum s = {0}; bpf_loop(n & 63, step, &s, 0); r = s.total;',
  },
  {
    name: 'each',
    before:
      'static long visit(struct bpf_map *m, const void *k, void *v, void *c) { *(__u64 *)c += ((struct value *)v)->count; return 0; }',
    text: '__u64 total = 0; bpf_for_each_map_elem(&values, visit, &total, 0); r = total;',
  },
  {
    name: 'ring',
    text: 'struct value *e = bpf_ringbuf_reserve(&ring, sizeof *e, 0); if (!e) goto out; e->count = n; for (int i = 0; i < 8; i++) e->data[i] = i; bpf_ringbuf_submit(e, 0); out:;',
  },
  {
    name: 'ring-leak',
    text: 'struct value *e = bpf_ringbuf_reserve(&ring, sizeof *e, 0); if (!e) goto out; if (n & 1) goto out; bpf_ringbuf_discard(e, 0); out:;',
  },
  {
    name: 'stack-array',
    text: '__u8 b[64]; for (int i = 0; i < 64; i++) b[i] = n >> (i & 7); r = b[n & 63] + b[(n >> 9) & 63];',
  },
  {
    name: 'zeroed-structure',
    text: 'struct value v = {}; v.data[n & 7] = n; bpf_map_push_elem(&queue, &v, 0); r = v.data[3];',
  },
  {
    name: 'switch',
    text: 'switch (n & 7) { case 0: r = table[3]; break; case 1: r = n + 7; break; case 2: r = n / 10; break; case 5: table[1] = n; break; default: r = n % 13; }',
  },
  {
    name: 'division',
    text: '__u64 a = n, b = (n >> 3) | 1; r = a / 7 + (unsigned)n / (unsigned)b + (unsigned)n % 10; if (r > 5) r = -r;',
  },
  {
    name: 'comm',
    text: 'char name[16]; __builtin_memset(name, 0, 16); if (!bpf_get_current_comm(name, 16)) for (int i = 0; i < 16 && name[i]; i++) r += name[i];',
    only: [
      'kprobe/vfs_read',
      'raw_tp/sys_enter',
      'tracepoint/syscalls/sys_enter_openat',
      'perf_event',
      'cgroup_skb/egress',
    ],
  },
  {
    name: 'probe-string',
    text: 'char s[32]; long got = bpf_probe_read_kernel_str(s, sizeof s, (void *)n); if (got > 0 && got <= 32) { r = s[(got - 1) & 31]; bpf_perf_event_output(ctx, &events, 0xffffffffULL, s, got & 31); }',
    only: ['kprobe/vfs_read', 'raw_tp/sys_enter', 'tracepoint/syscalls/sys_enter_openat', 'perf_event'],
  },
  {
    name: 'headers',
    text: `${PACKET} if (data + 34 > end) goto out; __u8 *p = data; r = p[12] << 8 | p[13]; __u32 l = (p[14] & 15) * 4; if (p + 14 + l + 4 > (__u8 *)end) goto out; r += p[14 + l]; out:;`,
    only: PACKETS,
  },
  {
    name: 'unchecked-packet',
    text: `${PACKET} if (data + 4 > end) goto out; r = ((__u8 *)data)[n & 7]; out:;`,
    only: PACKETS,
  },
  {
    name: 'packet-loop',
    text: `${PACKET} __u8 *p = data; for (int i = 0; i < 16; i++) { if (p + 1 > (__u8 *)end) break; r += *p++; }`,
    only: PACKETS,
  },
  { name: 'tail-call', text: 'bpf_tail_call(ctx, &programs, n & 3); r = 1;' },
  {
    name: 'atomics',
    text: '__u32 k = 0; struct value *v = bpf_map_lookup_elem(&values, &k); if (v) { __sync_fetch_and_add(&v->data[1], n); __sync_fetch_and_add(&v->data[n & 7], 2); r = v->data[1]; }',
  },
  {
    name: 'map-of-maps',
    text: '__u32 k = n & 1; void *inner = bpf_map_lookup_elem(&outer, &k); if (inner) { __u32 z = 0; __u64 *v = bpf_map_lookup_elem(inner, &z); if (v) r = (*v)++; }',
  },
  { name: 'constants', text: 'if (limit > 4) r = table[n & 15]; else r = *(__u64 *)n; r += steps[n & 3];' },
];

export const PRELUDE = `
#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/bpf_perf_event.h>
#include <bpf/bpf_helpers.h>
struct tp { __u64 pad; __u64 id; __u64 args[6]; };
struct value { __u64 count; __u64 data[8]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, struct value); } values SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, __u64); __type(value, struct value); } hashed SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 8); __uint(value_size, sizeof(struct value)); } queue SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4); __uint(key_size, 4); __uint(value_size, 4); } programs SEC(".maps");
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } inner_map SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 2); __type(key, __u32); __array(values, struct inner); } outer SEC(".maps") = { .values = { &inner_map } };
__u64 table[16] = {1};
const volatile __u32 limit = 8;
const __u32 steps[4] = {1, 2, 4, 8};
char _license[] SEC("license") = "GPL";
`;

/** Of clang, in turn. */
export const WAYS: readonly (readonly string[])[] = [
  ['-O2', '-mcpu=v3'],
  ['-O2', '-mcpu=v2'],
  ['-O1', '-mcpu=v3'],
  ['-O2', '-mcpu=v1'],
  ['-O1', '-mcpu=v1'],
];

export interface CObject {
  readonly name: string;
  readonly flags: readonly string[];
  readonly source: string;
}

/** One object for each body and shape it fits, the ways of compiling taken in turn. */
export function cObjects(): readonly CObject[] {
  let count = 0;
  return BODIES.flatMap((body) =>
    SHAPES.filter(({ section }) => body.only?.includes(section) ?? true).map((shape) => {
      const flags = WAYS[count++ % WAYS.length]!;
      const place = shape.section.split('/')[0];
      return {
        name: `${body.name}.${place}.${flags.join('').replaceAll(/-mcpu=|-/g, '')}`,
        flags,
        source: sourceOf(body, shape),
      };
    }),
  );
}

function sourceOf({ before = '', text }: CBody, { section, context, number, returns }: ProgramShape): string {
  return `${PRELUDE}
${before}
SEC("${section}")
int program(${context} *ctx)
{
  __u64 n = ${number};
  long r = 0;
  ${text}
  table[15] = r;
  return ${returns};
}
`;
}
