/**
 * One run of the emulator, from power-on to power-off. Software emulation only: it needs no privilege and gives the
 * same results wherever the tests run.
 */
import { spawn } from 'node:child_process';
import { tail } from './command.ts';
import { ROOT_PARTITION_UUID } from './partition.ts';

const KERNEL_FLAGS = 'rw console=ttyS0 quiet panic=-1 mitigations=off';

export interface MachineOptions {
  readonly kernel: string;
  /** Found by its partition's name; what the guest writes to it is thrown away. */
  readonly rootDisk: string;
  /** The other one. */
  readonly jobDisk: string;
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Milliseconds until the machine is stopped. */
  readonly timeout: number;
}

/** The machine did not start, was stopped at its time limit, or its kernel panicked. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
}

/** Runs the machine until it powers off and returns what its console said. */
export function runMachine(options: MachineOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('qemu-system-x86_64', machineArguments(options), {
      timeout: options.timeout,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let console = '';
    child.stdout.on('data', (chunk: Buffer) => (console += chunk.toString('latin1')));
    child.stderr.on('data', (chunk: Buffer) => (console += chunk.toString('latin1')));
    child.on('error', (cause) => reject(new MachineError(`cannot start qemu: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => {
      const failure = machineFailure(code, signal, console, options.timeout);
      if (failure === undefined) return resolve(console);
      reject(new MachineError(`${failure}; the console ended with\n${tail(console)}`));
    });
  });
}

function machineArguments(options: MachineOptions): readonly string[] {
  return [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max'],
    ...['-m', String(options.memoryMiB), '-smp', String(options.cpus)],
    ...['-kernel', options.kernel],
    ...['-drive', `file=${options.rootDisk},format=raw,if=none,id=root,snapshot=on`],
    ...['-drive', `file=${options.jobDisk},format=raw,if=none,id=job`],
    ...['-device', 'nvme,id=nvme,serial=guest'],
    ...['-device', 'nvme-ns,drive=root,nsid=1', '-device', 'nvme-ns,drive=job,nsid=2'],
    ...['-append', `root=PARTUUID=${ROOT_PARTITION_UUID} rootwait ${KERNEL_FLAGS}`],
    ...['-nographic', '-no-reboot', '-net', 'none'],
  ];
}

function machineFailure(
  code: number | null,
  signal: NodeJS.Signals | null,
  console: string,
  timeout: number,
): string | undefined {
  if (signal !== null) return `the guest was stopped by ${signal} (limit ${Math.round(timeout / 1000)} s)`;
  if (code !== 0) return `qemu ended with code ${code}`;
  if (console.includes('Kernel panic')) return 'the guest kernel panicked';
  if (!console.includes('guest: finished')) return 'the guest powered off before its jobs were done';
  return undefined;
}
