/**
 * What the checker learns and the lowering reads: maps of the whole program, units (one program each), and per unit
 * the types, constants and variables of its syntax nodes.
 */
import type { Diagnostic, DiagnosticList } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { TargetProfile } from '../../bpf/profiles/index.ts';
import type { Span } from '../../bpf/span.ts';
import type { ResolvedPoint } from '../resolve/attach.ts';
import type { Settings } from '../resolve/config.ts';
import type { Need } from '../resolve/needs.ts';
import type {
  AssignStatement,
  Expression,
  ForStatement,
  FunctionDefinition,
  MapDeclaration,
  Probe,
  VariableName,
} from '../syntax/ast.ts';
import type { StructType, Type } from '../types/type.ts';
import type { TypeTable } from '../types/type-table.ts';

/** A value known at compile time. Integers are exact: -2^63 … 2^64-1. */
export type Constant =
  | {
      readonly kind: 'integer';
      readonly value: bigint;
      /** Went through a cast: no plain literal any more, so that division is the machine's, unsigned one. */
      readonly cast?: boolean;
    }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly bytes: Uint8Array };

/** A map of the script. Mutable while types are inferred, fixed afterwards. */
export interface MapSymbol {
  /** Without the `@`. */
  readonly name: string;
  readonly firstUse: Span;
  declaration?: MapDeclaration;
  keyed?: boolean;
  key?: Type;
  value?: Type;
  /** Somebody writes it, be it with a value whose type is not known. */
  written?: boolean;
  /** Where the value's type comes from. */
  assignedAt?: Span;
}

/** A named parameter, `getopt("name", default, "help")`. */
export interface OptionSymbol {
  readonly name: string;
  readonly type: Type;
  readonly initial: Constant;
  help?: string;
  readonly firstUse: Span;
}

export interface VariableSymbol {
  readonly name: string;
  readonly declaredAt: Span;
  /** Loop whose callback the variable belongs to; undefined for the program itself. */
  readonly owner: ForStatement | undefined;
  /** Has a type of its own in its `let`: `declared`, once that is known. */
  annotated?: boolean;
  declared?: Type;
  type?: Type;
  assigned: boolean;
  /** Used by the callback of a loop inside its scope, so it has to live in memory. */
  captured: boolean;
  /** Its address is taken, so it has to live in memory. */
  addressed?: boolean;
}

/** A function of the script. Its unit has no points: what it is called from is not known to it. */
export interface Subprogram {
  readonly definition: FunctionDefinition;
  readonly unit: Unit;
  /** Undefined where they were complained of. */
  parameters: readonly (Type | undefined)[];
  result: Type | undefined;
  /** The functions it calls, each with a place of a call. */
  readonly calls: Map<Subprogram, Span>;
}

/** One program to be: a probe's body for points that can share code; or a function. */
export interface Unit {
  readonly index: number;
  readonly probe: Probe;
  readonly points: readonly ResolvedPoint[];
  readonly types: Map<Expression, Type>;
  readonly constants: Map<Expression, Constant>;
  /** Symbol of each variable node; declarations are keyed by their own node. */
  readonly variables: Map<VariableName, VariableSymbol>;
  /** The binary expression each compound assignment stands for. */
  readonly compounds: Map<AssignStatement, Expression>;
  /** What an expression stands for: `typeinfo(e)` is a tuple of constants. */
  readonly rewritten: Map<Expression, Expression>;
  /** The struct whose layout each `sizeof` and `offsetof` asks for. */
  readonly layouts: Map<Expression, StructType>;
  /** Functions that contain loops with callbacks: the program (undefined) or a loop's own callback. */
  readonly loopOwners: Set<ForStatement | undefined>;
  /** The function whose body this is. */
  readonly subprogram?: Subprogram;
  /** The parser lost a part of the body: what is missing of it may be what another part needs. */
  readonly damaged?: boolean;
}

export interface Model {
  /** The oldest kernel to serve: decides what is generated, whatever kernel the script is checked against. */
  readonly target: TargetProfile;
  readonly kernel: KernelInfo;
  /** Types and constants of C that the script can name. */
  readonly typeTable: TypeTable;
  readonly settings: Settings;
  readonly params: readonly string[];
  readonly unsafe: boolean;
  /** Failed reads of memory and of maps are told when they happen. */
  readonly warnReads: boolean;
  readonly maps: Map<string, MapSymbol>;
  /** What the script names of the traced machine is there: names that `kernel` lacks have no known type. */
  readonly mockSymbols: boolean;
  /** A part of the script was left out, with an error: what is not written anywhere may be written there. */
  readonly incomplete: boolean;
  /** C definitions were complained of: a name that nobody gives may have been theirs. */
  readonly namesMissing: boolean;
  /** Named parameters, in the order they are first asked for. */
  readonly options: Map<string, OptionSymbol>;
  readonly units: readonly Unit[];
  /** The script asks how many frames a stack has that is kept somewhere: all of them count theirs. */
  countsFrames?: boolean;
  /** The script's functions, by name. */
  readonly functions: ReadonlyMap<string, Subprogram>;
  /** Names of the script's functions and macros, for suggestions. */
  readonly callables: readonly string[];
  /** What the kernel must have, gathered by the checker. */
  readonly needs: Need[];
  /** Mistakes that may only follow of others: told when there are no others. */
  readonly doubtful: Diagnostic[];
  readonly sink: DiagnosticList;
}

/** Functions first, since their calls are typed by them. */
export function allUnits({ functions, units }: Model): readonly Unit[] {
  return [...[...functions.values()].map(({ unit }) => unit), ...units];
}

export function mapSymbol(model: Model, name: string, span: Span): MapSymbol {
  let symbol = model.maps.get(name);
  if (symbol === undefined) {
    symbol = { name, firstUse: span };
    model.maps.set(name, symbol);
  }
  return symbol;
}
