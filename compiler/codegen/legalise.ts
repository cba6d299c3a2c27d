/**
 * Rewrites what the target's instruction set lacks into what it has: signed division below level 4. Runs on IR, so
 * that folding and sharing still see the pieces.
 */
import type { Block, IrFunction, IrInstruction, Operand, Value, ValueInfo } from '../ir/ir.ts';
import type { CodegenTarget } from './target.ts';

type Binary = Extract<IrInstruction, { kind: 'binary' }>;

/** The same object when there is nothing to rewrite. */
export function legalise(fn: IrFunction, target: CodegenTarget): IrFunction {
  if (target.instructionSet >= 4) return fn;
  if (!fn.blocks.some((block) => block.instructions.some(isSignedDivision))) return fn;
  const values = [...fn.values];
  const blocks = fn.blocks.map((block): Block => {
    if (!block.instructions.some(isSignedDivision)) return block;
    const instructions = block.instructions.flatMap((one) =>
      isSignedDivision(one) ? new DivisionWriter(one, values).write() : [one],
    );
    return { ...block, instructions };
  });
  return { ...fn, values, blocks };
}

function isSignedDivision(one: IrInstruction): one is Binary {
  return one.kind === 'binary' && (one.op === 'sdiv' || one.op === 'smod');
}

/**
 * Divides magnitudes and puts the sign back, without branches: with s = x >> 63, |x| is (x ^ s) - s, and the same
 * step negates the result where it must be negative. Zero divisors and the least number divided by -1 come out as
 * RFC 9669 wants them.
 */
class DivisionWriter {
  private readonly division: Binary;
  private readonly values: ValueInfo[];
  private readonly output: IrInstruction[] = [];

  constructor(division: Binary, values: ValueInfo[]) {
    this.division = division;
    this.values = values;
  }

  write(): IrInstruction[] {
    const { op, bits, dst } = this.division;
    const left = this.widen(this.division.left);
    const right = this.widen(this.division.right);
    const leftSign = this.binary('ashr', left, { constant: 63n });
    const rightSign = this.binary('ashr', right, { constant: 63n });
    const unsigned = op === 'sdiv' ? 'udiv' : 'umod';
    const quotient = this.binary(unsigned, this.negateIf(left, leftSign), this.negateIf(right, rightSign));
    const sign = op === 'sdiv' ? this.binary('xor', leftSign, rightSign) : leftSign;
    const flipped = this.binary('xor', quotient, sign);
    this.push({ kind: 'binary', op: 'sub', bits, dst, left: flipped, right: sign });
    return this.output;
  }

  private widen(value: Operand): Operand {
    if (this.division.bits === 64) return value;
    const dst = this.value();
    this.push({ kind: 'extend', dst, value, width: 32, signed: true });
    return dst;
  }

  private negateIf(value: Operand, sign: Operand): Operand {
    return this.binary('sub', this.binary('xor', value, sign), sign);
  }

  private binary(op: Binary['op'], left: Operand, right: Operand): Value {
    const dst = this.value();
    this.push({ kind: 'binary', op, bits: 64, dst, left, right });
    return dst;
  }

  private value(): Value {
    this.values.push({ kind: 'scalar' });
    return (this.values.length - 1) as Value;
  }

  private push(instruction: IrInstruction): void {
    const { span } = this.division;
    this.output.push(span === undefined ? instruction : { ...instruction, span });
  }
}
