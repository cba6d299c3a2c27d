/**
 * Makes `runtime/snapshot/syscall-numbers.gen.ts` from the headers of linux-libc-dev:
 *
 *     node scripts/syscall-numbers.ts [X86_64_UNISTD] [GENERIC_UNISTD]
 *
 * Names are those of the kernel's functions (`sys_newfstat`), which tracepoints carry, not those of the macros (`fstat`).
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Functions whose names differ from their macros' on x86-64 (kernel `syscall_64.tbl`). */
const X86_64_FUNCTIONS: Readonly<Record<string, string>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  sendfile: 'sendfile64',
  umount2: 'umount',
};

/** Newer than the headers here; the same on all machines. */
const NEWER: readonly string[] =
  'cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr file_getattr file_setattr'.split(
    ' ',
  );
const FIRST_NEWER = 451;

function numbersOf(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^#define (__NR\w*?_\w+)\s+(\d+)/gm)].map(([, macro = '', number]) => [
      macro,
      Number(number),
    ]),
  );
}

function x86Rows(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...numbersOf(text)].map(([macro, number]) => {
      const name = macro.replace('__NR_', '');
      return [X86_64_FUNCTIONS[name] ?? name, number];
    }),
  );
}

/** `__SYSCALL(__NR_umount2, sys_umount)`, `__SC_COMP(__NR_x, sys_x, compat_sys_x)`, `__SC_3264(__NR3264_x, sys_x32, sys_x)`. */
function genericRows(text: string): ReadonlyMap<string, number> {
  const numbers = numbersOf(text);
  const rows = new Map<string, number>();
  const pattern = /^(__SYSCALL|__SC_COMP|__SC_3264|__SC_COMP_3264)\(\s*(\w+),\s*([^)]*)\)/gm;
  for (const [, macro, number = '', functions = ''] of text.replaceAll('\\\n', ' ').matchAll(pattern)) {
    const names = functions.split(',').map((name) => name.trim());
    // With 64 bits it is the second.
    const name = macro?.endsWith('3264') ? names[1] : names[0];
    const value = numbers.get(number);
    if (name !== undefined && value !== undefined) rows.set(name.replace(/^sys_/, ''), value);
  }
  return rows;
}

function table(name: string, doc: string, rows: ReadonlyMap<string, number>): string {
  const all = new Map([...rows, ...NEWER.map((one, index) => [one, FIRST_NEWER + index] as const)]);
  const lines = [...all]
    .sort(([, a], [, b]) => a - b)
    .map(([one, number]) => `  ${one}: ${number},\n`)
    .join('');
  return `/** ${doc} */\nexport const ${name}: Readonly<Record<string, number>> = {\n${lines}};\n`;
}

const [x86 = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', generic = '/usr/include/asm-generic/unistd.h'] =
  process.argv.slice(2);
const text = [
  '/** Made by scripts/syscall-numbers.ts: numbers of system calls by the names tracepoints have. */\n\n',
  table('X86_64_SYSCALLS', 'x86-64.', x86Rows(readFileSync(x86, 'utf8'))),
  '\n',
  table(
    'GENERIC_SYSCALLS',
    'aarch64, riscv64, loongarch64 and other newer machines.',
    genericRows(readFileSync(generic, 'utf8')),
  ),
].join('');
writeFileSync(new URL('../runtime/snapshot/syscall-numbers.gen.ts', import.meta.url), text);
