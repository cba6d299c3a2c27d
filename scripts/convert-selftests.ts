/**
 * The verifier tests of a kernel's source tree → a file of cases (bpfcase-1):
 *
 *     node scripts/convert-selftests.ts LINUX-SOURCE OUT.json
 *
 * LINUX-SOURCE is an unpacked tree such as Debian's package linux-source-6.1 has; it needs gcc and libbpf's headers
 * (libbpf-dev). The tests prepare their maps and programs themselves, and `selftests/record.c` writes down what they ask
 * of bpf(2). Expectations with privileges only. Nothing of the kernel's becomes part of this project: keep OUT.json out of it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readBtf } from '../bpf/btf/read.ts';
import { subsetBtf } from '../bpf/btf/subset.ts';

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  console.error('usage: node scripts/convert-selftests.ts LINUX-SOURCE OUT.json');
  process.exit(2);
}
const tools = join(resolve(source), 'tools');
const selftests = join(tools, 'testing/selftests/bpf');
const folder = mkdtempSync(join(tmpdir(), 'selftests-'));
try {
  convert();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function convert(): void {
  const files = readdirSync(join(selftests, 'verifier'))
    .filter((name) => name.endsWith('.c'))
    .sort();
  const marked = files.map(
    (name) => `{ .descr = "\\1${name.slice(0, -2)}" },\n#include "${join(selftests, 'verifier', name)}"\n`,
  );
  mkdirSync(join(folder, 'verifier'));
  // The tree's own includes arch/, which source packages may leave out.
  const machine = execFileSync('gcc', ['-dumpmachine'], { encoding: 'utf8' }).trim();
  const asm = ['/usr/include', `/usr/include/${machine}`].find((path) => existsSync(join(path, 'asm')));
  if (asm !== undefined) symlinkSync(join(asm, 'asm'), join(folder, 'asm'));
  writeFileSync(join(folder, 'verifier/tests.h'), `#ifdef FILL_ARRAY\n${marked.join('')}#endif\n`);
  const record = join(import.meta.dirname, 'selftests/record.c');
  // A fixed time seeds their random numbers.
  const unit = `#include <time.h>\n#define time(x) 1\n#define main kernel_main\n#include "${selftests}/test_verifier.c"\n#undef main\n#include "${record}"\n`;
  writeFileSync(join(folder, 'convert.c'), unit);
  const include = [folder, selftests, join(tools, 'include'), join(tools, 'include/uapi')];
  execFileSync(
    'gcc',
    [
      '-O0',
      '-w',
      ...include.flatMap((path) => ['-I', path]),
      '-o',
      join(folder, 'convert'),
      join(folder, 'convert.c'),
    ],
    { stdio: 'inherit' },
  );
  const { stderr, status } = spawnSync(join(folder, 'convert'), [resolve(target!)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the tests ended with ${status}: ${stderr.slice(-400)}`);
  cutTypes(resolve(target!));
  console.log(`${files.length} files\n${stderr.trimEnd()}`);
}

interface WrittenMap {
  btf?: string;
  btf_key_type_id?: number;
  btf_value_type_id?: number;
}

/**
 * Their maps share one BTF, and newer kernels refuse all of it for the tags of one struct (`kptr_ref` is unknown to them): each
 * map gets the types of its own key and value.
 */
function cutTypes(path: string): void {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { cases: { maps: WrittenMap[] }[] };
  for (const map of file.cases.flatMap(({ maps }) => maps)) {
    if (map.btf === undefined) continue;
    const [key = 0, value = 0] = [map.btf_key_type_id, map.btf_value_type_id];
    const cut = subsetBtf(readBtf(Uint8Array.fromHex(map.btf)), [key, value]);
    map.btf = cut.btf.bytes().toHex();
    map.btf_key_type_id = cut.idOf(key)!;
    map.btf_value_type_id = cut.idOf(value)!;
  }
  const cases = file.cases.map((one) => JSON.stringify(one));
  writeFileSync(path, `{"format":"bpfcase-1","cases":[\n${cases.join(',\n')}\n]}\n`);
}
