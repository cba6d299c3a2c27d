/** Print formats as libtraceevent prints them: conversions, expressions, the kernel's macros, and what cannot be evaluated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePrintFormat } from '../../../bpf/print-format/compile.ts';
import { BARE_ENVIRONMENT, type PrintEnvironment } from '../../../bpf/print-format/environment.ts';
import { EIGHT_ZEROS, formatOf, little, type Place, printed, recordOf } from './support.ts';

const MINUS_ONE = -1n & 0xffff_ffff_ffff_ffffn;

describe('numbers', () => {
  it.each([
    ['"%d", REC->b', { b: -5 }, '-5'],
    ['"%u", REC->b', { b: -5 }, '4294967291'],
    ['"%ld", REC->a', { a: MINUS_ONE }, '-1'],
    ['"%lu %llx", REC->a, REC->a', { a: MINUS_ONE }, '18446744073709551615 ffffffffffffffff'],
    ['"%5d|%-5d|%05d|%+d", REC->b, REC->b, REC->b, REC->b', { b: -7 }, '   -7|-7   |-0007|-7'],
    ['"%#x %#lx %#o", REC->b, REC->a, REC->b', { a: 0x123, b: 8 }, '0x8 0x123 010'],
    ['"%#x", REC->b', {}, '0'],
    ['"%hd %hhu %hhd", REC->b, REC->b, REC->b', { b: 0x1_ff80 }, '-128 128 -128'],
    ['"%08lx", ((unsigned long)(REC->a))', { a: 0xbeefn }, '0000beef'],
    ['"%0*llx", (int)8 * 2, REC->a', { a: 0xabn }, '00000000000000ab'],
    ['"%.3d", REC->b', { b: 5 }, '005'],
    ['"%X%c%%", REC->b, REC->b', { b: 0x4a }, '4AJ%'],
    ['"%zu %Lu %i", REC->a, REC->a, REC->b', { a: 9, b: 3 }, '9 9 3'],
  ] as const)('%s', (format, values, expected) => {
    expect(printed(format, values)).toBe(expected);
  });

  it('prints 32-bit fields as 64-bit ones where the conversion is long', () => {
    expect(printed('"%ld", REC->b', { b: -1 })).toBe('4294967295');
  });
});

describe('expressions', () => {
  it.each([
    ['REC->a & 0x0f | 1 << 4', { a: 0xff }, 0x1f],
    ['REC->a == 3 ? 10 : REC->a == 4 ? 20 : 30', { a: 4 }, 20],
    ['(REC->a >> 8) & 3', { a: 0x300 }, 3],
    ['REC->a + 2 * 3 - 1', { a: 1 }, 6],
    ['!REC->a || REC->b && 0', { a: 0, b: 1 }, 1],
    ['~REC->a & 0xff', { a: 0xf0 }, 0x0f],
    ['(u8)REC->a + (unsigned short)REC->a', { a: 0x1_ff01 }, 0xff02],
    ['REC->a / REC->b', { a: 7, b: 0 }, 0],
    ['sizeof(u64) + sizeof(REC->b) + sizeof(unsigned long) + sizeof(struct page *)', {}, 28],
    ['__builtin_expect(!!(REC->a), 0)', { a: 5 }, 1],
    ['__builtin_choose_expr(1, REC->b, REC->a)', { a: 5, b: 6 }, 6],
    ['(REC)->b', { b: 6 }, 6],
    ['jiffies_to_msecs(REC->a)', { a: 250 }, 250],
    ['(REC->a) - 1', { a: 5 }, 4],
    ["'A' + 0x10UL", {}, 81],
    ['UNKNOWN_NAME + TIMER_SOFTIRQ', {}, 1],
  ] as const)('%s', (expression, values, expected) => {
    expect(printed(`"%lu", ${expression}`, values)).toBe(String(expected));
  });

  it('has the precedence and the 64 bits of C', () => {
    const operators = ['+', '-', '*', '&', '|', '^', '<<', '>>'] as const;
    const term = fc.tuple(fc.constantFrom(...operators), fc.integer({ min: 0, max: 63 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.array(term, { maxLength: 6 }), (first, terms) => {
        const text = `${first}${terms.map(([operator, value]) => ` ${operator} ${value}`).join('')}`;
        expect(printed(`"%lu", ${text}`)).toBe(String(evaluate(text)));
      }),
    );
  });
});

/** The same expression by JavaScript, whose precedences of these operators are C's; each result is cut to 64 bits. */
function evaluate(text: string): bigint {
  const tokens = text.split(' ');
  for (const level of [['*'], ['+', '-'], ['<<', '>>'], ['&'], ['^'], ['|']]) {
    for (let index = 1; index < tokens.length; ) {
      if (!level.includes(tokens[index]!)) {
        index += 2;
        continue;
      }
      const [left, operator, right] = tokens.slice(index - 1, index + 2) as [string, string, string];
      const value = BigInt.asUintN(64, APPLY[operator]!(BigInt(left), BigInt(right)));
      tokens.splice(index - 1, 3, String(value));
    }
  }
  return BigInt(tokens[0]!);
}

const APPLY: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << (right & 63n),
  '>>': (left, right) => left >> (right & 63n),
};

describe('flags and symbols', () => {
  const FLAGS = '__print_flags(REC->a, "|", { 1, "ONE" }, { 2|4, "SIX" }, { (1 << 3), "EIGHT" })';
  it.each([
    [`"%s", ${FLAGS}`, { a: 0 }, ''],
    [`"%s", ${FLAGS}`, { a: 15 }, 'ONE|SIX|EIGHT'],
    [`"%s", ${FLAGS}`, { a: 0x22 }, '0x22'],
    [`"%s", ${FLAGS}`, { a: 0x106 }, 'SIX|0x100'],
    ['"%s", __print_flags(REC->a, ",", { (unsigned long)(0x40u|0x80u), "GFP" })', { a: 0xc0 }, 'GFP'],
    ['"%s", __print_symbolic(REC->b, { 0, "R" }, { 0x2, "D" })', { b: 2 }, 'D'],
    ['"%s", __print_symbolic(REC->b, { 0, "R" }, { -1, ((void *)0) })', { b: 7 }, '0x7'],
    ['"%-4s|", __print_symbolic(REC->b, { 0, "R" })', { b: 0 }, 'R   |'],
    ['"%s", REC->b ? "yes" : "no"', { b: 1 }, 'yes'],
    ['"%s" ":" "%s", "a" "b", REC->b > 3 ? "many" : "few"', { b: 3 }, 'ab:few'],
  ] as const)('%s of %o', (format, values, expected) => {
    expect(printed(format, values)).toBe(expected);
  });
});

/** A dynamic field `data` of these bytes behind a 16-byte record with `n` at 12. */
function dynamic(type: string, format: string, data: readonly number[], n = 0): string {
  const event = formatOf(
    [
      [`__data_loc ${type}[] data`, 8, 4],
      ['int n', 12, 4, true],
    ],
    format,
  );
  const word = data.length * 0x10000 + 16;
  const record = recordOf([...EIGHT_ZEROS, ...little(word, 4), ...little(n, 4), ...data]);
  return compilePrintFormat(event, BARE_ENVIRONMENT).text(record);
}

describe('strings and arrays of the record', () => {
  it('prints arrays in place up to their NUL, with width and precision', () => {
    const fields: readonly Place[] = [['char comm[16]', 8, 16, true]];
    const record = recordOf([...EIGHT_ZEROS, 0x73, 0x68, 0, 0x78, ...Array(12).fill(0)]);
    const print = (format: string): string =>
      compilePrintFormat(formatOf(fields, format), BARE_ENVIRONMENT).text(record);
    expect(print('"%s|%5s|%.1s", REC->comm, REC->comm, REC->comm')).toBe('sh|   sh|s');
    expect(print('"%*.*s", 3, 2, REC->comm')).toContain('[FAILED TO PARSE]');
    expect(print('"%.*s", 1, REC->comm')).toBe('s');
  });

  it.each([
    ['char', '"%s", __get_str(data)', [0x68, 0x69, 0], 0, 'hi'],
    ['char', '"<%s>", __get_str(data)', [], 0, '<>'],
    ['u8', '"%s", __print_hex(__get_dynamic_array(data), REC->n)', [1, 2, 255], 3, '01 02 ff'],
    ['u8', '"%s", __print_hex_str(__get_dynamic_array(data), REC->n)', [1, 2, 255], 2, '0102'],
    ['u8', '"%*phC", 9, __get_dynamic_array(data)', [1, 2], 0, '01:02'],
    ['u8', '"%*phN", REC->n, __get_dynamic_array(data)', [1, 2, 3], 2, '0102'],
    ['u16', '"%s", __print_array(__get_dynamic_array(data), REC->n, 2)', [1, 0, 2, 1], 2, '{0x1,0x102}'],
    ['u16', '"%d", __get_dynamic_array_len(data)', [1, 0, 2, 1], 0, '4'],
    ['u16', '"%u", ((u16 *)__get_dynamic_array(data))[1]', [1, 0, 2, 1], 0, '258'],
    ['unsigned long', '"%s", __get_bitmask(data)', [5, 0, 0, 128, 1, 0, 0, 0], 0, '00000001,80000005'],
    ['unsigned long', '"%s", __get_cpumask(data)', [0x1d, 0, 0, 0x80, 1, 0, 0, 0], 0, '0,2-4,31-32'],
  ] as const)('%s: %s', (type, format, data, n, expected) => {
    expect(dynamic(type, format, data, n)).toBe(expected);
  });

  it('counts relative data from behind its word', () => {
    const event = formatOf([['__rel_loc char[] name', 8, 4]], '"%s", __get_rel_str(name)');
    const record = recordOf([...EIGHT_ZEROS, ...little(0x3_0000 + 4, 4), 9, 9, 9, 9, 0x6f, 0x6b, 0]);
    expect(compilePrintFormat(event, BARE_ENVIRONMENT).text(record)).toBe('ok');
  });

  it('reads nothing outside the record', () => {
    const event = formatOf(
      [
        ['__data_loc char[] name', 8, 4],
        ['u64 far', 400, 8],
      ],
      '"<%s> %llu", __get_str(name), REC->far',
    );
    const record = recordOf([...EIGHT_ZEROS, ...little(0xffff_0008n, 4), 0x41]);
    expect(compilePrintFormat(event, BARE_ENVIRONMENT).text(record)).toMatch(/^<[^>]*> 0$/);
  });
});

describe('pointers', () => {
  const environment: PrintEnvironment = {
    longSize: 8,
    symbolAt: (address) => (address >= 0x1000n ? { name: 'do_work', address: 0x1000n } : undefined),
    stringAt: (address) => (address === 0x20n ? 'constant' : undefined),
  };

  it.each([
    ['"%p %p", REC->a, REC->b', { a: 0xffn }, '0xff (nil)'],
    ['"%pS %ps", (void *)REC->a, (void *)REC->a', { a: 0x1010n }, 'do_work+0x10 do_work'],
    ['"%pF %pf", REC->a, REC->a', { a: 0x10n }, '0x10 0x10'],
    ['"%s", (char *)REC->a', { a: 0x20n }, ''],
    ['"%s %s", REC->a, REC->a', { a: 0x20n }, 'constant constant'],
    ['"%s", REC->a', { a: 0x21n }, '21'],
  ] as const)('%s', (format, values, expected) => {
    expect(printed(format, values, environment)).toBe(expected);
  });

  const bytes = (declaration: string, size: number, conversion: string, data: readonly number[]): string => {
    const event = formatOf([[declaration, 8, size]], `"${conversion}", REC->data`);
    return compilePrintFormat(event, BARE_ENVIRONMENT).text(recordOf([...EIGHT_ZEROS, ...data]));
  };
  const MAC = [0, 0x1b, 0x63, 0x84, 0x45, 0xe6];
  const zeros = (count: number): readonly number[] => Array<number>(count).fill(0);

  it.each([
    ['u8 data[6]', 6, '%pM', MAC, '00:1b:63:84:45:e6'],
    ['u8 data[6]', 6, '%pMF', MAC, '00-1b-63-84-45-e6'],
    ['u8 data[6]', 6, '%pMR', MAC, 'e6:45:84:63:1b:00'],
    ['u8 data[6]', 6, '%pm', MAC, '001b638445e6'],
    ['u8 data[4]', 4, '%pM', [1, 2, 3, 4], 'INVALIDMAC'],
    ['__u8 data[4]', 4, '%pI4', [127, 0, 0, 1], '127.0.0.1'],
    ['__u8 data[4]', 4, '%pi4', [127, 0, 0, 1], '127.000.000.001'],
    ['__u8 data[4]', 4, '%pI4h', [1, 0, 0, 127], '127.0.0.1'],
    ['__u8 data[16]', 16, '%pI6', [0x20, 1, ...zeros(13), 1], '2001:0000:0000:0000:0000:0000:0000:0001'],
    ['__u8 data[16]', 16, '%pI6c', [0x20, 1, ...zeros(13), 1], '2001::1'],
    ['__u8 data[16]', 16, '%pI6c', zeros(16), '::'],
    ['__u8 data[16]', 16, '%pI6c', [...zeros(10), 255, 255, 10, 0, 0, 1], '::ffff:10.0.0.1'],
    ['__u8 data[16]', 16, '%pISpc', [2, 0, 0, 80, 10, 0, 0, 1, ...zeros(8)], '10.0.0.1:80'],
    ['__u8 data[28]', 28, '%pISpc', [10, 0, 1, 187, ...zeros(4), ...zeros(15), 1, ...zeros(4)], '[::1]:443'],
    ['__u8 data[28]', 28, '%pISpc', [10, 0], 'INVALIDIPv6'],
    [
      '__u8 data[16]',
      16,
      '%pU',
      Array.from({ length: 16 }, (_, index) => index),
      '00010203-0405-0607-0809-0a0b0c0d0e0f',
    ],
    [
      '__u8 data[16]',
      16,
      '%pUL',
      Array.from({ length: 16 }, (_, index) => index),
      '03020100-0504-0706-0809-0A0B0C0D0E0F',
    ],
  ] as const)('%s as %s: %s', (declaration, size, conversion, data, expected) => {
    expect(bytes(declaration, size, conversion, data)).toBe(expected);
  });
});

describe('what cannot be evaluated', () => {
  const FIELDS: readonly Place[] = [
    ['unsigned long a', 8, 8],
    ['int b', 16, 4, true],
    ['char c[4]', 20, 4, true],
    ['u8 d[2]', 24, 2],
  ];
  const RECORD = recordOf([...EIGHT_ZEROS, ...little(255, 8), ...little(-3, 4), 0x68, 0x69, 0, 0, 1, 200]);

  it.each([
    ['"%s", kernel_function(REC->a)', 10, 'kernel_function'],
    ['"%d %d", REC->b', 0, 'more conversions'],
    ['"%d", &REC->b', 6, "expected an expression at '&'"],
    ['"%d", REC->nope', 11, "no field 'nope'"],
    ['"%d', 0, 'unexpected'],
    ['REC->a', 0, 'format string'],
    [`"%d", ${'('.repeat(300)}1${')'.repeat(300)}`, 0, 'too deeply'],
    [`"%d", 1${' + 1'.repeat(2000)}`, 0, 'in a row'],
    [`"%d", ${'('.repeat(40)}1${`${' + 1'.repeat(400)})`.repeat(40)}`, 0, 'too deeply'],
    [
      `"%s", __print_symbolic(1, { ${'('.repeat(40)}1${`${' + 1'.repeat(400)})`.repeat(40)}, "a" })`,
      0,
      'too deeply',
    ],
  ] as const)('%s', (format, offset, message) => {
    const printer = compilePrintFormat(formatOf(FIELDS, format), BARE_ENVIRONMENT);
    expect(printer.problem?.message).toContain(message);
    expect(printer.problem!.offset).toBeGreaterThanOrEqual(offset);
    expect(printer.text(RECORD)).toBe('[FAILED TO PARSE] a=0xff b=-3 c=hi d=ARRAY[01, c8]');
  });

  it('says that a conversion is unknown where it stands', () => {
    expect(printed('"a%qb", REC->a')).toBe('a>q<b');
  });
});
