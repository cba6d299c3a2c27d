import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type BootOptions, type BootResult, boot } from './boot.ts';
import { buildImage } from './image.ts';
import { fetchKernel, findKernel, type GuestKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages(['bpftrace']);
if (packages.kind === 'unavailable') console.log(`guest tests skipped: ${packages.reason}`);
const unavailable = packages.kind === 'unavailable';

/** The newer kernel needs a package source that has it. */
const newer = unavailable ? undefined : await fetchKernel('6.12.').catch(reasonOf);
if (typeof newer === 'string') console.log(`guest test on Linux 6.12 skipped: ${newer}`);

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function bootOnce(options: BootOptions): Promise<BootResult> {
  const result = await boot(options);
  folders.push(result.folder);
  return result;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  throw error;
}

it.skipIf(unavailable)('boots, runs jobs in order and brings their results back', async () => {
  const kernel = await findKernel();
  const result = await bootOnce({
    kernel,
    image: await buildImage(),
    jobs: [
      {
        name: 'hello',
        command: 'echo hello from $(uname -r); cat input; echo oops >&2',
        files: { input: 'given\n' },
      },
      { name: 'failing', command: 'echo kept >artifact; exit 7' },
      { name: 'hanging', command: 'echo before; sleep 1000', limit: 1 },
      { name: 'mounts', command: 'ls -d /sys/kernel/tracing/events /sys/fs/bpf /sys/kernel/btf/vmlinux' },
    ],
  });
  const [hello, failing, hanging, mounts] = result.jobs;
  const stdout = `hello from ${kernel.release}\ngiven\n`;
  expect(hello).toMatchObject({ stdout, stderr: 'oops\n', exitCode: 0 });
  expect(failing).toMatchObject({ stdout: '', exitCode: 7 });
  expect(await readFile(join(failing!.folder, 'artifact'), 'utf8')).toBe('kept\n');
  expect(hanging).toMatchObject({ stdout: 'before\n', exitCode: 137 });
  expect(mounts).toMatchObject({ stderr: '', exitCode: 0 });
});

it.skipIf(unavailable)('says why a guest did not come to its end', async () => {
  const options = { kernel: await findKernel(), image: await buildImage() };
  const jobs = [{ name: 'hanging', command: 'sleep 1000' }];
  await expect(boot({ ...options, jobs, timeout: 1 })).rejects.toThrow(/stopped by SIGKILL \(limit 1 s\)/);
  const power = [{ name: 'early', command: 'poweroff -f' }];
  await expect(boot({ ...options, jobs: power })).rejects.toThrow(/powered off before its jobs were done/);
});

it.skipIf(typeof newer !== 'object')(
  'runs the programs of the host and Node.js on a newer kernel',
  async () => {
    const kernel = newer as GuestKernel;
    const script = 'BEGIN { printf("traced\\n"); exit(); }';
    const result = await bootOnce({
      kernel,
      image: await buildImage({ programs: ['bpftrace'], node: true }),
      jobs: [
        { name: 'node', command: 'node -p "os.release()"' },
        { name: 'bpftrace', command: 'bpftrace -q script.bt', files: { 'script.bt': script } },
      ],
    });
    const [node, bpftrace] = result.jobs;
    expect(node).toMatchObject({ stdout: `${kernel.release}\n`, stderr: '', exitCode: 0 });
    expect(bpftrace).toMatchObject({ stdout: 'traced\n\n\n', exitCode: 0 });
  },
);
