/** Snapshots of kernels: what a compiler may ask of one, saved in a file. */
export { isSnapshot, SNAPSHOT_FORMAT, type SnapshotHeader } from './container.ts';
export type { EventText } from './format-part.ts';
export type { KernelFunction } from './function-part.ts';
export { openSnapshot, type SnapshotInfo } from './open.ts';
export { type SyscallTraces, syscallsOf } from './syscalls-of.ts';
export { parseTraceableFunctions } from './traceable-functions.ts';
export { type KernelSnapshot, writeSnapshot } from './write.ts';
