import { describe, expect, test } from 'vitest';
import { functionsOf, withPointers } from '../../../bench/vm/outside.ts';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';

const MAP = { name: 'm', type: 'array', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 } as const;

function bytes(text: string): Uint8Array {
  const { instructions, diagnostics } = assembleInstructions(text);
  expect(diagnostics).toEqual([]);
  return encodeInstructions(instructions).bytes;
}

describe('a raw program', () => {
  test('is parted where calls go; maps and functions have names', () => {
    const code = bytes('r1 = wide[1, 0, 0]\nr2 = func[pc+3]\ncall pc+3\nexit\nr0 = 1\nexit\nr0 = 2\nexit');
    const functions = functionsOf(code, [MAP]);
    expect(functions.map(({ name, instructions }) => [name, instructions.length])).toEqual([
      ['main', 4],
      ['at6', 2],
      ['at8', 2],
    ]);
    expect(functions[0]!.instructions.map(({ ref }) => ref)).toEqual([
      { kind: 'map', name: 'm' },
      { kind: 'function', name: 'at6' },
      { kind: 'function', name: 'at8' },
      undefined,
    ]);
  });

  test.each([
    [new Uint8Array(7), '7 bytes are no program'],
    [new Uint8Array(0), '0 bytes are no program'],
    [bytes('r1 = wide[1, 1, 0]\nexit'), 'slot 0 names map 1, and --map gave 1'],
    [bytes('r1 = wide[3, 1, 0]\nexit'), 'slot 0: a wide load of kind 3'],
    [bytes('call pc+1\nr1 = 5 ll\nexit'), 'a call goes to slot 2, where no instruction begins'],
    [new Uint8Array(8).fill(0xff), 'slot 0:'],
  ])('%#: %s', (code, message) => {
    expect(() => functionsOf(code, [MAP])).toThrow(message);
  });

  test('loads from xdp_md become loads of pointers, from copies too', () => {
    const { instructions } = assembleInstructions(
      'r6 = r1\nr2 = *(u32 *)(r1 + 0)\nr1 = *(u32 *)(r6 + 4)\nr3 = *(u32 *)(r1 + 4)\nexit',
    );
    expect(withPointers(instructions).map(({ op, off }) => [op, off])).toEqual([
      ['mov64_x', 0],
      ['ldx64', 0],
      ['ldx64', 8],
      ['ldx32', 4],
      ['exit', 0],
    ]);
    const meta = assembleInstructions('r2 = *(u32 *)(r1 + 8)\nexit').instructions;
    expect(() => withPointers(meta)).toThrow('only data and data_end');
  });
});
