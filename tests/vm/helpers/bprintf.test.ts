import { describe, expect, test } from 'vitest';
import { bprintf } from '../../../vm/helpers/bprintf.ts';
import { parseFormat } from '../../../vm/helpers/format-spec.ts';
import { EINVAL, ENOSPC, KERNEL_TAG, Memory, USER_TAG } from '../../../vm/index.ts';

const KERNEL = BigInt.asUintN(32, BigInt(KERNEL_TAG)) << 32n;
const USER = BigInt(USER_TAG) << 32n;

function setup() {
  const memory = new Memory(1 << 20);
  const put = (text: string, kind: 'kernel' | 'user'): bigint => {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const at = memory.allocateRegion(bytes.length, { kind, label: 'text' });
    memory.u8.set(bytes, at);
    return (kind === 'user' ? USER : KERNEL) | BigInt(at);
  };
  const print = (format: string, values: readonly bigint[], limit = 1000) =>
    bprintf(
      memory,
      format,
      {
        count: values.length,
        low: (index) => Number(BigInt.asIntN(32, values[index]!)),
        high: (index) => Number(BigInt.asIntN(32, values[index]! >> 32n)),
      },
      limit,
    );
  return { memory, put, print };
}

describe('bprintf', () => {
  test.each<[string, readonly bigint[], string]>([
    ['%d %u %x %X', [-1n, -1n, 255n, 255n], '-1 4294967295 ff FF'],
    ['%ld %lu %llx', [-1n, -1n, -1n], '-1 18446744073709551615 ffffffffffffffff'],
    ['%d', [2n ** 32n + 7n], '7'],
    ['[%5d] [%-5d] [%05d] [%+d] [% d]', [42n, 42n, -42n, 42n, 42n], '[   42] [42   ] [-0042] [+42] [ 42]'],
    ['%c%3c', [65n, 66n], 'A  B'],
    ['%p %px', [0n, 0xffff888012345678n], '0000000000000000 ffff888012345678'],
    ['%ps %pB', [0x1234n, 0xffff888012345678n], '0x1234 0xffff888012345678'],
    ['%pxabc|', [1n], '0000000000000001|'],
    ['100%% %d%%', [5n], '100% 5%'],
  ])('%s', (format, values, text) => {
    expect(setup().print(format, values)).toEqual({ text, length: text.length });
  });

  test('texts are of the kernel, of user space, or of either', () => {
    const { put, print } = setup();
    const values = [put('kernel', 'kernel'), put('user', 'user')];
    const text = (format: string): unknown => (print(format, values) as { readonly text: string }).text;
    expect(text('%s %s')).toBe('kernel user');
    expect(text('%pks [%pks]')).toBe('kernel []');
    expect(text('[%pus] %pus')).toBe('[] user');
    expect(text('[%8s] [%-6s]')).toBe('[  kernel] [user  ]');
    expect(print('[%s]', [5n])).toEqual({ text: '[]', length: 2 });
  });

  test('a text without an end is none', () => {
    const { memory, print } = setup();
    const at = memory.allocateRegion(3, { kind: 'kernel', label: 'text' });
    memory.u8.fill(65, at, at + 3);
    expect(print('[%s]', [KERNEL | BigInt(at)])).toEqual({ text: '[]', length: 2 });
  });

  test('internet addresses', () => {
    const { memory, print } = setup();
    const at = memory.allocateRegion(16, { kind: 'kernel', label: 'address' });
    memory.u8.set([192, 168, 0, 7, 0x20, 1], at);
    const address = KERNEL | BigInt(at);
    expect(print('%pI4 %pi4', [address, address])).toMatchObject({ text: '192.168.0.7 192.168.000.007' });
    expect(print('%pI6', [address])).toMatchObject({ text: 'c0a8:0007:2001:0000:0000:0000:0000:0000' });
    expect(print('%pi6', [address])).toMatchObject({ text: `c0a800072001${'0'.repeat(20)}` });
    expect(print('%pI4', [0n])).toMatchObject({ text: '0.0.0.0' });
  });

  test.each(['%', '%f', '%d%d%d', '%ls', '%.3d', '%#x', '%sx', '%pe', '%pI5', 'ä', '\x01'])(
    'refuses %j',
    (format) => {
      expect(setup().print(format, [1n, 2n])).toBe(EINVAL);
    },
  );

  test('cuts what is too long and counts it', () => {
    const { print } = setup();
    expect(print('ab%dcd', [12345n], 4)).toEqual({ text: 'ab12', length: 9 });
    expect(print('%8000000d!', [1n], 4)).toEqual({ text: '    ', length: 8000001 });
  });

  test('values take 512 bytes', () => {
    const { put, print } = setup();
    const long = put('x'.repeat(600), 'kernel');
    expect(print('%s', [long])).toMatchObject({ length: 511 });
    expect(print('%s%d', [long, 1n])).toBe(ENOSPC);
    expect(print('%s%c', [put('x'.repeat(510), 'kernel'), 65n])).toMatchObject({ length: 511 });
  });
});

test('parseFormat keeps texts and values in order', () => {
  expect(parseFormat('a%-5lx%%', 1)).toEqual([
    { kind: 'text', text: 'a' },
    {
      kind: 'value',
      argument: { kind: 'integer', wide: true, signed: false, base: 16 },
      flags: { width: 5, left: true, zero: false, plus: false, space: false },
    },
    { kind: 'text', text: '%' },
  ]);
});
