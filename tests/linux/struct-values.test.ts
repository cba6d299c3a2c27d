/**
 * Members of random C structs over random bytes: what scripts read behind pointers, in copies and in maps is what gcc's code
 * reads, and this machine's verifier takes the programs (packed members on the stack are where it would not).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NEWEST_RELEASE, profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { createMachine, KERNEL_TAG } from '../../vm/index.ts';
import { describeDiagnostics, testKernel } from '../compiler/support.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const TYPES: readonly (readonly [name: string, bits: number])[] = [
  ['signed char', 8],
  ['unsigned char', 8],
  ['short', 16],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned', 32],
  ['long', 64],
  ['unsigned long', 64],
];

interface Made {
  readonly text: string;
  /** Of all numbers in it, as C and the language write them. */
  readonly paths: readonly string[];
}

/** mulberry32. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function members(below: (limit: number) => number, depth: number, names: { next: number }): Made {
  const lines: string[] = [];
  const paths: string[] = [];
  for (let left = 2 + below(5); left > 0; left--) {
    const name = `m${names.next++}`;
    const [type, bits] = TYPES[below(TYPES.length)]!;
    const choice = below(8);
    if (choice < 3) {
      lines.push(`${type} ${name} : ${1 + below(bits)};`);
      paths.push(name);
    } else if (choice === 3) {
      const count = 1 + below(3);
      lines.push(`${type} ${name}[${count}];`);
      for (let index = 0; index < count; index++) paths.push(`${name}[${index}]`);
    } else if (choice < 6 && depth < 2) {
      const inner = members(below, depth + 1, names);
      const [kind, tag] = [below(4) === 0 ? 'union' : 'struct', below(2) === 0 ? '' : name];
      lines.push(`${kind} { ${inner.text} } ${attributes(below)} ${tag};`);
      for (const path of inner.paths) paths.push(tag === '' ? path : `${tag}.${path}`);
    } else {
      lines.push(`${type} ${name};`);
      paths.push(name);
    }
  }
  return { text: lines.join(' '), paths };
}

function attributes(below: (limit: number) => number): string {
  return below(3) === 0 ? '__attribute__((packed))' : '';
}

function randomStruct(seed: number): Made {
  const below = generator(seed);
  const { text, paths } = members(below, 0, { next: 0 });
  return { text: `struct sample { ${text} } ${attributes(below)};`, paths };
}

const SIZE = 512;

function randomBytes(seed: number): Uint8Array {
  const below = generator(seed ^ 0x5a5a5a5a);
  return Uint8Array.from({ length: SIZE }, () => below(256));
}

/** The numbers as gcc reads them, 64 bits, signed. */
function byGcc(folder: string, made: readonly Made[], bytes: Uint8Array): readonly (readonly bigint[])[] {
  const prints = made.map(({ text, paths }, index) => {
    const body = paths.map((path) => `printf("%lld\\n", (long long)v->${path});`).join('\n');
    return `static void run${index}(void) { ${text} struct sample *v = (void *)bytes;\n${body}\nputs("."); }`;
  });
  const calls = made.map((_, index) => `run${index}();`).join(' ');
  const source = `#include <stdio.h>\nstatic unsigned char bytes[] __attribute__((aligned(8))) = { ${bytes.join(',')} };
${prints.join('\n')}\nint main(void) { ${calls} return 0; }\n`;
  writeFileSync(join(folder, 'values.c'), source);
  execFileSync('gcc', ['-w', '-fno-strict-aliasing', '-o', join(folder, 'values'), join(folder, 'values.c')]);
  const { stdout } = spawnSync(join(folder, 'values'), { encoding: 'utf8' });
  return stdout
    .split('.\n')
    .slice(0, -1)
    .map((part) => part.trim().split('\n').map(BigInt));
}

function build({ text, paths }: Made, address: bigint): CompileResult {
  const reads = paths.map(
    (path, index) =>
      `@r[${index}] = (int64)$p->${path}; @l[${index}] = (int64)$s.${path}; @m[${index}] = (int64)@k[1].${path};`,
  );
  const script = `${text} BEGIN { $p = (struct sample *)${address}; $s = *$p; @k[1] = $s; ${reads.join('\n')} }`;
  const target = profileFor(NEWEST_RELEASE);
  const result = compile({ source: { name: 'x', text: script }, target, kernel: testKernel(), env: {} });
  if (result.object === undefined) throw new Error(`${script}\n${describeDiagnostics(script, result)}`);
  return result;
}

/** By the script: behind the pointer, in a copy of the whole, in a map's value. */
function byScript(made: Made, bytes: Uint8Array): Readonly<Record<'@r' | '@l' | '@m', readonly bigint[]>> {
  const machine = createMachine({ memoryLimit: 64 << 20 });
  const start = machine.memory.allocateRegion(SIZE, { kind: 'context', label: 'sample' });
  machine.memory.u8.set(bytes, start);
  const { object } = build(made, (BigInt(KERNEL_TAG >>> 0) << 32n) | BigInt(start));
  const image = machine.load(object!);
  const [program] = image.programs.values();
  machine.run(program!, 0, machine.memory.allocateRegion(64, { kind: 'context', label: 'context' }));
  const values = (name: string): readonly bigint[] => {
    const found: bigint[] = [];
    for (const { key, value } of image.maps.get(name)!.entries()) {
      const index = new DataView(key.buffer, key.byteOffset).getInt8(0);
      found[index] = new DataView(value.buffer, value.byteOffset).getBigInt64(0, true);
    }
    return found;
  };
  return { '@r': values('@r'), '@l': values('@l'), '@m': values('@m') };
}

const reason = LinuxBpf.reason();

describe.skipIf(reason !== undefined)('random structs', () => {
  let folder = '';
  let bpf: LinuxBpf | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'values-'));
    bpf = await LinuxBpf.start();
  });
  afterAll(() => {
    bpf?.close();
    rmSync(folder, { recursive: true });
  });

  test.each([1, 2, 3, 4])('of seed %i are read as gcc reads them', async (seed) => {
    const made = Array.from({ length: 16 }, (_, index) => randomStruct(seed * 1000 + index));
    const bytes = randomBytes(seed);
    const wanted = byGcc(folder, made, bytes);
    for (const [index, one] of made.entries()) {
      const values = byScript(one, bytes);
      const named = (list: readonly bigint[]): object =>
        Object.fromEntries(one.paths.map((path, place) => [path, list[place]]));
      for (const way of ['@r', '@l', '@m'] as const)
        expect(named(values[way]), `${way} of ${one.text}`).toEqual(named(wanted[index]!));
      if (index % 8 !== 0) continue;
      const { object } = build(one, 4096n);
      const maps = await bpf!.createMaps(object!);
      const { ok, log } = await bpf!.loadProgram(object!, object!.programs[0]!.name, maps);
      expect(ok, `${one.text}\n${log.split('\n').slice(-8).join('\n')}`).toBe(true);
    }
  });
});
