/** A function as the assembler gathers it: instructions, the labels that wait for one, aliases of labels. */
import { slotIndexes } from '../fields.ts';
import type { Instruction } from '../instruction.ts';
import { parseSection, type SectionRule } from '../sections.ts';
import type { Span } from '../span.ts';

interface Label {
  readonly name: string;
  readonly span: Span;
}

export class FunctionBody {
  readonly name: string;
  readonly section: string;
  /** Absent for functions that are no programs. */
  readonly rule: SectionRule | undefined;
  /** Where it is named. */
  readonly span: Span;
  readonly #instructions: Instruction[] = [];
  /** Second and further labels of an instruction, by the first. */
  readonly #aliases = new Map<string, string>();
  readonly #defined = new Set<string>();
  readonly #problems: { readonly message: string; readonly span: Span }[] = [];
  #waiting: Label[] = [];

  constructor(name: string, section: string, rule: SectionRule | undefined, span: Span) {
    this.name = name;
    this.section = section;
    this.rule = rule;
    this.span = span;
  }

  /** The program of text that names none. */
  static main(span: Span): FunctionBody {
    return new FunctionBody('main', 'socket', parseSection('socket')!.rule, span);
  }

  addLabel(name: string, span: Span): void {
    if (this.#defined.has(name)) this.#problems.push({ message: `label '${name}' is defined twice`, span });
    else this.#waiting.push({ name, span });
    this.#defined.add(name);
  }

  add(instruction: Instruction): void {
    const [first, ...more] = this.#waiting;
    for (const { name } of more) this.#aliases.set(name, first!.name);
    this.#instructions.push(first === undefined ? instruction : { ...instruction, label: first.name });
    this.#waiting = [];
  }

  /** The instructions, with aliases replaced by the labels that stand. */
  instructions(): readonly Instruction[] {
    if (this.#aliases.size === 0) return this.#instructions;
    return this.#instructions.map((instruction) => {
      const { ref } = instruction;
      const name = ref?.kind === 'label' ? this.#aliases.get(ref.name) : undefined;
      return name === undefined ? instruction : { ...instruction, ref: { kind: 'label', name } };
    });
  }

  /** What is wrong with its labels. */
  problems(): readonly { readonly message: string; readonly span: Span }[] {
    const loose = this.#waiting.map(({ name, span }) => ({
      message: `label '${name}' stands before nothing`,
      span,
    }));
    return [...this.#problems, ...loose];
  }

  /** Text of each instruction, by its slot. */
  spansBySlot(): ReadonlyMap<number, Span> {
    const slots = slotIndexes(this.#instructions);
    return new Map(this.#instructions.map(({ span }, index) => [slots[index]!, span ?? this.span]));
  }
}
