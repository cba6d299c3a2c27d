/**
 * The kernel of this machine as a snapshot: `/sys/kernel/btf`, tracefs, `/proc/kallsyms`. What cannot be read (most of it
 * wants root) is left out and told.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, machine, release } from 'node:os';
import { join } from 'node:path';
import {
  type EventText,
  type KernelFunction,
  type KernelSnapshot,
  parseTraceableFunctions,
  syscallsOf,
} from '../snapshot/index.ts';

export interface HostSnapshot {
  readonly snapshot: KernelSnapshot;
  /** What is missing, and why. */
  readonly warnings: readonly string[];
}

export interface HostOptions {
  /** Where the machine's files begin: `/` unless told. */
  readonly root?: string;
}

export function hostSnapshot({ root = '/' }: HostOptions = {}): HostSnapshot {
  const warnings: string[] = [];
  const attempt = <T>(what: string, read: () => T | undefined): T | undefined => {
    try {
      return read();
    } catch (error) {
      warnings.push(`${what}: ${reason(error)}`);
      return undefined;
    }
  };
  const architecture = machine();
  const btf = attempt('types', () => bytesOf(join(root, 'sys/kernel/btf/vmlinux')));
  const moduleBtf = btf === undefined ? undefined : attempt('types of modules', () => readModules(root));
  const tracefs = attempt('tracepoints and functions', () => findTracefs(root));
  const formats = tracefs === undefined ? undefined : attempt('tracepoints', () => readFormats(tracefs));
  const functions = tracefs === undefined ? undefined : attempt('functions', () => readFunctions(tracefs));
  const kallsyms = attempt('symbols', () => textOf(join(root, 'proc/kallsyms')));
  const syscalls = syscallsOf({
    architecture,
    ...(formats === undefined ? {} : { formats }),
    ...(kallsyms === undefined ? {} : { kallsyms }),
  });
  if (syscalls === undefined)
    warnings.push(`system calls: nothing tells of them, or their numbers on ${architecture}`);
  const snapshot = {
    release: release(),
    architecture,
    cpus: cpus().length,
    ...(btf === undefined ? {} : { btf }),
    ...(moduleBtf === undefined ? {} : { moduleBtf }),
    ...(formats === undefined ? {} : { formats }),
    ...(functions === undefined ? {} : { functions }),
    ...(syscalls === undefined ? {} : { syscalls }),
  };
  return { snapshot, warnings };
}

function readModules(root: string): ReadonlyMap<string, Uint8Array> {
  const folder = join(root, 'sys/kernel/btf');
  const names = readdirSync(folder).filter((name) => name !== 'vmlinux');
  return new Map(names.map((name) => [name, bytesOf(join(folder, name))]));
}

function readFunctions(tracefs: string): readonly KernelFunction[] {
  return parseTraceableFunctions(textOf(join(tracefs, 'available_filter_functions')));
}

function findTracefs(root: string): string {
  const folders = ['sys/kernel/tracing', 'sys/kernel/debug/tracing'].map((path) => join(root, path));
  const found = folders.find((folder) => existsSync(join(folder, 'events')));
  if (found === undefined) throw new Error(`neither ${folders.join(' nor ')} can be read (tracefs, as root)`);
  return found;
}

function readFormats(tracefs: string): readonly EventText[] {
  const folders = (path: string): readonly string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  const events = join(tracefs, 'events');
  return folders(events).flatMap((system) =>
    folders(join(events, system)).flatMap((name) => {
      const path = join(events, system, name, 'format');
      return existsSync(path) ? { system, name, text: textOf(path) } : [];
    }),
  );
}

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
