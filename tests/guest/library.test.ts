/**
 * Functions that the machine at hand cannot judge, in a booted kernel by plain libbpf: paths and sockets of fentry, symbols,
 * stacks, and what changes a process. A child does known things, and the maps tell of just these.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../bpf/byte-source.ts';
import { openBinary } from '../../bpf/elf/user/index.ts';
import type { BinaryCatalog, KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { writeScriptFile } from '../../compiler/object/script-file.ts';
import { openSnapshotFile, snapshotPath } from '../../runtime/node/snapshot-file.ts';
import { boot } from './boot.ts';
import { run } from './command.ts';
import { buildImage } from './image.ts';
import { findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages(['libbpf-dev', 'gcc', 'systemtap-sdt-dev']);
if (packages.kind === 'unavailable') console.log(`guest tests of the library skipped: ${packages.reason}`);

const READS = 37;
const SIZE = 512;
const DD = `comm == "dd" && args.count == ${SIZE}`;
const KERNEL_SCRIPT = `
fentry:security_file_open /comm == "dd"/ { @path[path(args.file->f_path, 64)] = count(); }
fentry:vfs_read /${DD}/ {
  @stack[kstack(4)] = count(); @deep = max(len(kstack)); @same[ustack(2) == ustack(2)] = count();
  if (jiffies - *(uint64 *)kaddr("jiffies_64") < 2) { @kaddr = count(); }
  if (*(uint32 *)percpu_kaddr("cpu_number") == cpu) { @percpu = count(); }
  if (percpu_kaddr("cpu_number", 5000) == 0) { @none = count(); }
  if (pcomm == "dd" && ppid != pid) { @pcomm = count(); }
}
fentry:tcp_sendmsg { @cookie[socket_cookie(args.sk)] = count(); }
fentry:ip_output { $r = skboutput("x.pcap", args.skb, 64, 0); @packets[$r] = count(); }
`;

const PROBED = '/usr/bin/probed';
/** The string is changed in the fourth call, and the eleventh is the last. */
const USER_SCRIPT = `
uprobe:${PROBED}:work {
  if (arg1 == 3) { write_user(arg2, "thirty", 6); }
  @text[str(arg2)] = count();
  if ((uint64)uaddr("work") == reg("ip")) { @here = count(); }
  if (arg1 == 10) { signal("SIGUSR1"); }
}
`;

describe.skipIf(packages.kind === 'unavailable')('attached by libbpf', () => {
  let folder = '';
  let kernel: KernelInfo;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'library-'));
    const source = (name: string): string => join(import.meta.dirname, name);
    await run('gcc', ['-O1', '-Wall', '-o', join(folder, 'attach'), source('attach.c'), '-lbpf']);
    await run('gcc', ['-O1', '-g', '-o', join(folder, 'probed'), source('probed.c')]);
    const binary = openBinary(memorySource(await readFile(join(folder, 'probed'))));
    const binaries: BinaryCatalog = { resolve: (path) => [path], ofProcess: () => [], open: () => binary };
    kernel = Object.create(openSnapshotFile(snapshotPath('linux-6.1', '')), {
      binaries: { value: binaries },
    }) as KernelInfo;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function objectOf(text: string): Uint8Array {
    const source = { name: 'stdin', text };
    const result = compile({ source, kernel, target: profileFor('6.1'), unsafe: true });
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    return writeScriptFile(result.object!, result.info!, result.origin!);
  }

  it('to Linux 6.1', async () => {
    const image = await buildImage({ programs: [join(folder, 'attach'), join(folder, 'probed')] });
    const dd = `dd if=/dev/zero of=/dev/null bs=${SIZE} count=${READS}`;
    const files = (text: string) => ({ 'a.o': objectOf(text) });
    const result = await boot({
      kernel: await findKernel('6.1.'),
      image,
      jobs: [
        { name: 'kernel', command: `attach a.o -- ${dd}`, files: files(KERNEL_SCRIPT) },
        { name: 'user', command: `attach a.o 0 -- ${PROBED}`, files: files(USER_SCRIPT) },
      ],
    });
    await rm(result.folder, { recursive: true });
    const [inKernel, inUser] = result.jobs;
    const found = rowsOf(inKernel!.stdout);
    const counts = (name: string): readonly number[] =>
      found.filter((one) => one.name === name).map(({ value }) => value);
    expect(inKernel!.stderr.replace(/^.*records (in|out)$/gm, '').trim()).toBe('');
    const paths = found.filter(({ name }) => name === 'path').map(({ key }) => textOf(key));
    expect(paths).toContain('/dev/zero');
    // One place in the kernel reads for dd, and its stack is one key.
    expect(counts('stack')).toEqual([READS]);
    expect(counts('deep')[0]).toBeGreaterThan(3);
    expect(counts('same')).toEqual([READS]);
    for (const name of ['kaddr', 'percpu', 'none', 'pcomm'])
      expect([name, counts(name)]).toEqual([name, [READS]]);

    const texts = rowsOf(inUser!.stdout).map(({ name, key, value }) => [
      name,
      name === 'text' ? textOf(key) : '',
      value,
    ]);
    expect(texts.sort()).toEqual([
      ['here', '', 11],
      ['text', 'thirty-one', 8],
      ['text', 'twenty-one', 3],
    ]);
  });
});

interface Row {
  readonly name: string;
  readonly key: string;
  readonly value: number;
}

function rowsOf(stdout: string): readonly Row[] {
  return [...stdout.matchAll(/^AT_(\w+) ([0-9a-f]+) (\d+)$/gm)].map(([, name, key, value]) => ({
    name: name!,
    key: key!,
    value: Number(value),
  }));
}

function textOf(key: string): string {
  return Buffer.from(key, 'hex').toString().replace(/\0.*$/s, '');
}
