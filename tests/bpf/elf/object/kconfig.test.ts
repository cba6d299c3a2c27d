import { describe, expect, test } from 'vitest';
import { loadable, readObject, resolveKconfig, withKconfig } from '../../../../bpf/elf/object/index.ts';
import type { BpfObject } from '../../../../bpf/object.ts';
import { objectBytes } from '../support.ts';

const TEXT = `# a comment
# CONFIG_NO_SUCH_OPTION is not set
CONFIG_BPF_SYSCALL=y
CONFIG_BPF_JIT=y
CONFIG_IPV6=m
CONFIG_HZ=0x3e8
CONFIG_NR_CPUS=8192
CONFIG_DEFAULT_HOSTNAME="(none)"
`;
const OPTIONS = { kernelVersion: 0x060100 };

const object = readObject(objectBytes('kconfig.o'), 'kconfig.o').object;
const big = readObject(objectBytes('kconfig.big.o'), 'kconfig.big.o').object;

/** The bytes of one value. */
function bytesOf(from: BpfObject, name: string, data: Uint8Array): readonly number[] {
  const one = from.externs!.find((extern) => extern.name === name)!;
  if (one.kind !== 'kconfig') throw new Error(`${name} is of kind ${one.kind}`);
  return [...data.subarray(one.offset, one.offset + one.size)];
}

describe('configuration values', () => {
  test('are filled in, each by its type', () => {
    const { data, problems } = resolveKconfig(object, TEXT, OPTIONS);
    expect(problems).toEqual([]);
    const value = (name: string): readonly number[] => bytesOf(object, name, data);
    expect(value('LINUX_KERNEL_VERSION')).toEqual([0, 1, 6, 0]);
    expect(value('CONFIG_BPF_SYSCALL')).toEqual([1]);
    expect(value('CONFIG_BPF_JIT')).toEqual([0x79]);
    expect(value('CONFIG_IPV6')).toEqual([2, 0, 0, 0]);
    expect(value('CONFIG_HZ')).toEqual([0xe8, 3]);
    expect(value('CONFIG_NR_CPUS')).toEqual([0, 0x20, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(Uint8Array.from(value('CONFIG_DEFAULT_HOSTNAME').slice(0, 7)))).toBe(
      '(none)\0',
    );
    expect(value('CONFIG_NO_SUCH_OPTION')).toEqual([0, 0, 0, 0]);
  });

  test('are in the byte order of the object', () => {
    const { data } = resolveKconfig(big, TEXT, OPTIONS);
    expect(bytesOf(big, 'CONFIG_HZ', data)).toEqual([3, 0xe8]);
    expect(bytesOf(big, 'LINUX_KERNEL_VERSION', data)).toEqual([0, 6, 1, 0]);
  });

  test('that the kernel lacks are a problem, unless they are weak', () => {
    expect(resolveKconfig(object, TEXT).problems).toEqual([
      'LINUX_KERNEL_VERSION: the kernel has no such value',
    ]);
    const { problems } = resolveKconfig(object, '', OPTIONS);
    expect(problems).toContain('CONFIG_HZ: the kernel has no such value');
    expect(problems.join()).not.toContain('NO_SUCH');
  });

  test.each([
    ['CONFIG_HZ=70000', '70000 does not fit 2 bytes'],
    ['CONFIG_HZ=-1', '-1 does not fit 2 bytes'],
    ['CONFIG_HZ=many', "is 'many', which is no number"],
    ['CONFIG_HZ=y', 'is y, which its type cannot hold'],
    ['CONFIG_HZ="text"', 'is the text "text"'],
    ['CONFIG_BPF_SYSCALL=m', 'is m, which its type cannot hold'],
    ['CONFIG_BPF_SYSCALL=1', 'is the number 1'],
    ['CONFIG_DEFAULT_HOSTNAME="open', 'the text "open has no end'],
  ])('%s is refused', (line, problem) => {
    const { problems } = resolveKconfig(object, `${line}\n${TEXT}`, OPTIONS);
    expect(problems).toEqual([`${line.split('=')[0]}: ${problem}`]);
  });

  test('texts are cut to fit', () => {
    const long = 'x'.repeat(50);
    const { data } = resolveKconfig(object, `CONFIG_DEFAULT_HOSTNAME="${long}"\n${TEXT}`, OPTIONS);
    const bytes = bytesOf(object, 'CONFIG_DEFAULT_HOSTNAME', data);
    expect(bytes.slice(30)).toEqual([0x78, 0]);
  });

  test('become the data of the map', () => {
    const { data } = resolveKconfig(object, TEXT, OPTIONS);
    expect(withKconfig(object, data).data.get('.kconfig')).toBe(data);
    expect(object.data.has('.kconfig')).toBe(false);
  });
});

describe('loadable', () => {
  test('fills the configuration in', () => {
    const result = loadable(object, { kconfig: { text: TEXT, ...OPTIONS } });
    expect(result.problems).toEqual([]);
    expect(result.object.data.get('.kconfig')).toEqual(resolveKconfig(object, TEXT, OPTIONS).data);
    expect(loadable(object).problems).toEqual(['.kconfig: no configuration of a kernel is given']);
  });

  test('leaves programs out that are loaded only when asked for', () => {
    const programs = readObject(objectBytes('programs.o'), 'programs.o').object;
    expect(loadable(programs).object.programs.map(({ name }) => name)).not.toContain('four');
    expect(loadable(programs, { programs: ['four'] }).object.programs.map(({ name }) => name)).toEqual([
      'four',
    ]);
    expect(loadable(programs, { programs: ['six'] }).problems).toEqual(['there is no program six']);
  });

  test('keeps only functions that are called', () => {
    const whole = readObject(objectBytes('subprograms.o'), 'subprograms.o').object;
    const names = loadable(whole, { programs: ['first'] }).object.functions.map(({ name }) => name);
    expect(names).toEqual(['sum', 'twice']);
  });

  test('makes the address of a weak kernel symbol 0 and tells of what is needed', () => {
    const kernel = readObject(objectBytes('kfuncs.o'), 'kfuncs.o').object;
    const { object: made, problems } = loadable(kernel);
    expect(problems).toContain("run needs the kernel's function bpf_task_acquire");
    const refs = made.programs[0]!.instructions.flatMap(({ ref }) => (ref === undefined ? [] : [ref.kind]));
    expect(refs).not.toContain('ksym');
    expect(kernel.programs[0]!.instructions.some(({ ref }) => ref?.kind === 'ksym')).toBe(true);
  });

  test('makes the call of a weak kernel function one that no kernel has', () => {
    const whole = readObject(objectBytes('printk.o'), 'printk.o').object;
    const kconfig = { text: 'CONFIG_HZ=250\n', kernelVersion: 0x060100 };
    const { object: made, problems } = loadable(whole, { programs: ['on_waking'], kconfig });
    expect(problems).toEqual([]);
    const calls = (one: typeof whole): readonly unknown[] =>
      one.programs
        .find(({ name }) => name === 'on_waking')!
        .instructions.filter(({ op }) => op === 'call')
        .map(({ src, imm, ref }) => ({ src, imm, ref: ref?.kind }));
    expect(calls(whole)).toEqual([expect.objectContaining({ ref: 'kfunc' })]);
    expect(calls(made)).toEqual([{ src: 0, imm: 2002000000, ref: undefined }]);
  });
});
