import { describe, expect, test } from 'vitest';
import { mapOf, parseOptions } from '../../../bench/vm/options.ts';

describe('arguments', () => {
  test('none: five rounds of everything', () => {
    expect(parseOptions([])).toEqual({ rounds: 5, only: [], engines: [] });
  });

  test('programs and engines are chosen by name', () => {
    expect(
      parseOptions(['--only', 'alu64', '--only', 'sieve', '--rounds', '9', '--engines', 'jit,c']),
    ).toEqual({
      rounds: 9,
      only: ['alu64', 'sieve'],
      engines: ['jit', 'c'],
    });
  });

  test('a program from outside has a context and maps', () => {
    const { outside } = parseOptions([
      ...['--program', 'a.bin', '--ctx', 'c.bin', '--packet'],
      ...['--map', 'm=hash,key=8,value=8,entries=1024', '--map', 'r=ringbuf,entries=4096'],
    ]);
    expect(outside).toMatchObject({ program: 'a.bin', context: 'c.bin', isPacket: true });
    expect(outside!.maps).toEqual([
      { name: 'm', type: 'hash', keySize: 8, valueSize: 8, maxEntries: 1024, flags: 0 },
      { name: 'r', type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 4096, flags: 0 },
    ]);
  });

  test.each([
    [['--fast'], "no option '--fast'"],
    [['alu64'], "no option 'alu64'"],
    [['--rounds'], '--rounds needs a value'],
    [['--rounds', '0'], "--rounds: '0' is not a number from 1 to 9999"],
    [['--rounds', '3', '--rounds', '4'], '--rounds is given twice'],
    [['--ctx', 'c.bin'], '--ctx goes with --program'],
    [['--program', 'a.bin', '--only', 'alu64'], '--only and --program exclude each other'],
    [
      ['--program', 'a', '--map', 'm=array,key=4,value=8,entries=1', '--map', 'm=ringbuf,entries=4096'],
      "two maps are named 'm'",
    ],
  ])('%j: %s', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  test.each([
    ['hash', 'it begins with name=TYPE'],
    ['m=heap', "no map type 'heap'"],
    ['m=hash,size=3', "'size=3' is none of"],
    ['m=hash,key=x', "'key=x' is none of"],
    ['m=array,key=8,value=8,entries=1', 'key size 8 is not 4'],
    ['m=ringbuf,entries=5000', 'a power of two'],
  ])('--map %s: %s', (spec, message) => {
    expect(() => mapOf(spec)).toThrow(message);
  });
});
