/**
 * What user space names by number in keys and values of maps. A machine has no file descriptors: a map and a program go
 * by their id, from 1, which is what Linux answers when it is asked for such a value.
 */
import type { Program } from '../program.ts';
import type { BpfMap } from './map.ts';

/** Things of the world outside that maps hold or belong to. */
export type ObjectKind = 'cgroup' | 'socket' | 'task' | 'inode' | 'device';

export interface Handles {
  map(id: number): BpfMap | undefined;
  program(id: number): Program | undefined;
  /** Whether the world has such a thing; where this is absent every number above 0 is one. */
  has?(kind: ObjectKind, number: number): boolean;
}

/** The id of a program. */
export function programId(program: Program): number {
  return program.slot + 1;
}

/** Numbers are below 2^31, as those of descriptors. */
export function exists(handles: Handles | undefined, kind: ObjectKind, number: number): boolean {
  return number > 0 && number <= 0x7fff_ffff && handles?.has?.(kind, number) !== false;
}
