/** The parts of the platform's WebAssembly object that are used here: the ECMAScript library types lack it. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

declare const moduleBrand: unique symbol;
/** Compiled code without imports. */
export interface WasmModule {
  readonly [moduleBrand]: true;
}

/** What instances export here: functions on numbers, and on BigInts where an i64 crosses. */
export type WasmFunction = (...args: readonly (number | bigint)[]) => number | bigint | undefined;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmFunction>>;
}

/** A table of functions. */
export interface WasmTable {
  readonly length: number;
  get(index: number): WasmFunction | null;
  set(index: number, value: WasmFunction | null): void;
  grow(delta: number): number;
}

interface Platform {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Table: new (descriptor: {
    readonly element: 'anyfunc';
    readonly initial: number;
    readonly maximum?: number;
  }) => WasmTable;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance;
  /** What a trap throws. */
  readonly RuntimeError: new (
    message?: string,
  ) => Error;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

declare const WebAssembly: Platform;

export const wasm: Platform = WebAssembly;
