import { expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { compile } from '../../../compiler/compile.ts';
import { checkKernel, type KernelCheck } from '../../../compiler/object/check-kernel.ts';
import { readScriptFile, writeScriptFile } from '../../../compiler/object/script-file.ts';
import { testKernel } from '../support.ts';

/** Types of a kernel that keeps `member` of `struct thing` at that place. */
function typesWith(member: string, offset: number): Btf {
  const builder = new BtfBuilder();
  const int = builder.addInt('int', 4, { signed: true });
  builder.addStruct('thing', 64, [{ name: member, type: int, bitOffset: offset * 8 }]);
  return builder.build({ pointerSize: 8 });
}

function kernelWith(btf?: Btf): KernelInfo {
  return { ...testKernel(), ...(btf && { btf }) };
}

/** A script compiled where `number` is at 8, written to an object file, and asked to run in another kernel. */
function moved(kernel: KernelInfo): KernelCheck {
  const text = 'BEGIN { @x = ((struct thing *)0x1000)->number; }';
  const made = compile({
    source: { name: 'script', text },
    target: profileFor('6.1'),
    kernel: kernelWith(typesWith('number', 8)),
  });
  const { object, script } = readScriptFile(writeScriptFile(made.object!, made.info!, made.origin!), 'x.o');
  return checkKernel(object, script!, kernel);
}

function places({ object }: KernelCheck): readonly number[] {
  return object.programs[0]!.instructions.flatMap(({ op, imm }) =>
    op === 'add64_k' && imm > 0 ? [imm] : [],
  );
}

test('a compiled script finds members where the kernel it runs in has them', () => {
  const check = moved(kernelWith(typesWith('number', 40)));
  expect([check.problems, places(check)]).toEqual([[], [40]]);
});

test('it is refused where there is no such member, at the place in its text', () => {
  const { problems } = moved(kernelWith(typesWith('other', 40)));
  expect(problems.map(({ code, severity, span }) => [code, severity, span?.start])).toEqual([
    ['BT0302', 'error', 14],
  ]);
  expect(problems[0]!.message).toContain('struct thing');
});

test('without types it runs as it was compiled', () => {
  const check = moved(kernelWith());
  expect([check.problems, places(check)]).toEqual([[], [8]]);
});
