/** Jobs: shell commands to run in the guest, each in a folder of its own, and what came of them. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Job {
  /** Told in errors; need not be unique. */
  readonly name: string;
  /** Text of a shell script, run by busybox sh with the job's folder as working directory. */
  readonly command: string;
  /** Files put beside the command, by plain file name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Seconds until the job is killed (exit code 137); default 60. */
  readonly limit?: number;
}

export interface JobResult {
  readonly name: string;
  /** Host folder with everything the job left in its working directory. */
  readonly folder: string;
  readonly stdout: string;
  readonly stderr: string;
  /** As the shell tells it: 128 + N after signal N. */
  readonly exitCode: number;
}

const DEFAULT_LIMIT_SECONDS = 60;

/** Lays the jobs out below the host folder `root` (see init.ts) and returns the bytes they take. */
export async function writeJobs(jobs: readonly Job[], root: string): Promise<number> {
  let size = 0;
  for (const [index, job] of jobs.entries()) {
    const folder = join(root, 'jobs', jobFolder(index));
    await mkdir(folder, { recursive: true });
    const files = { ...job.files, command: job.command, limit: `${job.limit ?? DEFAULT_LIMIT_SECONDS}\n` };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      size += (await stat(join(folder, name))).size;
    }
  }
  return size;
}

/** Reads back what {@link writeJobs} laid out, from the extracted `jobs` folder. Throws for a job that did not run. */
export async function readJobs(jobs: readonly Job[], folder: string): Promise<readonly JobResult[]> {
  return Promise.all(jobs.map((job, index) => readJob(job, join(folder, jobFolder(index)))));
}

/** Seconds all jobs may take together. */
export function totalLimit(jobs: readonly Job[]): number {
  return jobs.reduce((sum, job) => sum + (job.limit ?? DEFAULT_LIMIT_SECONDS), 0);
}

async function readJob(job: Job, folder: string): Promise<JobResult> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const exit = await read('exit').catch((cause: unknown) => {
    throw new Error(`job ${job.name} left no exit code in ${folder}`, { cause });
  });
  const exitCode = Number.parseInt(exit, 10);
  return { name: job.name, folder, stdout: await read('stdout'), stderr: await read('stderr'), exitCode };
}

function jobFolder(index: number): string {
  return String(index).padStart(4, '0');
}
