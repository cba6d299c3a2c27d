import { describe, expect, test } from 'vitest';
import {
  ldsx32,
  ldx8,
  ldx16,
  ldx32,
  ldx64,
  r0,
  r1,
  r2,
  r3,
  st32,
  stx8,
  stx64,
} from '../../../bpf/build/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { MapFlags } from '../../../bpf/maps.ts';
import { NOT_INIT, Register } from '../../../verifier/state/register.ts';
import { Flag, Kind, typeText } from '../../../verifier/state/register-kind.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { constant, mapValue, type Start, UNKNOWN, walk } from './walk.ts';

function message(code: readonly Instruction[], start?: Start): string | undefined {
  return walk(code, start).message;
}

const index = (bytes: number): Register => mapValue().withScalar(Scalar.zeroExtended(bytes));

describe('map values', () => {
  test.each([
    [ldx64(r0, r2, 8), mapValue(), undefined],
    [
      ldx64(r0, r2, 12),
      mapValue(),
      'invalid access to map value, value_size=16 off=12 size=8\nR2 min value is outside of the allowed memory range',
    ],
    [
      stx8(r2, -1, r3),
      mapValue(),
      'invalid access to map value, value_size=16 off=-1 size=1\nR2 min value is outside of the allowed memory range',
    ],
    [
      ldx8(r0, r2, 0),
      index(1),
      'invalid access to map value, value_size=16 off=255 size=1\nR2 max value is outside of the allowed memory range',
    ],
    [ldx8(r0, r2, 0), index(4), 'R2 unbounded memory access, make sure to bounds check any such access'],
    [
      ldx8(r0, r2, 0),
      index(8),
      'R2 min value is negative, either use unsigned index or do a if (index >=0) check.',
    ],
    [
      stx8(r2, 0, r3),
      mapValue({ flags: MapFlags.RDONLY_PROG }),
      'write into map forbidden, value_size=16 off=0 size=1',
    ],
    [
      ldx8(r0, r2, 0),
      mapValue({ flags: MapFlags.WRONLY_PROG }),
      'read from map forbidden, value_size=16 off=0 size=1',
    ],
    [ldx8(r0, r2, 0), mapValue().withFlags(Flag.maybeNull), "R2 invalid mem access 'map_value_or_null'"],
  ])('%#', (insn, register, expected) => {
    expect(message([insn], { registers: { 2: register, 3: constant(1) } })).toBe(expected);
  });

  test('a frozen read-only map’s contents are constants', () => {
    const data = Uint8Array.from([1, 2, 3, 0x84, 5, 6, 7, 8]);
    const map = mapValue({ flags: MapFlags.RDONLY_PROG, frozen: true, data });
    const read = (insn: Instruction): number | undefined =>
      walk([insn], { registers: { 2: map } }).env.register(0).scalar.constantNumber;
    expect(read(ldx16(r0, r2, 1))).toBe(0x0302);
    expect(read(ldsx32(r0, r2, 0))).toBe(0x84030201 - 2 ** 32);
    expect(read(ldx8(r0, r2, 12))).toBe(0);
  });
});

describe('memory of a known size', () => {
  const mem = (flags: number): Register =>
    Register.pointer(Kind.mem, flags, { kind: 'mem', size: 8, dynptr: 0 }, 3);
  test.each([
    [ldx64(r0, r2, 0), mem(Flag.ringbuf), undefined],
    [
      ldx64(r0, r2, 4),
      mem(0),
      'invalid access to memory, mem_size=8 off=4 size=8\nR2 min value is outside of the allowed memory range',
    ],
    [ldx64(r0, r2, 0), mem(Flag.ringbuf | Flag.maybeNull), "R2 invalid mem access 'ringbuf_mem_or_null'"],
    [st32(r2, 0, 1), mem(Flag.readOnly), 'R2 cannot write into rdonly_mem'],
    [ldx64(r0, r2, 4000), mem(Flag.readOnly | Flag.untrusted), undefined],
    [ldx64(r0, r2, 0), UNKNOWN, "R2 invalid mem access 'scalar'"],
    [ldx64(r0, r2, 0), NOT_INIT, 'R2 !read_ok'],
  ])('%#', (insn, register, expected) => {
    expect(message([insn], { registers: { 2: register } })).toBe(expected);
  });
});

describe('packets', () => {
  const packet = Register.pointer(Kind.packet, 0, null, 1, 0, 14);
  test('what a comparison proved', () => {
    const start: Start = { type: 'xdp', registers: { 2: packet } };
    expect(message([ldx16(r0, r2, 12)], start)).toBeUndefined();
    expect(message([ldx16(r0, r2, 13)], start)).toBe(
      'invalid access to packet, off=13 size=2, R2(id=1,off=13,r=14)\nR2 offset is outside of the packet',
    );
    expect(
      message([stx8(r2, 0, r3)], { ...start, type: 'cgroup_skb', registers: { 2: packet, 3: UNKNOWN } }),
    ).toBe('cannot write into packet');
  });
});

describe('the context', () => {
  const loaded = (insn: Instruction, start: Start): string => {
    const { env, message: refused } = walk([insn], start);
    if (refused !== undefined) return refused;
    const { kind, flags } = env.register(0);
    return typeText(kind, flags);
  };
  const invalid = (off: number, size: number): string => `invalid bpf_context access off=${off} size=${size}`;
  test.each([
    ['kprobe', ldx64(r0, r1, 160), 'scalar'],
    ['kprobe', ldx64(r0, r1, 168), invalid(168, 8)],
    ['tracepoint', ldx64(r0, r1, 0), invalid(0, 8)],
    ['tracepoint', ldx16(r0, r1, 8190), 'scalar'],
    ['raw_tracepoint', ldx64(r0, r1, 96), invalid(96, 8)],
    ['perf_event', ldx32(r0, r1, 0), invalid(0, 4)],
    ['perf_event', ldx32(r0, r1, 168), 'scalar'],
    ['socket_filter', ldx32(r0, r1, 76), invalid(76, 4)],
    ['socket_filter', ldx8(r0, r1, 3), 'scalar'],
    ['socket_filter', ldx64(r0, r1, 168), 'sock_common_or_null'],
    ['sched_cls', ldx32(r0, r1, 76), 'pkt'],
    ['sched_cls', ldsx32(r0, r1, 76), invalid(76, 4)],
    ['xdp', ldx32(r0, r1, 4), 'pkt_end'],
    ['xdp', ldx32(r0, r1, 20), invalid(20, 4)],
    ['sk_msg', ldx64(r0, r1, 72), 'sock'],
    ['sk_lookup', ldx32(r0, r1, 36), 'scalar'],
    ['sk_lookup', ldx32(r0, r1, 38), invalid(38, 4)],
    ['cgroup_sock', ldx8(r0, r1, 5), invalid(5, 1)],
  ] as const)('%s %#', (type, insn, expected) => {
    expect(loaded(insn, { type })).toBe(expected);
  });

  test('attach types decide', () => {
    const input = { attachType: 'xdp_devmap' };
    expect(loaded(ldx32(r0, r1, 20), { type: 'xdp', input })).toBe('scalar');
    const bind = { attachType: 'cgroup_inet6_bind' };
    expect(loaded(ldx64(r0, r1, 8), { type: 'cgroup_sock_addr', input: bind })).toBe('scalar');
    expect(loaded(ldx32(r0, r1, 4), { type: 'cgroup_sock_addr', input: bind })).toBe(invalid(4, 4));
  });

  test('a moved context is refused', () => {
    const moved = Register.pointer(Kind.ctx, 0, null).withOff(8);
    expect(message([ldx32(r0, r2, 0)], { registers: { 2: moved } })).toBe(
      'dereference of modified ctx ptr R2 off=8 disallowed',
    );
    const variable = Register.pointer(Kind.ctx, 0, null).withScalar(Scalar.zeroExtended(1));
    expect(message([ldx32(r0, r2, 0)], { registers: { 2: variable } })).toBe(
      'variable ctx access var_off=(0x0; 0xff) disallowed',
    );
  });

  test('writes', () => {
    expect(message([st32(r1, 48, 0)])).toBeUndefined();
    expect(message([st32(r1, 8, 0)])).toBe(invalid(8, 4));
    expect(message([stx64(r1, 152, r3)], { type: 'sched_cls', registers: { 3: UNKNOWN } })).toBeUndefined();
  });
});
