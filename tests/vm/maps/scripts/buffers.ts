/**
 * Scripts of programs that do more with maps than one element: ring buffers that they write, user ring buffers that they
 * drain, maps that they find in other maps, walks over all elements. Contexts begin with a u64 number; see `programs.ts`.
 */
import fc from 'fast-check';
import { assembleInstructions } from '../../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../../bpf/encode.ts';
import type { Instruction } from '../../../../bpf/instruction.ts';
import { hexOf } from '../machine-runner.ts';
import { mapLine, type Script, type Shape, word } from './parts.ts';

const RAW_TRACEPOINT = 17;
const RING = 4096;
/** Of large records: a ring has room for a few. */
const LARGE = 1000;

function assembled(text: string): readonly Instruction[] {
  const { instructions, diagnostics } = assembleInstructions(text);
  if (diagnostics.length > 0) throw new Error(`${diagnostics[0]!.message} in\n${text}`);
  return instructions;
}

/** The command that makes a program over a map, and of its functions `main` and, from slot `each` on, `each`. */
function programLine(instructions: readonly Instruction[], map: number, each?: number): string {
  const { bytes, holes } = encodeInstructions(instructions);
  const relocations = holes.map(({ slot }) => {
    bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | (1 << 4);
    return `${slot}:${map}`;
  });
  const functions =
    each === undefined ? '- -' : `1 ${hexOf(new Uint8Array(Int32Array.of(0, 3, each, 4).buffer))}`;
  return `program ${RAW_TRACEPOINT} ${hexOf(bytes)} ${relocations.join(',')} ${functions}`;
}

const number = (value: number): string => hexOf(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));

/** 0 and 1 reserve a large record and submit or discard it, 2 outputs 8 to 39 bytes, 3 asks about the ring. */
const RING_PROGRAMS: readonly string[] = [
  ...['submit', 'discard'].map(
    (end) => `r6 = *(u64 *)(r1 + 0)\nr1 = map[m]\nr2 = ${LARGE}\nr3 = 0\ncall bpf_ringbuf_reserve
      if r0 == 0 goto +6\n*(u64 *)(r0 + 0) = r6\nr1 = r0\nr2 = 0\ncall bpf_ringbuf_${end}\nr0 = 0\nexit\nr0 = 1\nexit`,
  ),
  `r6 = *(u64 *)(r1 + 0)\n${[8, 16, 24, 32, 40].map((at) => `*(u64 *)(r10 - ${at}) = r6`).join('\n')}
    r1 = map[m]\nr2 = r10\nr2 += -40\nr3 = r6\nr3 &= 31\nr3 += 8\nr4 = r6\nr4 >>= 32\ncall bpf_ringbuf_output\nexit`,
  'r2 = *(u64 *)(r1 + 0)\nr1 = map[m]\ncall bpf_ringbuf_query\nexit',
];

function ring(cpus: number): fc.Arbitrary<Script> {
  const shape: Shape = { type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: RING };
  const run = (program: number, context: fc.Arbitrary<number>): fc.Arbitrary<string> =>
    fc.tuple(context, fc.nat(cpus - 1)).map(([value, cpu]) => `run ${program} ${number(value)} ${cpu}`);
  const command = fc.oneof(
    run(0, fc.nat(1000)),
    run(1, fc.nat(1000)),
    run(2, fc.nat(1000)),
    // Flags: wake up or do not, and one that there is not.
    run(2, fc.constantFrom(0x1_0000_0003, 0x2_0000_0003, 0x4_0000_0003)),
    run(3, fc.nat(5)),
    { weight: 1, arbitrary: fc.constant(`ring 0 ${RING} 8`) },
  );
  const programs = RING_PROGRAMS.map((text) => programLine(assembled(text), 0));
  return fc.array(command, { minLength: 20, maxLength: 80 }).map((all) => ({
    shape,
    lines: [mapLine(shape), ...programs, ...all, `ring 0 ${RING} 8`, `run 3 ${number(0)} 0`],
  }));
}

/** Drains: the number of records, and the sum of their first words; a record of under 8 bytes ends it. */
function drainLine(): string {
  const main = assembled(
    `r6 = *(u64 *)(r1 + 0)\n*(u64 *)(r10 - 8) = 0\nr1 = map[m]\nr2 = 0 ll\nr3 = r10\nr3 += -8\nr4 = r6
      call bpf_user_ringbuf_drain\nr1 = *(u64 *)(r10 - 8)\nr1 <<= 8\nr0 += r1\nexit`,
  );
  const each = assembled(
    `r6 = r2\nr3 = r1\nr1 = r10\nr1 += -8\nr2 = 8\nr4 = 0\nr5 = 0\ncall bpf_dynptr_read\nif r0 != 0 goto +5
      r1 = *(u64 *)(r10 - 8)\nr2 = *(u64 *)(r6 + 0)\nr2 += r1\n*(u64 *)(r6 + 0) = r2\ngoto +1\nr0 = 1\nr0 &= 1\nexit`,
  );
  return callingLine(main, each);
}

/** A program whose second wide load is the address of `each`. */
function callingLine(main: readonly Instruction[], each: readonly Instruction[]): string {
  const widths = main.map((one) => (one.op === 'lddw' ? 2 : 1));
  const start = widths.reduce((sum, width) => sum + width, 0);
  const [, second] = main.flatMap((one, i) => (one.op === 'lddw' ? [i] : []));
  const slot = widths.slice(0, second).reduce((sum, width) => sum + width, 0);
  const linked = main.map((one, i) =>
    i === second ? ({ ...one, src: 4, imm: start - slot - 1 } as const) : one,
  );
  return programLine([...linked, ...each], 0, start);
}

function userRing(cpus: number): fc.Arbitrary<Script> {
  const shape: Shape = { type: 'user_ringbuf', keySize: 0, valueSize: 0, maxEntries: RING };
  const record = fc
    .tuple(fc.constantFrom(0, 4, 8, 8, 8, 8, 8, 16, 16, 100, 900, 4088, 4089), fc.nat(200))
    .map(([length, first]) => new Uint8Array(length).fill(first, 0, 1));
  const command = fc.oneof(
    { weight: 5, arbitrary: record.map((bytes) => `push 0 ${RING} ${hexOf(bytes)}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(0, 0, 1, 2, 3, 4), fc.nat(cpus - 1))
        .map(([flags, cpu]) => `run 0 ${number(flags)} ${cpu}`),
    },
  );
  const drain = drainLine();
  return fc.array(command, { minLength: 10, maxLength: 40 }).map((all) => ({
    shape,
    lines: [mapLine(shape), drain, ...all, `run 0 ${number(0)} 0`],
  }));
}

/** Counts in an element of the map that is in a place of the outer one: 0 without a map there, 1 without an element. */
const COUNT_INSIDE = `r6 = *(u32 *)(r1 + 4)\nr3 = *(u32 *)(r1 + 0)\n*(u32 *)(r10 - 4) = r3\nr1 = map[m]\nr2 = r10\nr2 += -4
  call bpf_map_lookup_elem\nif r0 == 0 goto +10\n*(u32 *)(r10 - 4) = r6\nr1 = r0\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem
  if r0 == 0 goto +5\nr1 = *(u64 *)(r0 + 0)\nr1 += 1\n*(u64 *)(r0 + 0) = r1\nr0 = r1\nexit\nr0 = 0\nexit`;

function nested(type: 'array_of_maps' | 'hash_of_maps', cpus: number): fc.Arbitrary<Script> {
  const shape: Shape = { type, keySize: 4, valueSize: 4, maxEntries: 3 };
  const inner: Shape = { type: 'hash', keySize: 4, valueSize: 8, maxEntries: 3 };
  const place = fc.nat(3);
  const command = fc.oneof(
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, fc.integer({ min: 1, max: 3 }))
        .map(([at, map]) => `update 4 ${word(at)} @m${map} 0`),
    },
    { weight: 1, arbitrary: place.map((at) => `delete 4 ${word(at)}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: 3 }), place)
        .map(([map, key]) => `update ${map} ${word(key)} ${number(5)} 0`),
    },
    {
      weight: 8,
      arbitrary: fc
        .tuple(place, place, fc.nat(cpus - 1))
        .map(([at, key, cpu]) => `run 0 ${word(at)}${word(key)} ${cpu}`),
    },
  );
  const maps = Array.from({ length: 4 }, () => mapLine(inner));
  return fc.array(command, { minLength: 20, maxLength: 60 }).map((all) => ({
    shape,
    lines: [...maps, mapLine(shape, '0'), programLine(assembled(COUNT_INSIDE), 4), ...all],
  }));
}

/** Walks: the number of elements and the sum of the first bytes of keys and values, by a callback for each. */
function walks(
  type: 'hash' | 'array' | 'percpu_hash' | 'percpu_array' | 'lru_hash',
  cpus: number,
): fc.Arbitrary<Script> {
  const maxEntries = type === 'lru_hash' ? 600 : 5;
  const shape: Shape = { type, keySize: 4, valueSize: 8, maxEntries };
  const main = assembled(
    `r6 = *(u64 *)(r1 + 0)\n*(u64 *)(r10 - 8) = 0\nr1 = map[m]\nr2 = 0 ll\nr3 = r10\nr3 += -8\nr4 = r6
      call bpf_for_each_map_elem\nr1 = *(u64 *)(r10 - 8)\nr1 <<= 12\nr0 += r1\nexit`,
  );
  // A value whose first byte is 255 ends a walk; only arrays have an order, so only they have it.
  const each = assembled(
    `r5 = *(u8 *)(r2 + 0)\nr1 = *(u8 *)(r3 + 0)\nr2 = *(u64 *)(r4 + 0)\nr2 += r5\nr2 += r1\n*(u64 *)(r4 + 0) = r2
      r0 = 0\nif r1 != 255 goto +1\nr0 = 1\nexit`,
  );
  const key = fc.nat(6).map(word);
  const first = type.endsWith('array') ? fc.constantFrom(1, 2, 3, 255) : fc.nat(200);
  const copies = type.startsWith('percpu') ? cpus : 1;
  const values = fc
    .array(first, { minLength: copies, maxLength: copies })
    .map((all) => all.map(number).join(''));
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(key, values).map(([k, v]) => `update 0 ${k} ${v} 0`) },
    { weight: 1, arbitrary: key.map((k) => `delete 0 ${k}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(0, 0, 0, 1), fc.nat(cpus - 1))
        .map(([flags, cpu]) => `run 0 ${number(flags)} ${cpu}`),
    },
  );
  return fc.array(command, { minLength: 20, maxLength: 50 }).map((all) => ({
    shape,
    lines: [mapLine(shape), callingLine(main, each), ...all],
  }));
}

export function bufferScripts(cpus: number): readonly (readonly [string, fc.Arbitrary<Script>])[] {
  return [
    ['ringbuf', ring(cpus)],
    ['user_ringbuf', userRing(cpus)],
    ['array_of_maps', nested('array_of_maps', cpus)],
    ['hash_of_maps', nested('hash_of_maps', cpus)],
    ...(['hash', 'array', 'percpu_hash', 'percpu_array', 'lru_hash'] as const).map(
      (type) => [`each of ${type}`, walks(type, cpus)] as const,
    ),
  ];
}
