import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { boot } from './boot.ts';
import { buildImage } from './image.ts';
import { findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages();
if (packages.kind === 'unavailable') console.log(`guest tests skipped: ${packages.reason}`);

it.skipIf(packages.kind === 'unavailable')(
  'boots, runs jobs in order and brings their results back',
  async () => {
    const kernel = await findKernel();
    const result = await boot({
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
    expect(hello).toMatchObject({
      stdout: `hello from ${kernel.release}\ngiven\n`,
      stderr: 'oops\n',
      exitCode: 0,
    });
    expect(failing).toMatchObject({ stdout: '', exitCode: 7 });
    expect(await readFile(join(failing!.folder, 'artifact'), 'utf8')).toBe('kept\n');
    expect(hanging).toMatchObject({ stdout: 'before\n', exitCode: 137 });
    expect(mounts).toMatchObject({ stderr: '', exitCode: 0 });
    await rm(result.folder, { recursive: true });
  },
);

it.skipIf(packages.kind === 'unavailable')('says why a guest did not come to its end', async () => {
  const options = { kernel: await findKernel(), image: await buildImage() };
  const jobs = [{ name: 'hanging', command: 'sleep 1000' }];
  await expect(boot({ ...options, jobs, timeout: 1 })).rejects.toThrow(/stopped by SIGKILL \(limit 1 s\)/);
  const power = [{ name: 'early', command: 'poweroff -f' }];
  await expect(boot({ ...options, jobs: power })).rejects.toThrow(/powered off before its jobs were done/);
});
