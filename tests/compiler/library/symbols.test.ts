/** Addresses and their names (language.md §2.10): ksym, usym, kaddr, percpu_kaddr, uaddr, kfunc_exist, kfunc_allowed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../bpf/byte-source.ts';
import { openBinary } from '../../../bpf/elf/user/index.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../../compiler/compile.ts';
import { describeDiagnostics, testKernel } from '../support.ts';

const LIBRARY = new URL('../../data/user/sample-gcc-v5.so', import.meta.url);

function build(text: string, kernel: Partial<KernelInfo> = {}): CompileResult {
  const source = { name: 'stdin', text };
  return compile({ source, kernel: { ...testKernel(), ...kernel }, target: profileFor('6.1'), env: {} });
}

describe('kaddr', () => {
  const text = 'begin { @x = kaddr("jiffies"); }';

  test('is put in by the loader where nobody tells the address now', () => {
    const { object } = build(text);
    expect(object!.externs).toEqual([{ kind: 'ksym', name: 'jiffies', weak: false }]);
    const refs = object!.programs[0]!.instructions.map(({ ref }) => ref).filter(
      (ref) => ref?.kind === 'ksym',
    );
    expect(refs).toEqual([{ kind: 'ksym', name: 'jiffies' }]);
  });

  test('is a constant where the kernel tells it', () => {
    const { object } = build(text, { symbolAddress: () => 0xffff_ffff_8100_1000n });
    expect(object?.externs).toBeUndefined();
    const [wide] = object!.programs[0]!.instructions.filter(({ imm }) => imm === 0x8100_1000 - 2 ** 32);
    expect(wide).toBeDefined();
  });

  test('says that there is no such symbol, or that nobody knows', () => {
    expect(describeDiagnostics(text, build(text, { name: 'the host', symbolAddress: () => undefined }))).toBe(
      'error BT0806 ["jiffies"] no symbol jiffies in the host',
    );
    const reach = { ...testKernel().reach, kernelMemory: false };
    expect(describeDiagnostics(text, build(text, { reach }))).toBe(
      'error BT0807 [kaddr("jiffies")] kaddr() needs the symbols of the kernel, which the test kernel does not have',
    );
  });

  test('wants a literal', () => {
    const wrong = 'begin { $s = comm; print(kaddr($s)); }';
    expect(describeDiagnostics(wrong, build(wrong))).toBe(
      'error BT0215 [$s] kaddr() expects the name of a kernel symbol as a string literal',
    );
  });
});

describe('ksym and usym', () => {
  test('are addresses in map keys, those of processes with the process', () => {
    const { info } = build('begin { @k[ksym(1)] = 1; @u[usym(nsecs)] = 1; @v = ksym((uint64)2); }');
    expect(info?.maps.map(({ name, key, value }) => [name, key ?? value])).toEqual([
      ['@k', { kind: 'ksym', size: 8 }],
      ['@u', { kind: 'usym', size: 16 }],
      ['@v', { kind: 'ksym', size: 8 }],
    ]);
  });

  test('take addresses only', () => {
    const text = 'begin { print(ksym("x")); }';
    expect(describeDiagnostics(text, build(text))).toBe(
      'error BT0214 ["x"] ksym() only supports integer or pointer arguments (string[2] provided)',
    );
  });
});

describe('uaddr', () => {
  const binary = openBinary(memorySource(new Uint8Array(readFileSync(LIBRARY))));
  const [first, second] = binary.functions.all.filter(({ size }) => size > 0);
  const binaries = { resolve: () => ['/lib/sample.so'], ofProcess: () => [], open: () => binary };
  const script = (name: string): string => `uprobe:/lib/sample.so:${first!.name} { @x = uaddr("${name}"); }`;

  test('follows a library to where it is loaded', () => {
    const { object, diagnostics } = build(script(second!.name), { binaries });
    expect(diagnostics).toEqual([]);
    const distance = Number(second!.address - first!.address);
    const adds = object!.programs[0]!.instructions.filter(
      ({ op, imm }) => op === 'add64_k' && imm === distance,
    );
    expect(adds.length).toBe(1);
  });

  test('says that there is no such symbol, or no program', () => {
    const text = script('nosuch');
    expect(describeDiagnostics(text, build(text, { binaries }))).toBe(
      'error BT0806 ["nosuch"] no symbol nosuch in /lib/sample.so',
    );
    const other = 'begin { print(uaddr("x")); }';
    expect(describeDiagnostics(other, build(other))).toMatch(
      /uaddr builtin can only be used with uprobe, uretprobe and usdt probes/,
    );
  });
});
