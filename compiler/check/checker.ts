/**
 * Types of one unit. The same walk serves inference (silent, repeated until nothing changes, over all units) and the
 * final check (reports everything). State that outlives a walk is in the model.
 */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import { FEATURES, type Feature, supports } from '../../bpf/profiles/index.ts';
import type { Span } from '../../bpf/span.ts';
import {
  assignMismatch,
  conditionType,
  literalRange,
  needsKernel,
  neverAssigned,
  neverRuns,
  notSupportedYet,
  noValue,
  outsideLoop,
  readBeforeAssign,
  returnType,
  shadowedVariable,
  undefinedMap,
  undefinedVariable,
  undeterminedType,
  unrollCopies,
  unrollMaximum,
  unrollMinimum,
  unrollValue,
  valueDiscarded,
} from '../diagnostics/messages.gen.ts';
import { type Need, needProblem } from '../resolve/needs.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Block, Expression, ForStatement, Statement, TypeSyntax, VariableName } from '../syntax/ast.ts';
import { COUNTER } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { equalTypes, isIntegral } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { pointsElsewhere, settle, unify } from '../types/unify.ts';
import { typeOfExpression } from './expressions.ts';
import { checkFunction, checkReturn } from './functions.ts';
import { warnImplicitCast } from './implicit-casts.ts';
import { checkFor, copiesAround, MOST_COPIES } from './loops.ts';
import { assignMap, checkMapTarget, plainType } from './maps.ts';
import type { Constant, Model, Unit, VariableSymbol } from './model.ts';
import { Scopes } from './scope.ts';
import { typeFromSyntax } from './type-syntax.ts';

export type Phase = 'infer' | 'final';

export class Checker {
  readonly model: Model;
  readonly unit: Unit;
  readonly phase: Phase;
  readonly scopes: Scopes = new Scopes();
  /** Above 0 in operands of `sizeof` and its kin, which are never evaluated. */
  unevaluated = 0;
  /** Something in the model grew: another round is needed. */
  changed = false;
  /** What was asked of a type that is not inferred yet: set on the way through a condition. */
  awaits = false;
  /** Conditions that wait for a type hold their arms back. */
  readonly patient: boolean;
  /** Arms were held back in this walk. */
  postponed = false;
  /** The call that is the whole right-hand side of a map assignment: the only place of aggregations. */
  aggregateTarget: Expression | undefined = undefined;
  /** Variables written so far in this walk. */
  readonly written: Set<VariableSymbol> = new Set();
  /** A function's result was seen. */
  returned = false;
  /** Loops around the current place, innermost last; `callback` ones are functions of their own. */
  readonly loops: { readonly node: Statement; readonly callback: boolean; readonly overMap: boolean }[] = [];

  constructor(model: Model, unit: Unit, phase: Phase, patient = false) {
    this.patient = patient;
    this.model = model;
    this.unit = unit;
    this.phase = phase;
  }

  run(): void {
    this.scopes.enter();
    const { subprogram } = this.unit;
    if (subprogram !== undefined) {
      checkFunction(this, subprogram);
      this.scopes.leave();
      return;
    }
    if (this.unit.probe.predicate !== undefined) this.condition(this.unit.probe.predicate);
    this.block(this.unit.probe.body, false);
    this.scopes.leave();
  }

  /** Reports in the final phase only; of a body that lost a part not what that part may have answered. */
  report(diagnostic: Diagnostic): void {
    if (this.phase !== 'final') return;
    if (this.unit.damaged && ASKS_FOR_THE_REST.has(diagnostic.code)) return;
    if (this.model.mockSymbols && OF_ONE_MACHINE.has(diagnostic.code)) return;
    this.model.sink.report(diagnostic);
  }

  /** Reports what follows of other mistakes where there are any: told when there are none. */
  doubt(diagnostic: Diagnostic): void {
    if (this.phase === 'final') this.model.doubtful.push(diagnostic);
  }

  unsupported(span: Span, what: string): undefined {
    this.report(notSupportedYet(span, { what }));
    return undefined;
  }

  /** Reports a map nobody writes, unless a part of the script that may write it was left out. */
  undefinedMap(name: string, span: Span): void {
    const { maps, incomplete } = this.model;
    if (incomplete || this.phase !== 'final') return;
    const known = [...maps.values()].filter(({ value }) => value !== undefined).map((one) => one.name);
    const diagnostic = undefinedMap(span, { name }, didYouMean(name, known, '@'));
    if (maps.get(name)?.written) this.doubt(diagnostic);
    else this.report(diagnostic);
  }

  /** Reports a name nobody defines; where definitions were complained of it may be one of theirs. */
  unknownName(diagnostic: Diagnostic): void {
    if (this.model.namesMissing) this.doubt(diagnostic);
    else this.report(diagnostic);
  }

  /** Reports that the target lacks a feature; the release is the feature's own. */
  require(span: Span, what: string, feature: Feature): void {
    if (supports(this.model.target, feature)) return;
    this.report(needsKernel(span, { what, version: FEATURES[feature].since }));
  }

  /** Notes what the kernel must have; false, and reported, when the one compiled against has it not. */
  need(need: Need): boolean {
    if (this.unevaluated > 0) return true;
    if (this.phase === 'final') this.model.needs.push(need);
    const problem = needProblem(need, this.model.kernel);
    if (problem !== undefined) this.report(problem);
    return problem?.severity !== 'error';
  }

  /* ---- expressions ---- */

  /** The type of an expression, kept for lowering; undefined when it is not known (yet) or was complained of. */
  type(expression: Expression): Type | undefined {
    const found = typeOfExpression(this, expression);
    const type = found !== undefined && this.phase === 'final' ? settleKeepingLiterals(found) : found;
    if (type === undefined) this.unit.types.delete(expression);
    else this.unit.types.set(expression, type);
    return type;
  }

  /** As `type`, but statements like expressions without a value are complained of. */
  valueType(expression: Expression, what = 'Expression'): Type | undefined {
    const type = this.type(expression);
    if (type?.kind !== 'none') return type;
    this.report(noValue(expression.span, { what }));
    return undefined;
  }

  constant(expression: Expression): Constant | undefined {
    return this.unit.constants.get(expression);
  }

  setConstant(expression: Expression, constant: Constant | undefined): void {
    if (constant === undefined) this.unit.constants.delete(expression);
    else this.unit.constants.set(expression, constant);
  }

  condition(expression: Expression): void {
    const type = this.valueType(expression);
    if (type === undefined) return;
    switch (type.kind) {
      case 'integer':
      case 'boolean':
      case 'pointer':
      case 'string':
      case 'count':
      case 'sum':
      case 'min':
      case 'max':
      case 'avg':
        return;
      default:
        this.report(conditionType(expression.span, { type: typeName(type) }));
    }
  }

  typeSyntax(syntax: TypeSyntax): Type | undefined {
    return typeFromSyntax(this, syntax);
  }

  /* ---- statements ---- */

  /** `asValue`: the last expression is the block's value. */
  block(block: Block, asValue: boolean): Type | undefined {
    this.scopes.enter();
    for (const statement of block.statements) this.statement(statement);
    this.warnUnreachable(block);
    const type = block.result === undefined ? undefined : this.type(block.result);
    this.scopes.leave();
    if (block.result === undefined) return { kind: 'none', size: 0 };
    return asValue ? type : { kind: 'none', size: 0 };
  }

  /** Said once a block, of the first statement that never runs. */
  private warnUnreachable({ statements, result }: Block): void {
    const last = statements.findIndex((statement) => leaves(statement, this.loops.length > 0));
    const next = last === -1 ? undefined : (statements[last + 1] ?? result);
    if (next !== undefined) this.report(neverRuns(next.span));
  }

  statement(statement: Statement): void {
    switch (statement.kind) {
      case 'expression-statement':
        warnDiscarded(this, statement.expression, this.type(statement.expression));
        return;
      case 'discard':
        this.type(statement.value);
        return;
      case 'assign':
        this.assign(statement);
        return;
      case 'let':
        this.letStatement(statement);
        return;
      case 'for':
        checkFor(this, statement);
        return;
      case 'while':
        this.require(statement.span, 'a `while` loop', 'bounded_loops');
        this.condition(statement.condition);
        this.loop(statement, false, () => this.block(statement.body, false));
        return;
      case 'unroll':
        this.unroll(statement);
        return;
      case 'return':
        if (this.unit.subprogram === undefined) this.returnValue(statement.value);
        else checkReturn(this, this.unit.subprogram, statement);
        return;
      case 'break':
      case 'continue':
        if (this.loops.length === 0) this.report(outsideLoop(statement.span, { statement: statement.kind }));
        return;
      case 'import-statement':
      case 'error-statement':
        return;
    }
  }

  loop(node: Statement, callback: boolean, body: () => void, overMap = false): void {
    this.loops.push({ node, callback, overMap });
    body();
    this.loops.pop();
  }

  private returnValue(value: Expression | undefined): void {
    const type = value && this.valueType(value);
    if (type === undefined || isIntegral(type)) return;
    this.report(returnType(value!.span, { type: typeName(type) }));
  }

  private unroll(statement: Statement & { kind: 'unroll' }): void {
    this.valueType(statement.count);
    const count = this.constant(statement.count);
    if (count?.kind !== 'integer' || count.value < 0n) this.report(unrollValue(statement.count.span));
    else if (count.value === 0n) this.report(unrollMinimum(statement.count.span));
    else if (count.value > 100n) this.report(unrollMaximum(statement.count.span));
    else {
      const copies = count.value * copiesAround(this);
      if (copies > MOST_COPIES)
        this.report(unrollCopies(statement.count.span, { copies, limit: MOST_COPIES }));
    }
    this.loop(statement, false, () => this.block(statement.body, false));
  }

  private assign(statement: Statement & { kind: 'assign' }): void {
    const { target } = statement;
    if (target.kind === 'map' || target.kind === 'map-access') {
      assignMap(this, statement, target);
      return;
    }
    if (target.kind !== 'variable') {
      // The parser has refused it: nothing is written through pointers.
      this.valueType(statement.value);
      return;
    }
    const compound = statement.operator !== '=';
    const before = this.scopes.find(target.name);
    if (compound && before === undefined) this.undefined(target);
    if (compound && before !== undefined) this.written.add(before);
    const type = plainType(this, statement.value, this.compoundType(statement));
    const symbol = this.scopes.find(target.name) ?? this.newVariable(target);
    this.bind(target, symbol);
    this.written.add(symbol);
    symbol.assigned = true;
    if (type !== undefined) this.assignVariable(symbol, type, statement.value);
  }

  /** Type of the new value: of `a op b` for `a op= b`. */
  compoundType(statement: Statement & { kind: 'assign' }): Type | undefined {
    if (statement.operator === '=') return this.valueType(statement.value);
    const operator = statement.operator.slice(0, -1) as '+';
    return this.type(this.compoundExpression(statement, operator));
  }

  /** The binary expression that a compound assignment stands for; one node per statement, for lowering. */
  compoundExpression(statement: Statement & { kind: 'assign' }, operator: '+'): Expression {
    const known = this.unit.compounds.get(statement);
    if (known !== undefined) return known;
    const made: Expression = {
      kind: 'binary',
      span: statement.span,
      operator,
      operatorSpan: statement.operatorSpan,
      left: statement.target as Expression,
      right: statement.value,
    };
    this.unit.compounds.set(statement, made);
    return made;
  }

  private letStatement(statement: Statement & { kind: 'let' }): void {
    const { variable, value } = statement;
    const declared = statement.type === undefined ? undefined : this.typeSyntax(statement.type);
    const type = value && plainType(this, value, this.valueType(value));
    const visible = this.scopes.find(variable.name);
    if (visible !== undefined) {
      const related = [{ message: 'This is the initial declaration.', span: visible.declaredAt }];
      this.report(shadowedVariable(variable.span, { name: variable.name }, { related }));
    }
    const symbol = this.newVariable(variable);
    if (statement.type !== undefined) this.declareType(symbol, declared);
    this.bind(variable, symbol);
    if (value !== undefined) {
      this.written.add(symbol);
      symbol.assigned = true;
    }
    if (value !== undefined && type !== undefined) this.assignVariable(symbol, type, value);
    if (this.phase !== 'final') return;
    if (!symbol.assigned) this.report(neverAssigned(variable.span, { name: variable.name }));
    if (symbol.type === undefined && symbol.assigned && value === undefined) {
      this.doubt(undeterminedType(variable.span, { what: `$${variable.name}` }));
    }
  }

  /** The annotated type, which may follow from others that are still inferred. */
  declareType(symbol: VariableSymbol, declared: Type | undefined): void {
    symbol.annotated = true;
    if (declared === undefined || (symbol.type !== undefined && equalTypes(symbol.type, declared))) return;
    symbol.declared = declared;
    symbol.type = declared;
    this.changed = true;
  }

  /** The symbol declared by this node; the same one in every round. */
  newVariable(node: VariableName): VariableSymbol {
    const known = this.unit.variables.get(node);
    const symbol: VariableSymbol = known ?? {
      name: node.name,
      declaredAt: node.span,
      owner: this.owner(),
      assigned: false,
      captured: false,
    };
    this.scopes.declare(symbol);
    return symbol;
  }

  owner(): ForStatement | undefined {
    return this.loops.findLast(({ callback }) => callback)?.node as ForStatement | undefined;
  }

  bind(node: VariableName, symbol: VariableSymbol): void {
    this.unit.variables.set(node, symbol);
    if (symbol.owner !== this.owner()) symbol.captured = true;
  }

  variable(node: VariableName): Type | undefined {
    const symbol = this.scopes.find(node.name);
    if (symbol === undefined) return this.undefined(node);
    this.bind(node, symbol);
    // What a loop's later part assigns may be there in its next round.
    if (!this.written.has(symbol) && this.loops.length === 0) {
      this.written.add(symbol);
      this.report(readBeforeAssign(node.span, { name: node.name }));
    }
    if (symbol.type === undefined && this.phase === 'final' && !symbol.assigned)
      return { kind: 'integer', size: 8, signed: true };
    return symbol.type;
  }

  private undefined(node: VariableName): undefined {
    this.report(
      undefinedVariable(node.span, { name: node.name }, didYouMean(node.name, this.scopes.names(), '$')),
    );
    return undefined;
  }

  assignVariable(symbol: VariableSymbol, type: Type, value: Expression): void {
    symbol.assigned = true;
    if (symbol.declared !== undefined) {
      this.checkAssignable(symbol.declared, type, value, `$${symbol.name}`, 'variable', symbol.declaredAt);
      return;
    }
    if (symbol.annotated) return;
    if (symbol.type === undefined) {
      symbol.type = type;
      this.changed = true;
      return;
    }
    const unified = unify(symbol.type, type);
    if (unified === undefined || (this.phase === 'final' && pointsElsewhere(symbol.type, type))) {
      this.mismatch(symbol.type, type, value, `$${symbol.name}`, 'variable', symbol.declaredAt);
      return;
    }
    if (this.phase === 'final') {
      warnImplicitCast(this, value, type, symbol.type);
      return;
    }
    if (equalTypes(unified, symbol.type)) return;
    symbol.type = unified;
    this.changed = true;
  }

  checkAssignable(wanted: Type, found: Type, value: Expression, what: string, kind: string, at: Span): void {
    const constant = this.constant(value);
    if (wanted.kind === 'integer' && found.kind === 'integer') {
      if (constant?.kind !== 'integer' || constant.cast) warnImplicitCast(this, value, found, wanted);
      else if (!fits(constant.value, wanted))
        this.report(literalRange(value.span, { value: constant.value, type: typeName(wanted) }));
      return;
    }
    const unified = unify(wanted, found);
    if (unified === undefined || (wanted.kind === 'string' && unified.size > wanted.size)) {
      this.mismatch(wanted, found, value, what, kind, at);
    }
  }

  mismatch(wanted: Type, found: Type, value: Expression, what: string, kind: string, at: Span): void {
    const related = [{ message: 'This is the initial declaration.', span: at }];
    const names = { what, kind, ...twoNames(settle(found), settle(wanted)) };
    this.report(assignMismatch(value.span, names, { related }));
  }

  /** `++` and `--` of maps and variables. */
  updateTarget(target: Expression): Type | undefined {
    if (target.kind === 'variable') {
      const symbol = this.scopes.find(target.name);
      if (symbol !== undefined) this.written.add(symbol);
      // Counting is an assignment of a number.
      if (symbol !== undefined && symbol.type === undefined) this.assignVariable(symbol, COUNTER, target);
      return this.type(target);
    }
    if (target.kind === 'map' || target.kind === 'map-access') return checkMapTarget(this, target);
    return this.valueType(target);
  }
}

/** Names that another machine may have. */
const OF_ONE_MACHINE: ReadonlySet<string> = new Set([
  'BT0806', // unknownSymbol
  'BT1206', // cgroupUnknown
]);

/** Names and values that a lost part of the body may give. */
const ASKS_FOR_THE_REST: ReadonlySet<string> = new Set([
  'BT0201', // undefinedVariable
  'BT0240', // neverAssigned
  'BT0263', // undeterminedType
  'BT0270', // neverRuns
  'BT0271', // readBeforeAssign
]);

/** Calls are made for what they do; all else that stands alone is for its value, which nobody takes. */
function warnDiscarded(checker: Checker, expression: Expression, type: Type | undefined): void {
  if (type === undefined || type.kind === 'none') return;
  switch (expression.kind) {
    case 'call':
    case 'update':
    case 'if':
    case 'ternary':
    case 'block':
      return;
    default:
      checker.report(valueDiscarded(expression.span));
  }
}

/** Pointers of one name differ in where they lead. */
function twoNames(found: Type, wanted: Type): { readonly found: string; readonly wanted: string } {
  const names = { found: typeName(found), wanted: typeName(wanted) };
  if (names.found !== names.wanted || found.kind !== 'pointer' || wanted.kind !== 'pointer') return names;
  return {
    found: `${names.found} (${found.space} memory)`,
    wanted: `${names.wanted} (${wanted.space} memory)`,
  };
}

/** Whether what follows the statement in its block is never run. */
function leaves(statement: Statement, inLoop: boolean): boolean {
  switch (statement.kind) {
    case 'return':
      return true;
    case 'break':
    case 'continue':
      return inLoop;
    case 'expression-statement':
      return statement.expression.kind === 'call' && statement.expression.callee.name === 'exit';
    default:
      return false;
  }
}

export function fits(value: bigint, type: Type & { kind: 'integer' }): boolean {
  const bits = BigInt(type.size * 8);
  if (type.signed) return value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n);
  return value >= 0n && value < 1n << bits;
}

/** Literals keep their flexible sign so that operators see it; variables and maps were settled before. */
function settleKeepingLiterals(type: Type): Type {
  return type.kind === 'tuple' ? settle(type) : type;
}
