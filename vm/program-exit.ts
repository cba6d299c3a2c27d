/** `bpf_throw`: how a program ends in the middle, from whatever frame it is in. */
import type { BpfObject } from '../bpf/object.ts';

/** Thrown through the running code; not an error of anybody's. */
export class ProgramExit extends Error {
  override readonly name: string = 'ProgramExit';
  readonly low: number;
  readonly high: number;

  /** What the program said when it threw, in halves. */
  constructor(low: number, high: number) {
    super('bpf_throw');
    this.low = low;
    this.high = high;
  }
}

const TAG = 'exception_callback:';

/** The function that a program's declaration names for what it throws (`__exception_cb`); undefined: what is thrown is the result. */
export function exceptionCallback({ btf, programs }: BpfObject, program: string): string | undefined {
  const id = programs.find(({ name }) => name === program)?.btfId;
  if (btf === undefined || id === undefined) return undefined;
  for (let tag = btf.firstId; tag < btf.end; tag++) {
    const type = btf.kindOf(tag) === 'decl_tag' ? btf.type(tag) : undefined;
    if (type?.kind === 'decl_tag' && type.type === id && type.name.startsWith(TAG)) {
      return type.name.slice(TAG.length);
    }
  }
  return undefined;
}
