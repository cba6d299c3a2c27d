/**
 * Assembler text -> instructions or a whole object. One statement a line; `name:` before a statement labels it; comments
 * begin with `;` or `//`, or with `#` at the start of a line. Each bad line is one diagnostic; the rest is read on.
 */
import type { Diagnostic } from '../diagnostic.ts';
import type { Instruction } from '../instruction.ts';
import { resolveLabels } from '../labels.ts';
import type { MapDefinition } from '../maps.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../object.ts';
import type { Span } from '../span.ts';
import { AsmError, Cursor } from './cursor.ts';
import { type Directive, directive } from './directive.ts';
import { FunctionBody } from './function-body.ts';
import { statement } from './statement.ts';

export interface AssembleResult {
  /** Undefined when there are errors. */
  readonly object: BpfObject | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FragmentResult {
  /** Instructions of the lines that were understood; labels are not resolved. */
  readonly instructions: readonly Instruction[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Code of every assembler error. */
export const SYNTAX_CODE = 'AS0101';

/** Assembles a file: directives and functions. Text before the first `.program` or `.func` belongs to program `main`, a socket filter. */
export function assemble(text: string, name: string): AssembleResult {
  const assembler = new Assembler(text, declaredNames(text));
  assembler.run();
  const { diagnostics } = assembler;
  if (diagnostics.length > 0) return { object: undefined, diagnostics };
  return { object: assembler.object(name), diagnostics };
}

/** Assembles bare instructions. A name that is no helper is called as a function defined elsewhere. */
export function assembleInstructions(text: string): FragmentResult {
  const assembler = new Assembler(text, undefined);
  assembler.run();
  return { instructions: assembler.fragment(), diagnostics: assembler.diagnostics };
}

/** Functions may be called before they are defined. */
function declaredNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/^[ \t]*\.(?:func|program)[ \t]+([\w.$]+)/gm)) names.add(match[1]!);
  return names;
}

// Section names may hold `//` (uprobe//bin/sh:main): a comment needs space before it.
const COMMENT = /;|(?:^|\s)\/\/|^\s*#/;
const LABEL = /([A-Za-z_.$][\w.$]*):/y;

class Assembler {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #functions: ReadonlySet<string> | undefined;
  readonly #kfuncs = new Set<string>();
  readonly #bodies: FunctionBody[] = [];
  readonly #maps: MapDefinition[] = [];
  readonly #mapNames = new Set<string>();
  readonly #bodyNames = new Set<string>();
  readonly #data = new Map<string, Uint8Array>();
  #license = '';

  constructor(text: string, functions: ReadonlySet<string> | undefined) {
    this.#text = text;
    this.#functions = functions;
  }

  run(): void {
    let start = 0;
    while (start <= this.#text.length) {
      const newline = this.#text.indexOf('\n', start);
      const end = newline === -1 ? this.#text.length : newline;
      this.#line(start, end);
      start = end + 1;
    }
    for (const body of this.#bodies) this.#close(body);
  }

  fragment(): readonly Instruction[] {
    return this.#bodies.flatMap((body) => body.instructions());
  }

  object(name: string): BpfObject {
    const programs: BpfProgram[] = [];
    const functions: BpfFunction[] = [];
    for (const body of this.#bodies) {
      const one = { name: body.name, instructions: body.instructions() };
      if (body.rule === undefined) functions.push(one);
      else {
        const { type, sleepable } = body.rule;
        const program: BpfProgram = { ...one, type, section: body.section, attach: [] };
        programs.push(sleepable ? { ...program, sleepable } : program);
      }
    }
    return {
      name,
      endian: 'little',
      license: this.#license,
      programs,
      functions,
      maps: this.#maps,
      data: this.#data,
      sources: [{ name, text: this.#text }],
    };
  }

  #line(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    const comment = COMMENT.exec(line);
    const cursor = new Cursor(this.#text, 0, start, comment === null ? end : start + comment.index);
    try {
      this.#parts(cursor);
    } catch (error) {
      if (!(error instanceof AsmError)) throw error;
      this.#report(error.message, error.span, error.hints);
    }
  }

  #parts(cursor: Cursor): void {
    // `12:` of logs and dumps.
    cursor.take(/\d+:(?=\s|$)/y);
    for (let label = cursor.take(LABEL); label !== undefined; label = cursor.take(LABEL)) {
      this.#current(cursor).addLabel(label[1]!, cursor.spanFrom(label.index));
    }
    if (cursor.done) return;
    const start = cursor.at;
    if (cursor.take(/(?=\.)/y) !== undefined) {
      this.#apply(directive(cursor), cursor, start);
      return;
    }
    const body = this.#current(cursor);
    const names = { functions: this.#functions, kfuncs: this.#kfuncs };
    body.add({ ...statement(cursor, names), span: cursor.spanFrom(start) });
  }

  #apply(one: Directive, cursor: Cursor, start: number): void {
    switch (one.kind) {
      case 'license':
        this.#license = one.text;
        return;
      case 'kfunc':
        this.#kfuncs.add(one.name);
        return;
      case 'map':
        if (this.#mapNames.has(one.map.name)) cursor.fail(`map '${one.map.name}' is defined twice`, start);
        this.#mapNames.add(one.map.name);
        this.#maps.push(one.map);
        return;
      case 'data': {
        const map = this.#maps.find(({ name }) => name === one.name);
        if (map === undefined) cursor.fail(`no map '${one.name}' above`, start);
        if (one.bytes.length > map.valueSize) {
          cursor.fail(`${one.bytes.length} bytes do not fit the value of ${map.valueSize}`, start);
        }
        this.#data.set(one.name, one.bytes);
        return;
      }
      case 'program':
      case 'func':
        if (this.#bodyNames.has(one.name)) {
          cursor.fail(`function '${one.name}' is defined twice`, start);
        }
        this.#bodyNames.add(one.name);
        this.#bodies.push(
          one.kind === 'func'
            ? new FunctionBody(one.name, '', undefined, cursor.spanFrom(start))
            : new FunctionBody(one.name, one.section, one.rule, cursor.spanFrom(start)),
        );
        return;
      default:
        one satisfies never;
    }
  }

  #current(cursor: Cursor): FunctionBody {
    const last = this.#bodies.at(-1);
    if (last !== undefined) return last;
    const main = FunctionBody.main(cursor.spanFrom(cursor.at));
    this.#bodies.push(main);
    return main;
  }

  #close(body: FunctionBody): void {
    for (const { message, span } of body.problems()) this.#report(message, span);
    if (this.#functions === undefined) return;
    const instructions = body.instructions();
    if (instructions.length === 0) this.#report(`function '${body.name}' has no instructions`, body.span);
    const spans = body.spansBySlot();
    // Far labels may be relaxed when the object is encoded for a newer kernel: only names matter here.
    for (const problem of resolveLabels(instructions, { level: 4 }).problems) {
      if (problem.kind !== 'reference' || problem.message.includes('twice')) continue;
      this.#report(problem.message, spans.get(problem.slot) ?? body.span);
    }
    for (const { ref, span } of instructions) {
      if (ref?.kind === 'function' && !this.#functions.has(ref.name)) {
        this.#report(`no function '${ref.name}'`, span!);
      }
      if ((ref?.kind === 'map' || ref?.kind === 'map-value') && !this.#mapNames.has(ref.name)) {
        this.#report(`no map '${ref.name}'`, span!, [
          `define it with .map ${ref.name} TYPE key=... value=... entries=...`,
        ]);
      }
    }
  }

  #report(message: string, span: Span, hints: readonly string[] = []): void {
    const base = { code: SYNTAX_CODE, severity: 'error', message, span } as const;
    this.diagnostics.push(hints.length === 0 ? base : { ...base, hints });
  }
}
