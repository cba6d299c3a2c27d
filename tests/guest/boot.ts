/** Booting a guest: jobs in, results out. Many jobs share one boot, since starting costs seconds and a job little. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractDisk, makeDisk } from './disk.ts';
import type { Image } from './image.ts';
import { type Job, type JobResult, readJobs, totalLimit, writeJobs } from './job.ts';
import type { GuestKernel } from './kernel.ts';
import { MachineError, runMachine } from './qemu.ts';

export interface BootOptions {
  readonly kernel: GuestKernel;
  readonly image: Image;
  readonly jobs: readonly Job[];
  /** Seconds for the whole boot; default: all jobs' limits and a minute for the kernel, at most half an hour. */
  readonly timeout?: number;
  /** Default 2048. */
  readonly memoryMiB?: number;
  /** Default 2. */
  readonly cpus?: number;
  /** Bytes jobs may write in all; default 64 MiB. */
  readonly outputBytes?: number;
  /** Boots again after one that came to no end: emulation was seen to stand still. Default 1. */
  readonly attempts?: number;
}

export interface BootResult {
  /** Host folder: `jobs/NNNN/…` as the guest left it and `console.log`. The caller removes it. */
  readonly folder: string;
  /** In the order of the jobs. */
  readonly jobs: readonly JobResult[];
  readonly console: string;
}

const BOOT_SECONDS = 60;
const MAX_SECONDS = 1800;
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** Boots, runs all jobs in order, powers off. Throws MachineError when the guest does not come to its end. */
export async function boot(options: BootOptions): Promise<BootResult> {
  const { attempts = 1 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await bootOnce(options);
    } catch (error) {
      if (attempt === attempts || !(error instanceof MachineError)) throw error;
      console.warn(`guest: attempt ${attempt} of ${attempts}: ${error.message}`);
    }
  }
}

async function bootOnce(options: BootOptions): Promise<BootResult> {
  const folder = await mkdtemp(join(tmpdir(), 'guest-'));
  try {
    return await bootIn(folder, options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function bootIn(folder: string, options: BootOptions): Promise<BootResult> {
  const jobDisk = join(folder, 'job.img');
  await makeJobDisk(options, folder, jobDisk);
  const seconds = options.timeout ?? Math.min(BOOT_SECONDS + totalLimit(options.jobs), MAX_SECONDS);
  const text = await runMachine({
    kernel: options.kernel.path,
    rootDisk: options.image.path,
    jobDisk,
    memoryMiB: options.memoryMiB ?? 2048,
    cpus: options.cpus ?? 2,
    timeout: seconds * 1000,
  });
  await writeFile(join(folder, 'console.log'), text);
  await extractDisk(jobDisk, '/jobs', folder);
  await rm(jobDisk);
  return { folder, console: text, jobs: await readJobs(options.jobs, join(folder, 'jobs')) };
}

async function makeJobDisk(options: BootOptions, folder: string, jobDisk: string): Promise<void> {
  const source = join(folder, 'source');
  await mkdir(source);
  const size = await writeJobs(options.jobs, source);
  const free = options.outputBytes ?? OUTPUT_BYTES;
  await makeDisk({ folder: source, image: jobDisk, used: size, free });
  await rm(source, { recursive: true });
}
