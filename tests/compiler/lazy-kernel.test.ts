/** Opening a kernel's types takes longer than compiling: a script that asks for none must not. */
import { expect, test } from 'vitest';
import { largeScript } from '../../bench/compile/script.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { testKernel } from './support.ts';

test('a script without types of the kernel opens none of them', () => {
  const opened: string[] = [];
  const kernel: KernelInfo = {
    ...testKernel(),
    functions: { has: () => true, list: () => [] },
    get btf(): never {
      opened.push('btf');
      return undefined as never;
    },
    get moduleBtf(): never {
      opened.push('moduleBtf');
      return undefined as never;
    },
  };
  const { ok } = compile({ source: { name: 'x', text: largeScript(40) }, kernel, target: profileFor('6.1') });
  expect({ ok, opened }).toEqual({ ok: true, opened: [] });
});
