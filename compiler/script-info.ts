/**
 * `ScriptInfo`: the user-space half of a compiled script, as a plain serialisable table. The programs write records
 * into the output buffer; user space looks the record's action up here and does the printing.
 *
 * A record in the output buffer (ring buffer or perf event array `ScriptInfo.output`), little endian on x86:
 *
 *     0        8                      bytes
 *     +--------+---------------------+
 *     | action | payload of the kind |
 *     +--------+---------------------+
 *
 * `action` is a u64 index into {@link ScriptInfo.actions}.
 */
import type { Span } from '../bpf/span.ts';
import type { Type } from './types/type.ts';

/** A value at a byte offset of the record (the action word included). */
export interface RecordField {
  readonly offset: number;
  readonly type: Type;
}

/** A piece of a checked format string. */
export type FormatPiece =
  /** Bytes to copy, one character a byte. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'conversion';
      /** Index into the action's `args`. */
      readonly arg: number;
      readonly flags: {
        readonly left: boolean;
        readonly plus: boolean;
        readonly space: boolean;
        readonly alternate: boolean;
        readonly zero: boolean;
      };
      readonly width?: number;
      readonly precision?: number;
      readonly length: '' | 'hh' | 'h' | 'l' | 'll' | 'j' | 'z' | 't' | 'L';
      readonly conversion: 'd' | 'i' | 'u' | 'o' | 'x' | 'X' | 'c' | 'p' | 's' | 'r' | 'rx' | 'rh' | 'gr';
    };

export type Action = { readonly span: Span } & (
  | {
      readonly kind: 'printf' | 'errorf' | 'warnf' | 'system' | 'cat';
      readonly format: readonly FormatPiece[];
      readonly args: readonly RecordField[];
    }
  | { readonly kind: 'print-value'; readonly value: RecordField }
  | { readonly kind: 'print-map'; readonly map: string; readonly top?: number; readonly div?: number }
  /**
   * `print(@m[k])`: the key and the value as they were when the probe ran. Without a value (hist, lhist) user space
   * gathers the key's buckets when it comes to print them.
   */
  | {
      readonly kind: 'print-map-entry';
      readonly map: string;
      readonly key: RecordField;
      readonly value?: RecordField;
    }
  | { readonly kind: 'clear-map' | 'zero-map'; readonly map: string }
  | { readonly kind: 'time'; readonly format: string }
  | { readonly kind: 'join'; readonly separator: string; readonly words: RecordField }
  /** Detaches the watchpoints of an address. */
  | { readonly kind: 'unwatch'; readonly address: RecordField }
  /** A u64 of boot time, then a packet, of which `offset` bytes are left out. */
  | { readonly kind: 'skboutput'; readonly file: string; readonly offset: number }
  /** The exit code is the payload's s64. */
  | { readonly kind: 'exit'; readonly code: RecordField }
  /** A warning found while running: division by zero, index out of bounds. */
  | { readonly kind: 'runtime-error'; readonly message: string }
  /** A helper returned an error: s64 payload. `message` is fixed text, or absent to use errno's. */
  | {
      readonly kind: 'helper-error';
      readonly helper: string;
      readonly retcode: RecordField;
      readonly message?: string;
    }
);

/** A map of the script, as its author thinks of it. */
export interface ScriptMap {
  /** With the `@`. */
  readonly name: string;
  /** Absent for scalar maps, whose BPF key is a u64 0. */
  readonly key?: Type;
  /** Bytes of the BPF key: of `key` (8 for scalars), plus 8 of bucket index for hist and lhist. */
  readonly keySize: number;
  readonly value: Type;
  readonly perCpu: boolean;
  readonly declaredAt: Span;
}

/** Where the frames of stacks of one shape are: u64 addresses, zero after the last, or 32-byte `struct bpf_stack_build_id`. */
export interface StackMap {
  readonly limit: number;
  readonly buildIds: boolean;
  /** The stack map; absent for stacks deeper than one takes. */
  readonly traces?: string;
  /** By hash: a u64 of bytes used, then the frames. */
  readonly spilled?: string;
}

/**
 * `start-ns`: boot time when tracing began; `tai-offset-ns`: what to add to boot time to have international atomic time;
 * `child-pid`: the process that `-c` started, or 0.
 */
export type StartWord = (typeof START_WORDS)[number];

export const START_WORDS = ['start-ns', 'tai-offset-ns', 'child-pid'] as const;

/** A word in an array-of-one map that user space writes before programs run. */
export interface StartValue {
  readonly kind: StartWord;
  readonly map: string;
  readonly offset: number;
}

/** A named parameter: a value in an array-of-one map that user space writes before programs run. */
export interface ScriptOption {
  readonly name: string;
  /** A bool, an int64 or a string. */
  readonly type: Type;
  readonly initial: bigint | boolean | string;
  readonly help?: string;
  readonly map: string;
  readonly offset: number;
}

export interface ScriptInfo {
  /** Name of the BPF map that carries records. */
  readonly output: { readonly map: string; readonly kind: 'ringbuf' | 'perf_event_array' };
  /** Array-of-one map of a u64 counting records that did not fit; per CPU. */
  readonly lostCounter?: string;
  readonly actions: readonly Action[];
  /** In the order they are printed at the end (by name). */
  readonly maps: readonly ScriptMap[];
  readonly startValues: readonly StartValue[];
  /** Absent when the script has none. */
  readonly options?: readonly ScriptOption[];
  /** Absent when the script takes no stacks. */
  readonly stackMaps?: readonly StackMap[];
  /** The result is the same in whatever order the events of different CPUs come; absent where that is not proven. */
  readonly anyOrder?: true;
  readonly config: ScriptConfig;
}

/** Settings that user space needs after compilation. */
export interface ScriptConfig {
  readonly printMapsOnExit: boolean;
  /** Appended to strings without a NUL. */
  readonly strTruncTrailer: string;
  readonly maxCatBytes: number;
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  readonly outputPages: number;
}
