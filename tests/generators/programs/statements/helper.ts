/** Helpers with memory: probe reads, names, stacks, formats, tail calls. */
import { type Body, NONE, OTHER, scalar, UNKNOWN } from '../body.ts';
import { FORMATS } from '../maps.ts';
import { bounded } from './bound.ts';
import { mapValue } from './map.ts';
import { unknown } from './source.ts';
import type { Statement } from './statement.ts';

/** Sets a register pair to memory and its size: constant, or bounded and not known. */
export function memoryAndSize(b: Body, pointer: number, size: number, zero: boolean): void {
  const { dice } = b;
  const least = zero ? 0 : 1;
  if (dice.chance(0.3) && b.quiet === 0) {
    const from = mapValue(b, dice.of(['array', 'hash', 'big_array'] as const));
    const { limit } = b.values[from]!;
    sizeIn(b, limit, least, (register) => {
      b.op('mov64_x', pointer, from);
      b.op('mov64_x', size, register);
    });
    b.set(pointer, OTHER);
    return;
  }
  const slots = dice.between(1, 6);
  const off = b.stack(slots);
  sizeIn(b, slots * 8, least, (register) => {
    b.stackAddress(pointer, off);
    b.op('mov64_x', size, register);
  });
}

/** A size no greater than `limit` in a register. */
function sizeIn(b: Body, limit: number, least: number, then: (register: number) => void): void {
  const { dice } = b;
  const most = dice.wrong() ? limit + dice.of([1, 8, 64]) : limit;
  if (dice.chance(0.55)) {
    const register = b.home();
    b.movK(register, dice.wrong() ? dice.of([0, -1, 1 << 30]) : dice.between(1, most));
    then(register);
    return;
  }
  const register = bounded(b, most);
  if (least > 0 && !dice.wrong()) {
    if (dice.chance(0.5) || most <= 1) b.jump('jeq_k', register, 0, 0, b.giveUp());
    else {
      b.op('and64_k', register, 0, 0, 2 ** Math.floor(Math.log2(most)) - 1);
      b.op('add64_k', register, 0, 0, 1);
    }
  }
  // The pointer's register may be this one.
  const kept = b.home();
  b.op('mov64_x', kept, register);
  b.set(kept, scalar(most));
  then(kept);
}

const PROBES: readonly (readonly [string, number])[] = [
  ['probe_read_kernel', 113],
  ['probe_read_user', 112],
  ['probe_read_kernel_str', 115],
  ['probe_read_user_str', 114],
  ['probe_read', 4],
  ['copy_from_user', 148],
];

function probeRead(b: Body): void {
  const { dice } = b;
  const [name, id] = dice.of(PROBES);
  if (!b.can(name)) return;
  if (name === 'copy_from_user' && b.kind.sleepable !== true && !dice.wrong()) return;
  const from = b.home();
  b.op('mov64_x', from, unknown(b));
  memoryAndSize(b, 1, 2, true);
  b.op('mov64_x', 3, from);
  b.helper(id, UNKNOWN);
  if (!name.endsWith('str') || dice.chance(0.4)) return;
  b.mark('helper/returned length');
  // The length read is an index: it is negative when the read failed.
  const length = b.home();
  b.mov(length, 0);
  if (!dice.wrong()) b.jump(dice.chance(0.5) ? 'jslt_k' : 'jsle_k', length, 0, 0, b.giveUp());
  const p = b.fresh();
  b.mapValue(p, 'data', 0);
  if (dice.chance(0.7)) b.jump('jgt_k', length, 0, 127, b.giveUp());
  b.op('add64_x', p, length);
  b.op('st8', p, 0, 0, 0);
  b.set(p, NONE);
}

function currentComm(b: Body): void {
  if (!b.can('get_current_comm')) return;
  memoryAndSize(b, 1, 2, false);
  b.helper(16);
}

function getStack(b: Body): void {
  const { dice } = b;
  if (!b.can('get_stack')) return;
  memoryAndSize(b, 2, 3, true);
  if (!b.context(1)) return;
  b.movK(4, dice.of([0, 256, 5]));
  b.helper(67);
  if (dice.chance(0.5)) return;
  b.mark('helper/returned length');
  const length = b.home();
  b.mov(length, 0);
  b.jump('jslt_k', length, 0, 0, b.giveUp());
  b.jump('jgt_k', length, 0, 64, b.giveUp());
  const p = b.fresh();
  b.mapValue(p, 'data', 0);
  b.op('add64_x', p, length);
  b.op('st64', p, 0, 0, 7);
}

function stackId(b: Body): void {
  if (!b.can('get_stackid')) return;
  b.map(2, 'stacks');
  if (!b.context(1)) return;
  b.movK(3, 0);
  b.helper(27);
}

function print(b: Body): void {
  const { dice } = b;
  if (dice.chance(0.5)) {
    b.mapValue(1, 'strings', FORMATS.one);
    b.movK(2, dice.wrong() ? 200 : 5);
    b.op('mov64_x', 3, b.scalarBut(1, 2));
    b.helper(6);
    return;
  }
  const off = b.stack(2);
  b.fill(off, 2);
  b.mapValue(1, 'strings', dice.of([FORMATS.one, FORMATS.two]));
  b.movK(2, 10);
  b.stackAddress(3, off);
  b.movK(4, dice.of([8, 16, 16, 12]));
  b.helper(177);
}

function snprintf(b: Body): void {
  const { dice } = b;
  const data = b.stack(2);
  b.fill(data, 2);
  b.take(data, 2);
  memoryAndSize(b, 1, 2, true);
  b.take(data, 2, 0);
  const [format, bytes] = dice.of([
    [FORMATS.none, 0],
    [FORMATS.one, 8],
    [FORMATS.two, 16],
    [FORMATS.text, 8],
  ] as const);
  b.mapValue(3, dice.wrong() ? 'rodata' : 'strings', format);
  b.stackAddress(4, data);
  b.movK(5, dice.wrong() ? 8 : bytes);
  b.helper(165);
}

function tailCall(b: Body): void {
  const index = b.scalar();
  b.op('mov64_x', 3, index);
  b.map(2, b.dice.wrong() ? 'array' : 'programs');
  if (!b.context(1)) return;
  b.helper(12);
}

function compare(b: Body): void {
  if (!b.can('strncmp')) return;
  memoryAndSize(b, 1, 2, false);
  b.mapValue(3, b.dice.wrong() ? 'data' : 'strings', 0);
  b.helper(182);
}

/** Other helpers with plain arguments. */
const PLAIN: readonly (readonly [
  name: string,
  id: number,
  args: readonly ('scalar' | 'zero' | 'context' | 'memory')[],
])[] = [
  ['get_attach_cookie', 174, ['context']],
  ['get_func_ip', 173, ['context']],
  ['send_signal', 109, ['scalar']],
  ['ktime_get_tai_ns', 208, []],
  ['get_current_ancestor_cgroup_id', 123, ['scalar']],
  ['get_ns_current_pid_tgid', 120, ['scalar', 'scalar', 'memory']],
  ['perf_prog_read_value', 56, ['context', 'memory']],
  ['read_branch_records', 119, ['context', 'memory', 'zero']],
  ['get_hash_recalc', 34, ['context']],
  ['csum_update', 40, ['context', 'scalar']],
  ['set_hash_invalid', 41, ['context']],
  ['skb_load_bytes', 26, ['context', 'scalar', 'memory']],
  ['skb_pull_data', 39, ['context', 'scalar']],
  ['skb_change_tail', 38, ['context', 'scalar', 'zero']],
  ['get_socket_cookie', 46, ['context']],
  ['redirect', 23, ['scalar', 'zero']],
  ['xdp_adjust_head', 44, ['context', 'scalar']],
  ['xdp_adjust_tail', 65, ['context', 'scalar']],
  ['xdp_get_buff_len', 188, ['context']],
  ['skb_vlan_pop', 19, ['context']],
  ['get_netns_cookie', 122, ['context']],
  ['get_retval', 186, []],
  ['set_retval', 187, ['scalar']],
  ['sysctl_get_name', 101, ['context', 'memory', 'zero']],
  ['sk_cgroup_id', 128, ['context']],
  ['msg_apply_bytes', 61, ['context', 'scalar']],
  ['sys_bpf', 166, ['scalar', 'memory']],
];

function fits({ kind }: Body, name: string, args: readonly string[]): boolean {
  if (!kind.helpers.has(name)) return false;
  // Tracing programs have variants of these that take sockets or tasks.
  if (kind.type === 'tracing' && args[0] === 'context') return false;
  return name !== 'get_func_ip' || kind.type === 'kprobe';
}

function plain(b: Body): void {
  const { dice } = b;
  const granted = PLAIN.filter(([name, , args]) => fits(b, name, args));
  const rows = dice.wrong() || granted.length === 0 ? PLAIN : granted;
  const [, id, args] = dice.of(rows);
  const value = b.scalar();
  if (args.length > 0 && args.includes('scalar')) {
    const kept = b.home();
    b.op('mov64_x', kept, value);
    for (const [i, arg] of args.entries()) if (arg === 'scalar') b.op('mov64_x', 1 + i, kept);
  }
  for (const [i, arg] of args.entries()) {
    if (arg === 'memory') {
      const off = b.stack(3);
      b.fill(off, 3);
      b.stackAddress(1 + i, off);
      b.movK(2 + i, dice.wrong() ? 25 : dice.of([8, 16, 24]));
    }
    if (arg === 'zero') b.movK(1 + i, 0);
  }
  if (args[0] === 'context' && !b.context(1)) return;
  b.helper(id, UNKNOWN);
  b.set(0, scalar(Number.POSITIVE_INFINITY));
}

export const helperStatements: readonly Statement[] = [
  {
    name: 'helper/probe read',
    weight: 14,
    when: (b) => b.kind.helpers.has('probe_read_kernel'),
    write: probeRead,
  },
  { name: 'helper/comm', weight: 4, when: (b) => b.kind.helpers.has('get_current_comm'), write: currentComm },
  { name: 'helper/stack', weight: 4, when: (b) => b.kind.helpers.has('get_stack'), write: getStack },
  {
    name: 'helper/stack id',
    weight: 2,
    when: (b) => b.kind.helpers.has('get_stackid') && b.allows('stacks'),
    write: stackId,
  },
  { name: 'helper/print', weight: 4, write: print },
  { name: 'helper/snprintf', weight: 3, write: snprintf },
  {
    name: 'helper/tail call',
    weight: 3,
    when: (b) => (b.references === 0 && b.allows('programs')) || b.dice.wrong(),
    write: tailCall,
  },
  { name: 'helper/compare', weight: 2, when: (b) => b.kind.helpers.has('strncmp'), write: compare },
  { name: 'helper/plain', weight: 12, write: plain },
];
