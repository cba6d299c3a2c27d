/**
 * Types of one unit. The same walk serves inference (silent, repeated until nothing changes, over all units) and the
 * final check (reports everything). State that outlives a walk is in the model.
 */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import { FEATURES, type Feature, supports } from '../../bpf/profiles/index.ts';
import type { Span } from '../../bpf/span.ts';
import {
  conditionType,
  needsKernel,
  notSupportedYet,
  noValue,
  undefinedMap,
} from '../diagnostics/messages.gen.ts';
import { type Need, needProblem } from '../resolve/needs.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Block, Expression, Statement, TypeSyntax } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import { isIntegral, isReadableAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { typeOfExpression } from './expressions.ts';
import { checkFunction } from './functions.ts';
import type { Constant, Model, Unit, VariableSymbol } from './model.ts';
import { Scopes } from './scope.ts';
import { checkStatement, warnUnreachable } from './statements.ts';
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
    if (type === undefined || isIntegral(type) || isReadableAggregate(type)) return;
    if (type.kind === 'pointer' || type.kind === 'string') return;
    this.report(conditionType(expression.span, { type: typeName(type) }));
  }

  typeSyntax(syntax: TypeSyntax): Type | undefined {
    return typeFromSyntax(this, syntax);
  }

  /* ---- statements ---- */

  /** `asValue`: the last expression is the block's value. */
  block(block: Block, asValue: boolean): Type | undefined {
    this.scopes.enter();
    for (const statement of block.statements) checkStatement(this, statement);
    warnUnreachable(this, block);
    const type = block.result === undefined ? undefined : this.type(block.result);
    this.scopes.leave();
    if (block.result === undefined) return { kind: 'none', size: 0 };
    return asValue ? type : { kind: 'none', size: 0 };
  }

  loop(node: Statement, callback: boolean, body: () => void, overMap = false): void {
    this.loops.push({ node, callback, overMap });
    body();
    this.loops.pop();
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

/** Literals keep their flexible sign so that operators see it; variables and maps were settled before. */
function settleKeepingLiterals(type: Type): Type {
  return type.kind === 'tuple' ? settle(type) : type;
}
