/**
 * Objects of every kind of probe, attached by plain libbpf in a booted kernel: a child that does a known number of things has
 * just these numbers in the maps at the end.
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
import type { JobResult } from './job.ts';
import { fetchKernel, findKernel, type GuestKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages(['libbpf-dev', 'gcc', 'systemtap-sdt-dev']);
if (packages.kind === 'unavailable') console.log(`guest tests of probes skipped: ${packages.reason}`);

const newer = await fetchKernel('6.12.').catch(() => undefined);

/** Reads of dd, and their bytes. */
const READS = 37;
const SIZE = 512;
/** Calls of the probed program's function. */
const CALLS = 21;
const PROBED = '/usr/bin/probed';

const DD = `comm == "dd"`;
const KERNEL_SCRIPT = `
kprobe:vfs_read /${DD} && arg2 == ${SIZE}/ { @kprobe = count(); }
kprobe:vfs_read /${DD} && args.count == ${SIZE}/ { @kprobe_named = count(); }
kprobe:vfs_read /${DD} && reg("dx") == ${SIZE} && usermode == 0/ { @kprobe_reg = count(); }
kprobe:vfs_rea* /${DD} && arg2 == ${SIZE}/ { @pattern[func] = count(); }
kretprobe:vfs_read /${DD} && retval == ${SIZE}/ { @kretprobe[func] = count(); }
fentry:vfs_read /${DD} && args.count == ${SIZE}/ { @fentry = sum(args.count); @fentry_func[func] = count(); }
fentry:vfs_read /${DD} && args.count == ${SIZE}/ { @file[str(args.file.f_path.dentry.d_name.name)] = count(); }
fexit:vfs_read /${DD} && args.count == ${SIZE} && retval == ${SIZE}/ { @fexit = sum(retval); }
tracepoint:syscalls:sys_enter_read, tracepoint:syscalls:sys_enter_write /${DD} && args.count == ${SIZE}/ {
  @tracepoints = count();
}
rawtracepoint:sys_enter /${DD} && args.id == 0/ { @raw = count(); }
rawtracepoint:sys_enter /${DD} && arg1 == 1/ { @raw_number = count(); }
`;

const USER_SCRIPT = `
uprobe:${PROBED}:work { @uprobe = sum(arg1); @third[str(arg2)] = count(); }
uprobe:${PROBED}:work /args.count >= 0 && args.small == -3/ { @named = sum(args.count); @string[str(args.name)] = count(); }
uprobe:${PROBED}:work { @weight = sum(args.item.weight); @number = sum(args.item.number + 10); }
uretprobe:${PROBED}:work { @uretprobe = sum(retval); }
usdt:${PROBED}:probed:step /arg0 == -5 && arg2 == -3/ { @usdt = sum(arg1); }
`;

const ITER_SCRIPT = 'iter:task { printf("task %s %d\\n", ctx.task.comm, ctx.task.pid); }';

describe.skipIf(packages.kind === 'unavailable')('attached by libbpf', () => {
  let folder = '';
  let usdtOffset = 0;
  let kernel: KernelInfo;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probes-'));
    const source = (name: string): string => join(import.meta.dirname, name);
    await run('gcc', ['-O1', '-Wall', '-o', join(folder, 'attach'), source('attach.c'), '-lbpf']);
    await run('gcc', ['-O1', '-g', '-o', join(folder, 'probed'), source('probed.c')]);
    const binary = openBinary(memorySource(await readFile(join(folder, 'probed'))));
    usdtOffset = binary.usdt[0]!.places[0]!.offset!;
    const binaries: BinaryCatalog = { resolve: (path) => [path], ofProcess: () => [], open: () => binary };
    kernel = Object.create(openSnapshotFile(snapshotPath('linux-6.1', '')), {
      binaries: { value: binaries },
    }) as KernelInfo;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function objectOf(text: string): Uint8Array {
    const result = compile({ source: { name: 'stdin', text }, kernel, target: profileFor('6.1') });
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    return writeScriptFile(result.object!, result.info!, result.origin!);
  }

  async function judge(guest: GuestKernel): Promise<void> {
    const image = await buildImage({ programs: [join(folder, 'attach'), join(folder, 'probed')] });
    const dd = `dd if=/dev/zero of=/dev/null bs=${SIZE} count=${READS}`;
    const result = await boot({
      kernel: guest,
      image,
      jobs: [
        { name: 'kernel', command: `attach a.o -- ${dd}`, files: { 'a.o': objectOf(KERNEL_SCRIPT) } },
        {
          name: 'user',
          command: `attach a.o ${usdtOffset} -- ${PROBED}`,
          files: { 'a.o': objectOf(USER_SCRIPT) },
        },
        { name: 'iter', command: 'attach a.o -- true', files: { 'a.o': objectOf(ITER_SCRIPT) } },
      ],
    });
    await rm(result.folder, { recursive: true });
    const [inKernel, inUser, iterator] = result.jobs;

    // Kernels of some distributions have no FPROBE, and so no multi links.
    const hasMulti = !/kprobe\.multi.*cannot be attached/.test(inKernel!.stderr);
    expect(
      inKernel!.stderr
        .replace(
          /^.*kprobe\.multi.*$|^.*records (in|out)$|^libbpf: .* failed to attach: Operation not supported$/gm,
          '',
        )
        .trim(),
    ).toBe('');
    const bytes = READS * SIZE;
    expect(mapsOf(inKernel!)).toEqual({
      kprobe: [READS],
      kprobe_named: [READS],
      kprobe_reg: [READS],
      ...(hasMulti && { pattern: [READS] }),
      kretprobe: [READS],
      fentry: [bytes],
      fentry_func: [READS],
      file: [READS],
      fexit: [bytes],
      tracepoints: [2 * READS],
      raw: [expect.any(Number)],
      raw_number: [expect.any(Number)],
    });
    expect(keysOf(inKernel!, 'file')).toEqual(['zero']);
    // The function's own address, whichever kind of probe tells it.
    const [address] = rawKeys(inKernel!, 'fentry_func');
    expect(rawKeys(inKernel!, 'kretprobe')).toEqual([address]);
    if (hasMulti) expect(rawKeys(inKernel!, 'pattern')).toEqual([address]);
    expect(mapsOf(inKernel!).raw![0]).toBeGreaterThanOrEqual(READS);
    expect(mapsOf(inKernel!).raw_number![0]).toBeGreaterThanOrEqual(READS);

    const sum = (CALLS * (CALLS - 1)) / 2;
    expect(mapsOf(inUser!)).toEqual({
      uprobe: [sum],
      third: [CALLS],
      named: [sum],
      string: [CALLS],
      weight: [1000 * CALLS],
      number: [5 * CALLS],
      uretprobe: [1000 * CALLS + sum],
      usdt: [sum],
    });
    expect([keysOf(inUser!, 'third'), keysOf(inUser!, 'string')]).toEqual([['twenty-one'], ['twenty-one']]);

    expect(iterator!.exitCode).toBe(0);
    expect(iterator!.stdout).toMatch(/^task init 1\n/m);
    expect(iterator!.stdout).toMatch(/^task attach \d+$/m);
  }

  it('to Linux 6.1', async () => judge(await findKernel('6.1.')));
  it.skipIf(newer === undefined)('to Linux 6.12, by the types of 6.1', async () => judge(newer!));
});

/** Values of each map, in no order. `@` is `AT_` in the names of symbols. */
function mapsOf({ stdout, stderr }: JobResult): Readonly<Record<string, readonly number[]>> {
  const maps: Record<string, number[]> = {};
  for (const { name, value } of rows(stdout)) {
    maps[name] ??= [];
    maps[name].push(value);
  }
  if (stdout === '') throw new Error(stderr);
  return maps;
}

function rows(
  stdout: string,
): readonly { readonly name: string; readonly key: string; readonly value: number }[] {
  return [...stdout.matchAll(/^AT_(\w+) ([0-9a-f]+) (\d+)$/gm)].map(([, name, key, value]) => ({
    name: name!,
    key: key!,
    value: Number(value),
  }));
}

function rawKeys({ stdout }: JobResult, map: string): readonly string[] {
  return rows(stdout).flatMap(({ name, key }) => (name === map ? key : []));
}

/** Keys that are texts. */
function keysOf(job: JobResult, map: string): readonly string[] {
  return rawKeys(job, map).map((key) => Buffer.from(key, 'hex').toString().replace(/\0.*$/s, ''));
}
