/** `fn`: parameters and results have the types that are written; calls are checked against them. */
import {
  contextInFunction,
  functionRecursion,
  parameterType,
  resultMissing,
  resultUnwanted,
  wrongArity,
} from '../diagnostics/messages.gen.ts';
import type { CallExpression, Expression, JumpStatement, TypeSyntax } from '../syntax/ast.ts';
import { NONE } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { checkAssignable } from './assignable.ts';
import type { Checker } from './checker.ts';
import type { Model, Subprogram } from './model.ts';
import { isTypeSyntax } from './type-syntax.ts';
import { bindVariable, declareType, newVariable } from './variables.ts';

export function checkFunction(checker: Checker, subprogram: Subprogram): void {
  const { parameters, result, body } = subprogram.definition;
  const types = parameters.map(({ name, type: syntax }) => {
    const type = valueTypeOf(checker, syntax);
    const symbol = newVariable(checker, name);
    declareType(checker, symbol, type);
    bindVariable(checker, name, symbol);
    symbol.assigned = true;
    checker.written.add(symbol);
    return type;
  });
  subprogram.parameters = types;
  subprogram.result = isVoid(result) ? NONE : valueTypeOf(checker, result);
  checker.returned = false;
  const value = checker.block(body, true);
  if (body.result !== undefined && value !== undefined && value.kind !== 'none')
    checkResult(checker, subprogram, body.result, value);
  const wanted = subprogram.result;
  if (wanted === undefined || wanted.kind === 'none' || checker.returned) return;
  checker.report(
    resultMissing(subprogram.definition.name.span, {
      name: subprogram.definition.name.name,
      type: typeName(wanted),
    }),
  );
}

/** `void` itself: a pointer to it is a value. */
function isVoid(syntax: TypeSyntax): boolean {
  return syntax.kind === 'named-type' && syntax.name === 'void';
}

function valueTypeOf(checker: Checker, syntax: TypeSyntax): Type | undefined {
  const type = checker.typeSyntax(syntax);
  if (type === undefined || (type.size > 0 && !isAggregate(type))) return type;
  checker.report(parameterType(syntax.span, { type: typeName(type) }));
  return undefined;
}

/** `return` inside a function. */
export function checkReturn(checker: Checker, subprogram: Subprogram, statement: JumpStatement): void {
  const { value, span } = statement;
  const { result, definition } = subprogram;
  if (value !== undefined) {
    const type = checker.valueType(value);
    if (type !== undefined) checkResult(checker, subprogram, value, type);
    return;
  }
  const { name } = definition.name;
  if (result !== undefined && result.kind !== 'none')
    checker.report(resultMissing(span, { name, type: typeName(result) }));
}

function checkResult(checker: Checker, subprogram: Subprogram, value: Expression, type: Type): void {
  checker.returned = true;
  const { result, definition } = subprogram;
  if (result === undefined) return;
  const { name } = definition.name;
  if (result.kind !== 'none') {
    const what = `the result of ${name}()`;
    const target = { type: result, what, kind: 'function', at: definition.result.span } as const;
    checkAssignable(checker, target, type, value);
  } else if (value !== definition.body.result) checker.report(resultUnwanted(value.span, { name }));
}

/** A call of one of the script's functions. */
export function checkFunctionCall(
  checker: Checker,
  expression: CallExpression,
  subprogram: Subprogram,
): Type | undefined {
  const { definition, parameters, result } = subprogram;
  const { name } = definition.name;
  checker.require(expression.span, 'a function', 'bpf_to_bpf_calls');
  checker.unit.subprogram?.calls.set(subprogram, expression.span);
  const count = definition.parameters.length;
  const args = expression.arguments.filter((one): one is Expression => !isTypeSyntax(one));
  const types = args.map((argument) => checker.valueType(argument));
  if (args.length !== count || args.length !== expression.arguments.length) {
    const wanted = `exactly ${count} argument${count === 1 ? '' : 's'}`;
    const given = expression.arguments.length;
    const related = [{ message: 'This is the definition.', span: definition.name.span }];
    checker.report(
      wrongArity(
        expression.span,
        { name, wanted: count === 0 ? 'no arguments' : wanted, given },
        { related },
      ),
    );
    return result;
  }
  for (const [index, type] of types.entries()) {
    const wanted = parameters[index];
    if (type === undefined || wanted === undefined) continue;
    const { name: parameter, type: syntax } = definition.parameters[index]!;
    const target = { type: wanted, what: `$${parameter.name}`, kind: 'parameter', at: syntax.span } as const;
    checkAssignable(checker, target, type, args[index]!);
  }
  return result;
}

/** Builtins that are of the probe that runs: a function may be called from any. */
const OF_PROBES = /^(?:args|ctx|retval|func|probe|probetype|s?arg\d+|reg|uaddr|usermode|override|unwatch)$/;

/** Whether a builtin was refused, since this is a function. */
export function refusedInFunction(checker: Checker, name: string, node: Expression): boolean {
  if (checker.unit.subprogram === undefined || !OF_PROBES.test(name)) return false;
  checker.report(contextInFunction(node.span, { name }));
  return true;
}

/** Functions that call themselves, directly or through others: Linux refuses them. */
export function checkRecursion({ functions, sink }: Model): void {
  const done = new Set<Subprogram>();
  const visit = (subprogram: Subprogram, chain: readonly Subprogram[]): void => {
    if (done.has(subprogram)) return;
    const around = [...chain, subprogram];
    for (const [callee, span] of subprogram.calls) {
      const start = around.indexOf(callee);
      if (start < 0) {
        visit(callee, around);
        continue;
      }
      const names = [...around.slice(start), callee].map(({ definition }) => definition.name.name);
      sink.report(functionRecursion(span, { chain: names.join(' > ') }));
    }
    done.add(subprogram);
  };
  for (const subprogram of functions.values()) visit(subprogram, []);
}
