/** `bpf_snprintf_btf`; the whole of it is judged by the kernel (tests/linux/helpers.test.ts). */
import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import { runAssembly } from '../assembly.ts';

const builder = new BtfBuilder();
const int = builder.addInt('int', 4, { signed: true });
const char = builder.addInt('char', 1);
const text = builder.addArray(char, int, 8);
const flavor = builder.addEnum('flavor', [
  { name: 'SWEET', value: 0n },
  { name: 'SOUR', value: 1n },
]);
const point = builder.addStruct('point', 8, [
  { name: 'x', type: int, bitOffset: 0 },
  { name: 'y', type: int, bitOffset: 32 },
]);
const THING = builder.addStruct('thing', 40, [
  { name: 'name', type: text, bitOffset: 0 },
  { name: 'at', type: point, bitOffset: 64 },
  { name: 'low', type: int, bitOffset: 128, bitSize: 3 },
  { name: 'high', type: int, bitOffset: 131, bitSize: 5 },
  { name: 'flavor', type: flavor, bitOffset: 160 },
  { name: 'next', type: builder.addPointer(point), bitOffset: 192 },
  { name: 'nothing', type: int, bitOffset: 256 },
]);
const BTF = builder.build();
/** "hi", point 0 -2, 5, 17, SWEET, 0xffff888100001000, 0. */
const BYTES = `6869000000000000${'00000000feffffff'}8d00000000000000${'0010000081' + '88ffff'}0000000000000000`;

function print(flags: number, size = 400, types: typeof BTF | null = BTF, type: number = THING) {
  const outcome = runAssembly(
    `.map value array key=4 value=40 entries=1\n.data value ${BYTES}\n.map text array key=4 value=400 entries=1\n.program main raw_tp/x
    r1 = map[value][0]+0\n*(u64 *)(r10 - 16) = r1\nr1 = ${type}\n*(u64 *)(r10 - 8) = r1
    r1 = map[text][0]+0\nr2 = ${size}\nr3 = r10\nr3 += -16\nr4 = 16\nr5 = ${flags}\ncall bpf_snprintf_btf\nexit`,
    undefined,
    (machine) => {
      machine.kernelTypes = () => types ?? undefined;
    },
  );
  const bytes = Buffer.from(outcome.value('text'), 'hex');
  return { ...outcome, text: bytes.toString('latin1').replace(/\0+$/, '') };
}

describe('bpf_snprintf_btf', () => {
  test('prints what is not zero, by its types', () => {
    const { result, text } = print(0);
    expect(text).toBe(`(struct thing){
 .name = (char[])[
  'h',
  'i',
 ],
 .at = (struct point){
  .y = (int)-2,
 },
 .low = (int)0x5,
 .high = (int)0x11,
 .flavor = (enum flavor)SWEET,
 .next = (struct point *)0xffff888100001000,
}
`);
    expect(result).toBe(BigInt(text.length));
  });

  test('in a line, without names, with zeros', () => {
    expect(print(3).text).toBe("{['h','i',],{-2,},0x5,0x11,SWEET,0xffff888100001000,}");
    expect(print(11).text).toBe("{['h','i',],{0,-2,},0x5,0x11,SWEET,0xffff888100001000,0,}");
  });

  test('cuts, and tells the whole length', () => {
    const { result, text } = print(1, 20);
    expect(text).toBe(print(1).text.slice(0, 19));
    expect(result).toBe(print(1).result);
  });

  test('refuses', () => {
    expect(print(16).result).toBe(-22n);
    expect(print(0, 400, BTF, 0).result).toBe(-22n);
    expect(print(0, 400, BTF, 99).result).toBe(-2n);
    expect(print(0, 400, null)).toMatchObject({ result: -22n, text: '' });
  });
});
