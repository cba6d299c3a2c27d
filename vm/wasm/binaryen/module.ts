/** Modules built, checked and optimised by binaryen. */
import type binaryen from 'binaryen';
import type {
  BuiltModule,
  FunctionRef,
  FunctionType,
  GlobalRef,
  Mark,
  MemoryLimits,
  ModuleBuilder,
  ValueType,
} from '../builder.ts';
import { type BinaryenBody, BinaryenFunction, type BinaryenHost } from './function.ts';
import { type Operator, operators } from './operators.ts';
import { marksOf } from './source-map.ts';

export type Binaryen = typeof binaryen;

export interface BinaryenOptions {
  /** 0 (default): code as it was built, and so is code nested deeper than {@link MAX_OPTIMISED_NESTING}. */
  readonly optimise?: 0 | 1 | 2 | 3;
  /** Has binaryen check the module first, which tells more than the engine would. Default false. */
  readonly validate?: boolean;
  /** Gives the module's text as well. Default false. */
  readonly text?: boolean;
}

export interface BuiltByBinaryen extends BuiltModule {
  /** In the text format; undefined when it was not asked for. */
  readonly text: string | undefined;
}

export interface BinaryenModule extends ModuleBuilder {
  /** Throws RangeError when the code is nested too deeply for binaryen's recursion. */
  finish(): BuiltByBinaryen;
}

export function binaryenModule(library: Binaryen, options: BinaryenOptions): BinaryenModule {
  return new Builder(library, options);
}

/** Blocks in blocks: binaryen's passes take time by the square of it. */
export const MAX_OPTIMISED_NESTING = 500;

interface Declared {
  readonly name: string;
  readonly type: FunctionType;
  readonly isImport: boolean;
  isDefined: boolean;
}

const MEMORY = 'memory';
const TABLE = 'table';
const NO_MAXIMUM = -1;

class Builder implements BinaryenModule, BinaryenHost {
  readonly library: Binaryen;
  readonly module: binaryen.Module;
  readonly table: string = TABLE;
  readonly operators: ReadonlyMap<number, Operator>;
  readonly #options: BinaryenOptions;
  readonly #functions: Declared[] = [];
  readonly #globals: ValueType[] = [];
  #file: number | undefined;
  #nesting = 0;

  constructor(library: Binaryen, options: BinaryenOptions) {
    this.library = library;
    this.#options = options;
    this.module = new library.Module();
    const { BulkMemory, BulkMemoryOpt, MutableGlobals, ReferenceTypes, SignExt, TailCall } = library.Features;
    this.module.setFeatures(
      BulkMemory | BulkMemoryOpt | MutableGlobals | ReferenceTypes | SignExt | TailCall,
    );
    this.operators = operators(this.module);
  }

  importMemory({ initial, maximum }: MemoryLimits): void {
    // An import takes the limits of the memory that has its name.
    this.module.setMemory(initial, maximum, null, [], false, false, MEMORY);
    this.module.addMemoryImport(MEMORY, 'env', 'memory');
  }

  importTable(initial: number): void {
    this.module.addTable(TABLE, initial, NO_MAXIMUM);
    this.module.addTableImport(TABLE, 'env', 'table');
  }

  importFunction(name: string, type: FunctionType): FunctionRef {
    if (this.#functions.some((one) => !one.isImport)) throw new Error('imports come before functions');
    const internal = `${this.#functions.length} ${name}`;
    this.module.addFunctionImport(internal, 'env', name, this.params(type), this.result(type));
    return this.#add({ name: internal, type, isImport: true, isDefined: true });
  }

  global(type: ValueType): GlobalRef {
    const { module } = this;
    const zero = type === 'i32' ? module.i32.const(0) : module.i64.const(0n);
    const index = this.#globals.push(type) - 1;
    module.addGlobal(this.globalName(index as GlobalRef), this.type(type), true, zero);
    return index as GlobalRef;
  }

  declare(name: string, type: FunctionType): FunctionRef {
    const internal = `${this.#functions.length} ${name}`;
    return this.#add({ name: internal, type, isImport: false, isDefined: false });
  }

  define(fn: FunctionRef): BinaryenFunction {
    return new BinaryenFunction(this, fn);
  }

  export(name: string, fn: FunctionRef): void {
    this.module.addFunctionExport(this.nameOf(fn), name);
  }

  finish(): BuiltByBinaryen {
    try {
      return this.#finish();
    } finally {
      this.module.dispose();
    }
  }

  type(type: ValueType): number {
    return this.library[type];
  }

  params({ params }: FunctionType): number {
    return this.library.createType(params.map((one) => this.type(one)));
  }

  result({ result }: FunctionType): number {
    return result === undefined ? this.library.none : this.type(result);
  }

  nameOf(fn: FunctionRef): string {
    return this.#functions[fn]!.name;
  }

  typeOf(fn: FunctionRef): FunctionType {
    return this.#functions[fn]!.type;
  }

  globalName(global: GlobalRef): string {
    return `global ${global}`;
  }

  globalType(global: GlobalRef): ValueType {
    return this.#globals[global]!;
  }

  finished(fn: FunctionRef, locals: readonly ValueType[], body: BinaryenBody): void {
    const { module } = this;
    const { name, type } = this.#functions[fn]!;
    const vars = locals.map((one) => this.type(one));
    const made = module.addFunction(name, this.params(type), this.result(type), vars, body.expression);
    this.#functions[fn]!.isDefined = true;
    this.#nesting = Math.max(this.#nesting, body.nesting);
    for (const [expression, tag] of body.places) {
      this.#file ??= module.addDebugInfoFileName('marks');
      module.setDebugLocation(made, expression, this.#file, tag + 1, 0);
    }
  }

  #add(declared: Declared): FunctionRef {
    return (this.#functions.push(declared) - 1) as FunctionRef;
  }

  #finish(): BuiltByBinaryen {
    const { module, library } = this;
    const { optimise = 0, validate = false, text = false } = this.#options;
    const missing = this.#functions.find((one) => !one.isDefined);
    if (missing !== undefined) throw new Error(`function ${missing.name} was declared and not defined`);
    if (validate && module.validate() !== 1)
      throw new Error('binaryen refuses the module, for the reasons it has printed');
    if (optimise > 0 && this.#nesting <= MAX_OPTIMISED_NESTING) {
      // These levels are the library's, not the module's.
      library.setOptimizeLevel(optimise);
      library.setShrinkLevel(0);
      module.optimize();
    }
    const { bytes, marks } = this.#emit();
    return { bytes, marks, text: text ? module.emitText() : undefined };
  }

  #emit(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly marks: readonly Mark[] } {
    if (this.#file === undefined) return { bytes: new Uint8Array(this.module.emitBinary()), marks: [] };
    const { binary, sourceMap } = this.module.emitBinary('marks');
    return { bytes: new Uint8Array(binary), marks: sourceMap === null ? [] : marksOf(sourceMap) };
  }
}
