/** `OutputSink`: where a session's results go; one implementation a format. */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { PrintkLine } from '../kernel.ts';
import type { ByteString } from './byte-string.ts';
import type { MapView } from './map-view.ts';
import type { Cell } from './read.ts';

/** Kinds of finished text; JSON names them, plain text does not. */
export type TextKind = 'printf' | 'time' | 'cat' | 'join' | 'syscall';

/** A warning or error met while the script ran. */
export interface RuntimeMessage {
  readonly kind: 'errorf' | 'warnf' | 'helper_error' | 'runtime_error';
  readonly diagnostic: Diagnostic;
  /** For helper errors. */
  readonly helper?: { readonly name: string; readonly retcode: number };
}

/** What the records of programs go through, as a source of losses. */
export const OUTPUT_BUFFER = 'the output buffer';

export interface OutputSink {
  /** The banner: probes are attached now. */
  attached(probes: number): void;
  text(kind: TextKind, text: ByteString): void;
  /** What a program printed for the trace pipe. */
  printk(line: PrintkLine): void;
  /** `print(value)` */
  value(cell: Cell): void;
  /** `print(@m)`, `print(@m[k])` and the dump at the end. */
  map(view: MapView): void;
  /** Events the tracer lost; undefined when nobody counted them. */
  lost(count: number | undefined, source: string): void;
  runtime(message: RuntimeMessage): void;
  /** Before the maps are printed at the end. */
  end(): void;
}

/** The streams a sink writes to; stdout takes byte strings, stderr text. */
export interface Streams {
  out(text: ByteString): void;
  err(text: string): void;
}
