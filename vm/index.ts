/** Running bytecode: `bpfkit/vm`. */
export { KERNEL_TAG, type LinearAddress, USER_TAG } from './address.ts';
export { Coverage } from './debug/coverage.ts';
export { type DebuggedRun, Debugger, type Stop } from './debug/debugger.ts';
export type { Engine, EngineFactory, EngineName, Runnable, Unsupported } from './engine.ts';
export * from './errno.ts';
export type { EventBatch } from './event-batch.ts';
export { type AccessKind, type FaultDetails, type FaultKind, hex64, LoadError, VmFault } from './fault.ts';
export { type HelperFunction, type HelperTable, setResult, setResultPair } from './helper-port.ts';
export { Interpreter, type PacketPort, type StepHook } from './interpreter/interpreter.ts';
export { binaryenEngine } from './jit/binaryen-engine.ts';
export { cachedDirectEngine, directEngine } from './jit/engine.ts';
export { ModuleCache } from './jit/module-cache.ts';
export { Current, FRAME_SIZE, FRAME_TOP, Known, MAX_FRAMES, MAX_LOOPS, RunState } from './layout.ts';
export { createMachine, type LoadedImage, Machine, type MachineOptions } from './machine.ts';
export type { ObjectKind } from './maps/handles.ts';
export {
  BPF_ANY,
  BPF_EXIST,
  BPF_F_LOCK,
  BPF_NOEXIST,
  type BpfMap,
  type MapLayout,
} from './maps/map.ts';
export type { BatchResult, LookupBatch } from './maps/map-batch.ts';
export type { MapSyscalls } from './maps/map-syscalls.ts';
export { PerfEventArrayMap } from './maps/perf-event-array-map.ts';
export { RecordRing, type RecordVisitor } from './maps/record-ring.ts';
export { RingBufferMap } from './maps/ring-buffer-map.ts';
export { BPF_F_FAST_STACK_CMP, BPF_F_REUSE_STACKID, StackTraceMap } from './maps/stack-trace-map.ts';
export { type MapEntry, UserMap } from './maps/user-map.ts';
export { UserRingBufferMap } from './maps/user-ring-buffer-map.ts';
export { Memory } from './memory.ts';
export type { MemoryMode } from './mode.ts';
export { CODE_TAG, type Program } from './program.ts';
export {
  type Region,
  type RegionKind,
  type RegionOptions,
  RegionTable,
  type RegionWindow,
} from './regions.ts';
export { residentEngine } from './resident/engine.ts';
export type { WasmMemory } from './wasm/platform.ts';
