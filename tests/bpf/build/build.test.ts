import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as build from '../../../bpf/build/index.ts';
import { formatInstruction } from '../../../bpf/disasm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import type { Instruction } from '../../../bpf/instruction.ts';

const { r0, r1, r2, r10 } = build;

const CASES: readonly (readonly [Instruction, string])[] = [
  [build.mov64(r1, 5), 'r1 = 5'],
  [build.mov64(r1, r2), 'r1 = r2'],
  [build.sdiv32(r1, r2), 'w1 s/= w2'],
  [build.neg64(r1), 'r1 = -r1'],
  [build.be16(r1), 'r1 = be16 r1'],
  [build.movsx8_32(r1, r2), 'w1 = (s8)w2'],
  [build.addrSpaceCast(r1, r2, 0, 1), 'r1 = addr_space_cast(r2, 0x0, 0x1)'],
  [build.ldx64(r2, r1, 8), 'r2 = *(u64 *)(r1 + 8)'],
  [build.ldsx16(r2, r1, 8), 'r2 = *(s16 *)(r1 + 8)'],
  [build.stx32(r10, -4, r1), '*(u32 *)(r10 - 4) = r1'],
  [build.st8(r10, -1, 7), '*(u8 *)(r10 - 1) = 7'],
  [build.ldabs16(12), 'r0 = *(u16 *)skb[12]'],
  [build.ldind32(r1, 4), 'r0 = *(u32 *)skb[r1 + 4]'],
  [build.jeq(r0, 0, 'out'), 'if r0 == 0 goto out'],
  [build.jsle32(r0, r1, 3), 'if w0 s<= w1 goto +3'],
  [build.ja('out'), 'goto out'],
  [build.ja32(-9), 'gotol -9'],
  [build.mayGoto(2), 'may_goto +2'],
  [build.call('map_lookup_elem'), 'call bpf_map_lookup_elem#1'],
  [build.call(999), 'call unknown#999'],
  [build.callLocal('sum'), 'call sum'],
  [build.callKfunc('bpf_iter_num_new'), 'call bpf_iter_num_new'],
  [build.callx(r1), 'callx r1'],
  [build.gotox(r1), 'gotox r1'],
  [build.exit(), 'exit'],
  [build.lddw(r1, -1n), 'r1 = -1 ll'],
  [build.lddwMap(r1, 'm'), 'r1 = map[m]'],
  [build.lddwMapValue(r1, 'm', 8), 'r1 = map[m][0]+8'],
  [build.lddwFunction(r1, 'f'), 'r1 = func[f]'],
  [build.lddwKsym(r1, 'jiffies'), 'r1 = ksym[jiffies]'],
  [build.atomicAdd64(r1, 0, r2), 'lock *(u64 *)(r1 + 0) += r2'],
  [build.atomicFetchXor32(r1, 0, r2), 'w2 = atomic_fetch_xor((u32 *)(r1 + 0), w2)'],
  [build.atomicCmpxchg64(r1, 0, r2), 'r0 = cmpxchg_64(r1 + 0, r0, r2)'],
  [build.loadAcquire16(r0, r1, 2), 'w0 = load_acquire((u16 *)(r1 + 2))'],
  [build.storeRelease64(r1, 2, r0), 'store_release((u64 *)(r1 + 2), r0)'],
];

describe('constructors', () => {
  test.each(CASES.map(([instruction, text]) => [text, instruction] as const))('%s', (text, instruction) => {
    expect(formatInstruction(instruction, { style: 'source' })).toBe(text);
    const { problems } = encodeInstructions([{ ...build.exit(), label: 'out' }, instruction]);
    expect(problems).toEqual([]);
  });

  test('labels and spans ride along', () => {
    const span = { source: 0, start: 3, end: 9 };
    expect(build.mov64(r1, 5, { label: 'top', span })).toMatchObject({ label: 'top', span });
    expect(build.label('top', build.exit())).toMatchObject({ op: 'exit', label: 'top' });
    expect(build.reg(10)).toBe(build.fp);
  });

  test('wide values split and join', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        const { imm, immHigh } = build.splitWide(value);
        expect(build.joinWide(imm, immHigh)).toBe(BigInt.asUintN(64, value));
      }),
    );
  });
});
