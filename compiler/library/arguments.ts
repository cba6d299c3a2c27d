/** Checks of arguments that many functions share. */
import type { Checker } from '../check/checker.ts';
import { argumentType } from '../diagnostics/messages.gen.ts';
import type { Expression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import { isInteger } from '../types/predicates.ts';
import type { IntegerType } from '../types/type.ts';

/** The type of what must be an integer; undefined while it is not known, and when it is something else, which is reported. */
export function integerArgument(
  checker: Checker,
  argument: Expression,
  name: string,
): IntegerType | undefined {
  const type = checker.valueType(argument);
  if (type === undefined || isInteger(type)) return type;
  checker.report(argumentType(argument.span, { name, wanted: 'integer', found: typeName(type) }));
  return undefined;
}
