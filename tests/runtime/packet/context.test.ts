/** Accesses to the context: which they are, and what becomes of them. */
import { describe, expect, test } from 'vitest';
import { resolveLabels } from '../../../bpf/labels.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { flowAccesses } from '../../../runtime/packet/context-flow.ts';
import { rewriteContext } from '../../../runtime/packet/context-rewrite.ts';
import { packetContext } from '../../../runtime/packet/packet-host.ts';
import { VmFault } from '../../../vm/fault.ts';
import { frameOf, judge, packetObject, runOnPacket, typeOf } from './support.ts';

/** The first byte of the packet, or 255. */
const FIRST_BYTE = `
  r2 = *(u32 *)(r1 + 0)
  r3 = *(u32 *)(r1 + 4)
  r0 = 255
  r4 = r2
  r4 += 1
  if r4 > r3 goto out
  r0 = *(u8 *)(r2 + 0)
out:
  exit`;

const SPILLED = `
  *(u64 *)(r10 - 8) = r1
  r6 = r1
  r1 = 7
  *(u64 *)(r10 - 16) = r1
  r3 = *(u32 *)(r10 - 16)
  r1 = *(u64 *)(r10 - 8)
  r0 = *(u32 *)(r1 + 12)
  r0 += r3
  r2 = *(u32 *)(r6 + 16)
  r0 += r2
  exit`;

const CALLED = `
  r6 = r1
  call length
  r1 = *(u32 *)(r6 + 12)
  r0 += r1
  exit
.func length
  r2 = *(u32 *)(r1 + 0)
  r0 = *(u32 *)(r1 + 4)
  r0 -= r2
  exit`;

function opsOf(object: BpfObject): readonly string[] {
  const rewritten = rewriteContext(object, packetContext(typeOf(object)), [judge(object)]);
  return [...rewritten.programs, ...rewritten.functions].flatMap(({ instructions }) =>
    instructions.map(({ op, off }) => `${op} ${off}`),
  );
}

describe('which accesses go through the context', () => {
  test.each([
    ['a field', FIRST_BYTE, [0, 1]],
    ['a context that was spilled', SPILLED, [6, 8]],
    ['a context that is an argument', CALLED, [2, 5, 6]],
  ])('%s: the verifier and the walk along registers agree', (_, text, slots) => {
    const object = packetObject('xdp', text);
    const judged = judge(object);
    expect(judged.accepted).toBe(true);
    expect([...judged.accesses].sort((a, b) => a - b)).toEqual(slots);
    expect(flowAccesses(object.programs[0]!, object.functions)).toEqual(judged.accesses);
  });

  test('a program that Linux refuses has them too, and its refusal', () => {
    const { accepted, refusal, accesses } = judge(
      packetObject('xdp', 'r2 = *(u32 *)(r1 + 0)\nr0 = *(u8 *)(r2 + 0)\nexit'),
    );
    expect({ accepted, accesses }).toEqual({ accepted: false, accesses: new Set([0]) });
    expect(refusal?.explanation.message).toContain('invalid access to packet');
  });
});

describe('what becomes of them', () => {
  test('pointers are loaded whole, from behind the structure', () => {
    expect(opsOf(packetObject('xdp', FIRST_BYTE)).slice(0, 2)).toEqual(['ldx64 24', 'ldx64 32']);
    const skb = 'r2 = *(u32 *)(r1 + 76)\nr3 = *(u32 *)(r1 + 80)\nr4 = *(u32 *)(r1 + 140)\nr0 = 0\nexit';
    expect(opsOf(packetObject('tc', skb)).slice(0, 3)).toEqual(['ldx64 192', 'ldx64 200', 'ldx64 208']);
  });

  test('fields of 16 bits keep the low half', () => {
    const text = 'r2 = 0x12345678 ll\n*(u32 *)(r1 + 44) = r2\nr0 = *(u32 *)(r1 + 44)\nexit';
    expect(runOnPacket(packetObject('tc', text), frameOf(20)).result).toBe(0x5678);
  });

  test('a queue that is none is not stored', () => {
    const text = `*(u32 *)(r1 + 12) = 7\n*(u32 *)(r1 + 12) = 65535\nr0 = *(u32 *)(r1 + 12)\nexit`;
    expect(runOnPacket(packetObject('tc', text), frameOf(20)).result).toBe(7);
  });

  test.each([
    ['a queue', 5, 5],
    ['none', 65_535, 1],
    ['more than there can be', 0x1_0003, 1],
  ])('a computed queue: %s', (_, queue, found) => {
    // The loop stores 1 first, and jumps go over and to the store.
    const text = `
      r6 = r1
      r7 = 0
      r2 = 1
      goto store
    again:
      r2 = ${queue}
    store:
      *(u32 *)(r6 + 12) = r2
      r7 += 1
      if r7 < 2 goto again
      r0 = *(u32 *)(r6 + 12)
      exit`;
    const object = packetObject('tc', text);
    expect(runOnPacket(object, frameOf(20)).result).toBe(found);
    const distances = {
      ...object,
      programs: object.programs.map((one) => ({
        ...one,
        instructions: resolveLabels(one.instructions).instructions,
      })),
    };
    expect(runOnPacket(distances, frameOf(20)).result).toBe(found);
  });

  test('a function that two programs share is rewritten once', () => {
    const object = packetObject('xdp', CALLED);
    const twice = { ...object, programs: [...object.programs, { ...object.programs[0]!, name: 'other' }] };
    const judged = twice.programs.map((program) => ({ program, accesses: judge(object).accesses }));
    const { functions } = rewriteContext(twice, 'xdp_md', judged);
    expect(functions[0]!.instructions.map(({ op, off }) => `${op} ${off}`).slice(0, 2)).toEqual([
      'ldx64 24',
      'ldx64 32',
    ]);
  });
});

describe('strict runs', () => {
  test('a packet is what lies between its pointers', () => {
    expect(runOnPacket(packetObject('xdp', FIRST_BYTE), [9, ...frameOf(1)]).result).toBe(9);
    const beyond = 'r2 = *(u32 *)(r1 + 4)\nr0 = *(u8 *)(r2 + 2)\nexit';
    const run = (): unknown => runOnPacket(packetObject('xdp', beyond), frameOf(10));
    expect(run).toThrow(VmFault);
    expect(run).toThrow(/2 bytes past the end of the packet/);
  });
});
