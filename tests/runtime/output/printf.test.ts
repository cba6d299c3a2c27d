import { describe, expect, test } from 'vitest';
import type { FormatPiece } from '../../../compiler/script-info.ts';
import { formatPieces } from '../../../runtime/output/printf.ts';
import type { Cell } from '../../../runtime/output/read.ts';
import { context, integer, string } from './support.ts';

type Conversion = Extract<FormatPiece, { kind: 'conversion' }>;

/** Builds one conversion from its C spelling. */
function piece(spec: string): Conversion {
  const match = /^%([-+ #0]*)(\d*)(hh|ll|[hljztL]?)(rx|rh|gr|[a-zA-Z])$/.exec(spec)!;
  const flags = match[1]!;
  return {
    kind: 'conversion',
    arg: 0,
    flags: {
      left: flags.includes('-'),
      plus: flags.includes('+'),
      space: flags.includes(' '),
      alternate: flags.includes('#'),
      zero: flags.includes('0'),
    },
    ...(match[2] === '' ? {} : { width: Number(match[2]) }),
    length: match[3] as Conversion['length'],
    conversion: match[4] as Conversion['conversion'],
  };
}

const buffer: Cell = {
  type: { kind: 'buffer', size: 8 },
  bytes: new Uint8Array([3, 0, 0, 0, 0x41, 0x0a, 0xfe, 0x42]),
  offset: 0,
};

describe('printf', () => {
  test.each<[string, string, Cell, string]>([
    ['flags of allocations, the largest set first', '%gr', integer(0x1c24can), 'GFP_TRANSHUGE'],
    ['flags of allocations with bits of no name', '%gr', integer(0x4000_0cc0n), 'GFP_KERNEL|0x40000000'],
    ['no length takes 32 bits', '%d', integer(1n << 32n), '0'],
    ['no length, negative', '%d', integer(-5n), '-5'],
    ['l takes 64 bits', '%ld', integer(1n << 32n), '4294967296'],
    ['hh takes 8 bits', '%hhd', integer(511n), '-1'],
    ['unsigned', '%u', integer(-1n), '4294967295'],
    ['unsigned 64', '%lu', integer(-1n), '18446744073709551615'],
    ['hex', '%x', integer(255n), 'ff'],
    ['upper hex', '%X', integer(255n), 'FF'],
    ['octal', '%o', integer(8n), '10'],
    ['alternate hex', '%#x', integer(255n), '0xff'],
    ['zeros go left of the sign', '%05d', integer(-3n), '000-3'],
    ['width', '%6d', integer(42n), '    42'],
    ['left', '%-6d', integer(42n), '42    '],
    ['plus', '%+d', integer(42n), '+42'],
    ['character', '%c', integer(65n), 'A'],
    ['pointer', '%p', integer(4096n), '0x1000'],
    ['null pointer', '%p', integer(0n), '0'],
    ['a negative number as a pointer', '%p', integer(-1n), '0xffffffffffffffff'],
    ['string', '%s', string('abc', 16), 'abc'],
    ['string width', '%5s', string('abc', 16), '  abc'],
    ['string left', '%-5s', string('abc', 16), 'abc  '],
    ['a string without NUL was cut', '%s', string('abcd', 4), 'abcd..'],
    ['integer as %s', '%s', integer(-7n), '-7'],
    ['buffer', '%r', buffer, 'A\\x0a\\xfe'],
    ['buffer, all hex', '%rx', buffer, '\\x41\\x0a\\xfe'],
    ['buffer, spaced hex', '%rh', buffer, '41 0a fe'],
  ])('%s: %s', (_name, spec, cell, want) => {
    expect(formatPieces([piece(spec)], [cell], context)).toBe(want);
  });
});
