/**
 * What a print format's arguments are once parsed: C expressions over the fields of one record, and the macros that the
 * kernel leaves by name in `print fmt` (kernel `include/trace/stages/stage3_trace_output.h`).
 */
import type { EventField } from '../event-format.ts';

export type UnaryOperator = '!' | '~' | '-' | '+';

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';

/** One `{ value, "text" }` of `__print_flags` and `__print_symbolic`. */
export interface SymbolEntry {
  readonly value: bigint;
  readonly text: string;
}

/** Where bytes come from: `__get_dynamic_array(name)`, `REC->name`. */
export type PrintData = Extract<PrintExpression, { readonly kind: 'dynamic-array' | 'field' }>;

export type PrintExpression =
  /** A number as C writes it, or the name of an enumerator that the kernel did not replace (then it counts as 0). */
  | { readonly kind: 'number'; readonly value: bigint; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: EventField }
  | { readonly kind: 'cast'; readonly type: string; readonly operand: PrintExpression }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: PrintExpression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: PrintExpression;
      readonly right: PrintExpression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: PrintExpression;
      readonly whenTrue: PrintExpression;
      readonly whenFalse: PrintExpression;
    }
  | { readonly kind: 'index'; readonly array: PrintExpression; readonly index: PrintExpression }
  | {
      readonly kind: 'flags';
      readonly value: PrintExpression;
      readonly delimiter: string;
      readonly entries: readonly SymbolEntry[];
    }
  | { readonly kind: 'symbolic'; readonly value: PrintExpression; readonly entries: readonly SymbolEntry[] }
  /** `__print_hex` puts spaces between bytes, `__print_hex_str` does not. */
  | {
      readonly kind: 'hex';
      readonly data: PrintData;
      readonly length: PrintExpression;
      readonly separator: string;
    }
  | {
      readonly kind: 'int-array';
      readonly data: PrintData;
      readonly count: PrintExpression;
      readonly elementSize: PrintExpression;
    }
  /** `scsi_trace_parse_cdb`: a SCSI command in words. */
  | { readonly kind: 'scsi-command'; readonly data: PrintData }
  | { readonly kind: 'string'; readonly field: EventField }
  | { readonly kind: 'dynamic-array'; readonly field: EventField }
  | { readonly kind: 'dynamic-array-length'; readonly field: EventField }
  | { readonly kind: 'bitmask'; readonly field: EventField }
  | { readonly kind: 'cpumask'; readonly field: EventField }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly PrintExpression[] };

/** A print format that was understood. */
export interface PrintFormat {
  /** The format string as C source: backslash sequences are still in it. */
  readonly text: string;
  readonly args: readonly PrintExpression[];
}

/** A print format that cannot be evaluated: it calls functions of the kernel, or is damaged. */
export interface PrintFormatProblem {
  /** Characters from the start of the print format. */
  readonly offset: number;
  readonly message: string;
}
