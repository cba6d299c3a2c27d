/** User binaries: what uprobes and USDT probes need of programs and libraries. */
export { type FunctionCount, openBinary, UserBinary } from './binary.ts';
export { buildIdPath } from './build-id.ts';
export { debugPaths } from './debug-files.ts';
export type { DebugLink } from './debug-link.ts';
export { type BinaryDescription, describeBinary } from './describe.ts';
export type { FunctionSymbol } from './function-symbol.ts';
export type { FunctionTable } from './function-table.ts';
export type { BinaryKind } from './kind.ts';
export type { BinaryCompression, BinaryPorts, DebugRequest } from './ports.ts';
export type { SymbolVersion } from './symbol-versions.ts';
export type { UsdtPlace, UsdtProbe, UsdtSemaphore } from './usdt.ts';
export type { UsdtArgument, UsdtMemory } from './usdt-argument.ts';
export type { UsdtRegister } from './usdt-registers.ts';
