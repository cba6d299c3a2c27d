/** Lengths known at run time only, which the verifier has to see cut to their room. */
import type { Operand } from '../ir/ir.ts';
import type { Expression } from '../syntax/ast.ts';
import { scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';

/**
 * A length to compare with its room and then to use. A negative one is larger than any room. Extended by its sign, its lower
 * half alone would be compared, and the verifier would not know the whole to be as small.
 */
export function lengthValue(low: Lowering, length: Expression): Operand {
  const value = scalar(low, length);
  const type = low.type(length);
  return type.kind === 'integer' && type.size <= 4 ? low.b.extend(value, 32, false) : value;
}
