/** Modules, encoded directly: the sections of the binary format in their order. */
import type {
  BuiltModule,
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  GlobalRef,
  Mark,
  MemoryLimits,
  ModuleBuilder,
  ValueType,
} from '../builder.ts';
import { CodeLimitError, MAX_FUNCTION_SIZE } from '../limits.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { DirectFunction, type FunctionHost, TYPE_CODES } from './function.ts';

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCREF = 0x70;
/** Section numbers. */
const Section = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
/** Kinds of imports and exports. */
const Kind = { function: 0, table: 1, memory: 2 } as const;

export function directModule(): ModuleBuilder {
  return new DirectModule();
}

class DirectModule implements ModuleBuilder, FunctionHost {
  readonly #types = new Map<string, number>();
  readonly #typeBytes = new ByteBuffer();
  readonly #imports = new ByteBuffer();
  #importCount = 0;
  #importedFunctions = 0;
  /** By function. */
  readonly #functions: FunctionType[] = [];
  readonly #bodies: (DirectFunction | undefined)[] = [];
  readonly #globals: ValueType[] = [];
  readonly #exports = new ByteBuffer();
  #exportCount = 0;

  importMemory({ initial, maximum }: MemoryLimits): void {
    this.#import('memory', Kind.memory);
    this.#imports.byte(1);
    this.#imports.unsigned(initial);
    this.#imports.unsigned(maximum);
  }

  importTable(initial: number): void {
    this.#import('table', Kind.table);
    this.#imports.bytes([FUNCREF, 0]);
    this.#imports.unsigned(initial);
  }

  importFunction(name: string, type: FunctionType): FunctionRef {
    if (this.#functions.length > this.#importedFunctions) throw new Error('imports come before functions');
    this.#import(name, Kind.function);
    this.#imports.unsigned(this.typeIndex(type));
    this.#importedFunctions++;
    return (this.#functions.push(type) - 1) as FunctionRef;
  }

  global(type: ValueType): GlobalRef {
    return (this.#globals.push(type) - 1) as GlobalRef;
  }

  declare(_name: string, type: FunctionType): FunctionRef {
    return (this.#functions.push(type) - 1) as FunctionRef;
  }

  define(fn: FunctionRef): FunctionBuilder {
    return new DirectFunction(this, fn);
  }

  export(name: string, fn: FunctionRef): void {
    this.#exports.name(name);
    this.#exports.byte(Kind.function);
    this.#exports.unsigned(fn);
    this.#exportCount++;
  }

  typeIndex(type: FunctionType): number {
    const key = `${type.params.join()}:${type.result}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const index = this.#types.size;
    this.#types.set(key, index);
    const results = type.result === undefined ? [] : [type.result];
    this.#typeBytes.byte(0x60);
    for (const list of [type.params, results]) {
      this.#typeBytes.unsigned(list.length);
      for (const one of list) this.#typeBytes.byte(TYPE_CODES[one]);
    }
    return index;
  }

  typeOf(fn: FunctionRef): FunctionType {
    return this.#functions[fn]!;
  }

  finished(body: DirectFunction): void {
    this.#bodies[body.fn] = body;
  }

  finish(): BuiltModule {
    const out = new ByteBuffer(4096);
    out.bytes(MAGIC);
    const own = this.#functions.slice(this.#importedFunctions);
    const functionTypes = new ByteBuffer();
    for (const type of own) functionTypes.unsigned(this.typeIndex(type));
    writeSection(out, Section.type, this.#types.size, this.#typeBytes);
    writeSection(out, Section.import, this.#importCount, this.#imports);
    writeSection(out, Section.function, own.length, functionTypes);
    writeSection(out, Section.global, this.#globals.length, this.#globalBytes());
    writeSection(out, Section.export, this.#exportCount, this.#exports);
    const marks = this.#writeCode(out, own.length);
    return { bytes: out.take(), marks };
  }

  #import(name: string, kind: number): void {
    this.#imports.name('env');
    this.#imports.name(name);
    this.#imports.byte(kind);
    this.#importCount++;
  }

  #globalBytes(): ByteBuffer {
    const bytes = new ByteBuffer(64);
    for (const type of this.#globals)
      bytes.bytes([TYPE_CODES[type], 1, type === 'i32' ? 0x41 : 0x42, 0, 0x0b]);
    return bytes;
  }

  #writeCode(out: ByteBuffer, count: number): readonly Mark[] {
    const code = new ByteBuffer(4096);
    const places: { readonly start: number; readonly marks: readonly number[] }[] = [];
    for (const body of this.#bodies.slice(this.#importedFunctions, this.#importedFunctions + count)) {
      if (body === undefined) throw new Error('a function was declared and not defined');
      const locals = new ByteBuffer(16);
      body.writeLocals(locals);
      const size = locals.length + body.code.length;
      if (size > MAX_FUNCTION_SIZE) throw new CodeLimitError('bytes', MAX_FUNCTION_SIZE);
      code.unsigned(size);
      code.bytes(locals.view());
      places.push({ start: code.length, marks: body.marks });
      code.bytes(body.code.view());
    }
    if (this.#bodies.length < this.#importedFunctions + count)
      throw new Error('a function was declared and not defined');
    writeSection(out, Section.code, count, code);
    const base = out.length - code.length;
    return places.flatMap(({ start, marks }) => marksAt(base + start, marks));
  }
}

function marksAt(base: number, pairs: readonly number[]): readonly Mark[] {
  const marks: Mark[] = [];
  for (let at = 0; at < pairs.length; at += 2) marks.push({ offset: base + pairs[at]!, tag: pairs[at + 1]! });
  return marks;
}

/** Sections without entries are left out. */
function writeSection(out: ByteBuffer, section: number, count: number, content: ByteBuffer): void {
  if (count === 0) return;
  const head = new ByteBuffer(8);
  head.unsigned(count);
  out.byte(section);
  out.unsigned(head.length + content.length);
  out.bytes(head.view());
  out.bytes(content.view());
}
