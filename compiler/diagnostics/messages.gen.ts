// Made by scripts/messages.ts from compiler/messages/*.md. Do not edit.
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { type DiagnosticExtra, makeDiagnostic, type MessageValue } from './make.ts';

/** BT0101: syntax: expected %expected% */
export function expectedSyntax(
  span: Span | undefined,
  values: { readonly expected: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0101', 'error', `syntax: expected ${values.expected}`, span, [], extra);
}

/** BT0102: syntax: unexpected input */
export function unexpectedInput(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0102', 'error', `syntax: unexpected input`, span, [], extra);
}

/** BT0103: syntax: %what% must appear before probes and functions */
export function lateDefinition(
  span: Span | undefined,
  values: { readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0103', 'error', `syntax: ${values.what} must appear before probes and functions`, span, [], extra);
}

/** BT0104: syntax: duplicate config block */
export function duplicateConfig(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0104', 'error', `syntax: duplicate config block`, span, [], extra);
}

/** BT0105: syntax: root-level let statements need to be map declarations, e.g. let @a = hash(2); */
export function rootLet(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0105', 'error', `syntax: root-level let statements need to be map declarations, e.g. let @a = hash(2);`, span, [], extra);
}

/** BT0106: syntax: unterminated string */
export function unterminatedString(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0106', 'error', `syntax: unterminated string`, span, [], extra);
}

/** BT0107: syntax: invalid escape character '\%character%' */
export function invalidEscape(
  span: Span | undefined,
  values: { readonly character: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0107', 'error', `syntax: invalid escape character '\\${values.character}'`, span, [], extra);
}

/** BT0108: syntax: octal escape sequence out of range '\%digits%' */
export function octalEscapeRange(
  span: Span | undefined,
  values: { readonly digits: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0108', 'error', `syntax: octal escape sequence out of range '\\${values.digits}'`, span, [], extra);
}

/** BT0109: syntax: invalid hex escape sequence */
export function invalidHexEscape(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0109', 'error', `syntax: invalid hex escape sequence`, span, [], extra);
}

/** BT0110: syntax: trailing underscore in integer literal */
export function trailingUnderscore(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0110', 'error', `syntax: trailing underscore in integer literal`, span, [], extra);
}

/** BT0111: syntax: invalid integer suffix '%suffix%' */
export function invalidIntegerSuffix(
  span: Span | undefined,
  values: { readonly suffix: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0111', 'error', `syntax: invalid integer suffix '${values.suffix}'`, span, [], extra);
}

/** BT0112: syntax: overflow error, maximum value is %maximum%: %literal% */
export function integerOverflow(
  span: Span | undefined,
  values: { readonly maximum: MessageValue; readonly literal: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0112', 'error', `syntax: overflow error, maximum value is ${values.maximum}: ${values.literal}`, span, [], extra);
}

/** BT0113: syntax: coefficient part of scientific literal must be 1-9: %literal% */
export function invalidCoefficient(
  span: Span | undefined,
  values: { readonly literal: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0113', 'error', `syntax: coefficient part of scientific literal must be 1-9: ${values.literal}`, span, [], extra);
}

/** BT0114: syntax: invalid integer: %literal% */
export function invalidInteger(
  span: Span | undefined,
  values: { readonly literal: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0114', 'error', `syntax: invalid integer: ${values.literal}`, span, [], extra);
}

/** BT0115: syntax: param $%digits% is out of integer range [1, 9223372036854775807] */
export function parameterRange(
  span: Span | undefined,
  values: { readonly digits: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0115', 'error', `syntax: param $${values.digits} is out of integer range [1, 9223372036854775807]`, span, [], extra);
}

/** BT0116: syntax: Tuples and records are immutable once created. Consider creating a new value and assigning it instead. */
export function immutableTarget(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0116', 'error', `syntax: Tuples and records are immutable once created. Consider creating a new value and assigning it instead.`, span, [], extra);
}

/** BT0117: syntax: invalid assignment target */
export function invalidAssignmentTarget(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0117', 'error', `syntax: invalid assignment target`, span, [], extra);
}

/** BT0118: syntax: increment/decrement requires a variable or map */
export function invalidUpdateTarget(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0118', 'error', `syntax: increment/decrement requires a variable or map`, span, [], extra);
}

/** BT0119: syntax: address-of operator (&) can only be used on a map or variable */
export function invalidAddressOf(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0119', 'error', `syntax: address-of operator (&) can only be used on a map or variable`, span, [], extra);
}

/** BT0120: syntax: Named argument list already contains name: %name% */
export function duplicateField(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0120', 'error', `syntax: Named argument list already contains name: ${values.name}`, span, [], extra);
}

/** BT0121: syntax: builtin '%name%' can't be used as a macro argument */
export function builtinParameter(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0121', 'error', `syntax: builtin '${values.name}' can't be used as a macro argument`, span, [], extra);
}

/** BT0122: syntax: expected map or range in for loop */
export function invalidLoopTarget(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0122', 'error', `syntax: expected map or range in for loop`, span, [], extra);
}

/** BT0123: syntax: nested too deeply: the limit is %limit% levels */
export function nestedTooDeeply(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0123', 'error', `syntax: nested too deeply: the limit is ${values.limit} levels`, span, [], extra);
}

/** BT0124: unterminated comment */
export function unterminatedComment(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0124', 'warning', `unterminated comment`, span, [], extra);
}

/** BT0125: invalid trailing character for positional param: %character%. Try quoting this entire part if this is intentional e.g. "$%character%". */
export function attachParameterCharacter(
  span: Span | undefined,
  values: { readonly character: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0125', 'error', `invalid trailing character for positional param: ${values.character}. Try quoting this entire part if this is intentional e.g. "$${values.character}".`, span, [], extra);
}

/** BT0126: positional parameter is not valid: overflow error, maximum value is 18446744073709551615: %digits% */
export function attachParameterRange(
  span: Span | undefined,
  values: { readonly digits: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0126', 'error', `positional parameter is not valid: overflow error, maximum value is 18446744073709551615: ${values.digits}`, span, [], extra);
}

/** BT0201: Undefined or undeclared variable: $%name% */
export function undefinedVariable(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0201', 'error', `Undefined or undeclared variable: $${values.name}`, span, [], extra);
}

/** BT0202: Variable $%name% was already declared. Variable shadowing is not allowed. */
export function shadowedVariable(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0202', 'error', `Variable $${values.name} was already declared. Variable shadowing is not allowed.`, span, [], extra);
}

/** BT0203: Undefined map: @%name% */
export function undefinedMap(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0203', 'error', `Undefined map: @${values.name}`, span, [], extra);
}

/** BT0204: Unknown identifier: '%name%' */
export function unknownIdentifier(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0204', 'error', `Unknown identifier: '${values.name}'`, span, [], extra);
}

/** BT0205: Unknown function: '%name%' */
export function unknownFunction(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0205', 'error', `Unknown function: '${values.name}'`, span, [], extra);
}

/** BT0206: Type mismatch for %what%: trying to assign value of type '%found%' when %kind% already has a type '%wanted%' */
export function assignMismatch(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly found: MessageValue; readonly kind: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0206', 'error', `Type mismatch for ${values.what}: trying to assign value of type '${values.found}' when ${values.kind} already has a type '${values.wanted}'`, span, [], extra);
}

/** BT0207: Argument mismatch for @%name%: trying to access with arguments: '%found%' when map expects arguments: '%wanted%' */
export function keyMismatch(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly found: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0207', 'error', `Argument mismatch for @${values.name}: trying to access with arguments: '${values.found}' when map expects arguments: '${values.wanted}'`, span, [], extra);
}

/** BT0208: @%name% used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map) */
export function scalarWithKey(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0208', 'error', `@${values.name} used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map)`, span, [], extra);
}

/** BT0209: @%name% used as a map without an explicit key (scalar map), previously used with an explicit key (non-scalar map) */
export function keyedWithoutKey(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0209', 'error', `@${values.name} used as a map without an explicit key (scalar map), previously used with an explicit key (non-scalar map)`, span, [], extra);
}

/** BT0210: The %operator% operator can not be used on expressions of types '%left%', '%right%' */
export function operatorTypes(
  span: Span | undefined,
  values: { readonly operator: MessageValue; readonly left: MessageValue; readonly right: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0210', 'error', `The ${values.operator} operator can not be used on expressions of types '${values.left}', '${values.right}'`, span, [], extra);
}

/** BT0211: The %operator% operator can not be used on expressions of type '%type%' */
export function unaryType(
  span: Span | undefined,
  values: { readonly operator: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0211', 'error', `The ${values.operator} operator can not be used on expressions of type '${values.type}'`, span, [], extra);
}

/** BT0212: Type mismatch for '%operator%': comparing %left% with %right% */
export function comparisonMismatch(
  span: Span | undefined,
  values: { readonly operator: MessageValue; readonly left: MessageValue; readonly right: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0212', 'error', `Type mismatch for '${values.operator}': comparing ${values.left} with ${values.right}`, span, [], extra);
}

/** BT0213: %name%() requires %wanted% (%given% provided) */
export function wrongArity(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue; readonly given: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0213', 'error', `${values.name}() requires ${values.wanted} (${values.given} provided)`, span, [], extra);
}

/** BT0214: %name%() only supports %wanted% arguments (%found% provided) */
export function argumentType(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue; readonly found: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0214', 'error', `${values.name}() only supports ${values.wanted} arguments (${values.found} provided)`, span, [], extra);
}

/** BT0215: %name%() expects %wanted% */
export function argumentLiteral(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0215', 'error', `${values.name}() expects ${values.wanted}`, span, [], extra);
}

/** BT0216: %name%: not enough arguments for format string (%given% supplied, %wanted% expected) */
export function formatMissing(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly given: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0216', 'error', `${values.name}: not enough arguments for format string (${values.given} supplied, ${values.wanted} expected)`, span, [], extra);
}

/** BT0217: %name%: too many arguments for format string (%given% supplied, %wanted% expected) */
export function formatExtra(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly given: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0217', 'error', `${values.name}: too many arguments for format string (${values.given} supplied, ${values.wanted} expected)`, span, [], extra);
}

/** BT0218: unsupported format specifier for type '%type%': %specifier% */
export function formatType(
  span: Span | undefined,
  values: { readonly type: MessageValue; readonly specifier: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0218', 'error', `unsupported format specifier for type '${values.type}': ${values.specifier}`, span, [], extra);
}

/** BT0219: unsupported format specifier: %specifier% */
export function formatSpecifier(
  span: Span | undefined,
  values: { readonly specifier: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0219', 'error', `unsupported format specifier: ${values.specifier}`, span, [], extra);
}

/** BT0220: %name%() should be assigned to a map */
export function aggregateMisplaced(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0220', 'error', `${values.name}() should be assigned to a map`, span, [], extra);
}

/** BT0221: %type% does not contain a field named '%field%' */
export function unknownField(
  span: Span | undefined,
  values: { readonly type: MessageValue; readonly field: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0221', 'error', `${values.type} does not contain a field named '${values.field}'`, span, [], extra);
}

/** BT0222: tracepoint not found: %name% */
export function noTracepoint(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0222', 'error', `tracepoint not found: ${values.name}`, span, [], extra);
}

/** BT0223: No probes to attach for '%pattern%' in %kernel% */
export function noMatch(
  span: Span | undefined,
  values: { readonly pattern: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0223', 'error', `No probes to attach for '${values.pattern}' in ${values.kernel}`, span, [], extra);
}

/** BT0224: not supported yet: %what% */
export function notSupportedYet(
  span: Span | undefined,
  values: { readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0224', 'error', `not supported yet: ${values.what}`, span, [], extra);
}

/** BT0225: %what% needs %space% memory, which %kernel% does not have */
export function memoryOutOfReach(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly space: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0225', 'error', `${values.what} needs ${values.space} memory, which ${values.kernel} does not have`, span, [], extra);
}

/** BT0226: %kernel% does not tell process ids */
export function processIdUnknown(
  span: Span | undefined,
  values: { readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0226', 'error', `${values.kernel} does not tell process ids`, span, [], extra);
}

/** BT0227: %kernel% tells the process id of some threads only; of the others `pid` is 4294967295 */
export function processIdPartly(
  span: Span | undefined,
  values: { readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0227', 'warning', `${values.kernel} tells the process id of some threads only; of the others \`pid\` is 4294967295`, span, [], extra);
}

/** BT0228: %kernel% does not tell %what% */
export function credentialsUnknown(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0228', 'error', `${values.kernel} does not tell ${values.what}`, span, [], extra);
}

/** BT0229: division by zero */
export function foldedDivision(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0229', 'error', `division by zero`, span, [], extra);
}

/** BT0230: shift count %count% is out of range: 0 to 63 */
export function shiftRange(
  span: Span | undefined,
  values: { readonly count: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0230', 'error', `shift count ${values.count} is out of range: 0 to 63`, span, [], extra);
}

/** BT0231: unroll maximum value is 100 */
export function unrollMaximum(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0231', 'error', `unroll maximum value is 100`, span, [], extra);
}

/** BT0232: invalid unroll value */
export function unrollValue(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0232', 'error', `invalid unroll value`, span, [], extra);
}

/** BT0233: Unrecognized config variable: %name% */
export function unknownConfig(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0233', 'error', `Unrecognized config variable: ${values.name}`, span, [], extra);
}

/** BT0234: %old% has been renamed to %name% */
export function renamedConfig(
  span: Span | undefined,
  values: { readonly old: MessageValue; readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0234', 'error', `${values.old} has been renamed to ${values.name}`, span, [], extra);
}

/** BT0235: %name% is deprecated and has no effect */
export function deprecatedConfig(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0235', 'warning', `${values.name} is deprecated and has no effect`, span, [], extra);
}

/** BT0236: Invalid value for %name%: %detail% */
export function configValue(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly detail: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0236', 'error', `Invalid value for ${values.name}: ${values.detail}`, span, [], extra);
}

/** BT0237: Value '%value%' is out of range for type '%type%' */
export function literalRange(
  span: Span | undefined,
  values: { readonly value: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0237', 'error', `Value '${values.value}' is out of range for type '${values.type}'`, span, [], extra);
}

/** BT0238: signed operands for '%operator%' can lead to undefined behavior (cast to unsigned to silence warning) */
export function signedDivision(
  span: Span | undefined,
  values: { readonly operator: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0238', 'warning', `signed operands for '${values.operator}' can lead to undefined behavior (cast to unsigned to silence warning)`, span, [], extra);
}

/** BT0240: Variable $%name% never assigned to. */
export function neverAssigned(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0240', 'warning', `Variable $${values.name} never assigned to.`, span, [], extra);
}

/** BT0241: Invalid condition: expected an integer, boolean, pointer or string, found '%type%' */
export function conditionType(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0241', 'error', `Invalid condition: expected an integer, boolean, pointer or string, found '${values.type}'`, span, [], extra);
}

/** BT0242: Cannot cast from "%from%" to "%to%" */
export function invalidCast(
  span: Span | undefined,
  values: { readonly from: MessageValue; readonly to: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0242', 'error', `Cannot cast from "${values.from}" to "${values.to}"`, span, [], extra);
}

/** BT0243: Cannot resolve unknown type "%name%" */
export function unknownType(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0243', 'error', `Cannot resolve unknown type "${values.name}"`, span, [], extra);
}

/** BT0244: The array index operator [] can not be used with type '%index%' on '%type%' */
export function indexType(
  span: Span | undefined,
  values: { readonly index: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0244', 'error', `The array index operator [] can not be used with type '${values.index}' on '${values.type}'`, span, [], extra);
}

/** BT0245: the index %index% is out of bounds for array of size %size% */
export function indexRange(
  span: Span | undefined,
  values: { readonly index: MessageValue; readonly size: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0245', 'error', `the index ${values.index} is out of bounds for array of size ${values.size}`, span, [], extra);
}

/** BT0246: '%statement%' must be used inside a loop */
export function outsideLoop(
  span: Span | undefined,
  values: { readonly statement: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0246', 'error', `'${values.statement}' must be used inside a loop`, span, [], extra);
}

/** BT0247: %what% has no value */
export function noValue(
  span: Span | undefined,
  values: { readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0247', 'error', `${values.what} has no value`, span, [], extra);
}

/** BT0248: Invalid provider: '%name%' */
export function unknownProvider(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0248', 'error', `Invalid provider: '${values.name}'`, span, [], extra);
}

/** BT0249: %provider% probes have the form %form% */
export function attachForm(
  span: Span | undefined,
  values: { readonly provider: MessageValue; readonly form: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0249', 'error', `${values.provider} probes have the form ${values.form}`, span, [], extra);
}

/** BT0250: Invalid %what%: '%value%' */
export function attachValue(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0250', 'error', `Invalid ${values.what}: '${values.value}'`, span, [], extra);
}

/** BT0251: Ternary return type mismatch: have '%left%' and '%right%' */
export function armTypes(
  span: Span | undefined,
  values: { readonly left: MessageValue; readonly right: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0251', 'error', `Ternary return type mismatch: have '${values.left}' and '${values.right}'`, span, [], extra);
}

/** BT0252: %name%() is an unsafe function being used in safe mode */
export function unsafeCall(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0252', 'error', `${values.name}() is an unsafe function being used in safe mode`, span, [], extra);
}

/** BT0253: String is too long (over %limit% bytes): %text% */
export function stringTooLong(
  span: Span | undefined,
  values: { readonly limit: MessageValue; readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0253', 'error', `String is too long (over ${values.limit} bytes): ${values.text}`, span, [], extra);
}

/** BT0254: %what% can not be iterated over */
export function mapLoop(
  span: Span | undefined,
  values: { readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0254', 'error', `${values.what} can not be iterated over`, span, [], extra);
}

/** BT0255: Invalid map declaration: %detail% */
export function badMapDeclaration(
  span: Span | undefined,
  values: { readonly detail: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0255', 'error', `Invalid map declaration: ${values.detail}`, span, [], extra);
}

/** BT0256: $%index% used numerically but given "%value%". Try using str($%index%). */
export function parameterKind(
  span: Span | undefined,
  values: { readonly index: MessageValue; readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0256', 'error', `$${values.index} used numerically but given "${values.value}". Try using str($${values.index}).`, span, [], extra);
}

/** BT0257: '%name%' can not be used inside of a map for-loop */
export function contextInLoop(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0257', 'error', `'${values.name}' can not be used inside of a map for-loop`, span, [], extra);
}

/** BT0258: comptime expression can not be evaluated at compile time */
export function notAConstant(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0258', 'error', `comptime expression can not be evaluated at compile time`, span, [], extra);
}

/** BT0259: %what% needs Linux %version% or newer */
export function needsKernel(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly version: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0259', 'error', `${values.what} needs Linux ${values.version} or newer`, span, [], extra);
}

/** BT0260: %probe% needs %bytes% bytes of stack, the limit is %limit% */
export function codeTooLarge(
  span: Span | undefined,
  values: { readonly probe: MessageValue; readonly bytes: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0260', 'error', `${values.probe} needs ${values.bytes} bytes of stack, the limit is ${values.limit}`, span, [], extra);
}

/** BT0261: internal error: %detail% */
export function internalError(
  span: Span | undefined,
  values: { readonly detail: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0261', 'error', `internal error: ${values.detail}`, span, [], extra);
}

/** BT0262: Your program is trying to attach to %count% probes, which exceeds the current limit of %limit% */
export function tooManyProbes(
  span: Span | undefined,
  values: { readonly count: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0262', 'error', `Your program is trying to attach to ${values.count} probes, which exceeds the current limit of ${values.limit}`, span, [], extra);
}

/** BT0263: Cannot determine the type of %what% */
export function undeterminedType(
  span: Span | undefined,
  values: { readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0263', 'error', `Cannot determine the type of ${values.what}`, span, [], extra);
}

/** BT0264: No probes to attach for '%pattern%' in %kernel% */
export function missingProbe(
  span: Span | undefined,
  values: { readonly pattern: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0264', 'warning', `No probes to attach for '${values.pattern}' in ${values.kernel}`, span, [], extra);
}

/** BT0265: No probes to attach */
export function noProbes(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0265', 'error', `No probes to attach`, span, [], extra);
}

/** BT0266: a loop over a range whose ends are not constant needs Linux 5.17 or newer, not %release% */
export function loopBounds(
  span: Span | undefined,
  values: { readonly release: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0266', 'error', `a loop over a range whose ends are not constant needs Linux 5.17 or newer, not ${values.release}`, span, [], extra);
}

/** BT0267: a loop of %rounds% rounds needs Linux 5.17 or newer; for %release% the limit is %limit% */
export function loopRounds(
  span: Span | undefined,
  values: { readonly rounds: MessageValue; readonly release: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0267', 'error', `a loop of ${values.rounds} rounds needs Linux 5.17 or newer; for ${values.release} the limit is ${values.limit}`, span, [], extra);
}

/** BT0268: %what% needs Linux %version% or newer, not %release% */
export function targetLacks(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly version: MessageValue; readonly release: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0268', 'error', `${values.what} needs Linux ${values.version} or newer, not ${values.release}`, span, [], extra);
}

/** BT0269: %probe% has %count% instructions, Linux %release% takes %limit% */
export function programTooLong(
  span: Span | undefined,
  values: { readonly probe: MessageValue; readonly count: MessageValue; readonly release: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0269', 'error', `${values.probe} has ${values.count} instructions, Linux ${values.release} takes ${values.limit}`, span, [], extra);
}

/** BT0270: Unreachable code */
export function neverRuns(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0270', 'warning', `Unreachable code`, span, [], extra);
}

/** BT0271: Variable used before it was assigned: $%name% */
export function readBeforeAssign(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0271', 'warning', `Variable used before it was assigned: $${values.name}`, span, [], extra);
}

/** BT0272: %helper% can not be called by programs of type %type% on Linux %release% */
export function helperRefused(
  span: Span | undefined,
  values: { readonly helper: MessageValue; readonly type: MessageValue; readonly release: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0272', 'error', `${values.helper} can not be called by programs of type ${values.type} on Linux ${values.release}`, span, [], extra);
}

/** BT0273: Invalid tuple index: %index%. Found %size% elements in tuple. */
export function tupleIndex(
  span: Span | undefined,
  values: { readonly index: MessageValue; readonly size: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0273', 'error', `Invalid tuple index: ${values.index}. Found ${values.size} elements in tuple.`, span, [], extra);
}

/** BT0274: %name%() of a process id needs the kernel's bpf_task_from_pid(), which programs made here do not call */
export function taskOfNumber(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0274', 'error', `${values.name}() of a process id needs the kernel's bpf_task_from_pid(), which programs made here do not call`, span, [], extra);
}

/** BT0280: a loop of %rounds% rounds is too long: bpf_loop takes at most 8388608 */
export function loopTooLong(
  span: Span | undefined,
  values: { readonly rounds: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0280', 'error', `a loop of ${values.rounds} rounds is too long: bpf_loop takes at most 8388608`, span, [], extra);
}

/** BT0281: %what% of @%name% cannot be of type '%type%': it has no bytes */
export function emptyElement(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly name: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0281', 'error', `${values.what} of @${values.name} cannot be of type '${values.type}': it has no bytes`, span, [], extra);
}

/** BT0282: %what% of type %type% cannot be copied%how% */
export function aggregateCopy(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly type: MessageValue; readonly how: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0282', 'error', `${values.what} of type ${values.type} cannot be copied${values.how}`, span, [], extra);
}

/** BT0283: @%name% is a histogram of %found% here and of %wanted% elsewhere */
export function boundsMismatch(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly found: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0283', 'error', `@${values.name} is a histogram of ${values.found} here and of ${values.wanted} elsewhere`, span, [], extra);
}

/** BT0287: floating-point numbers are not supported */
export function floatLiteral(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0287', 'error', `floating-point numbers are not supported`, span, [], extra);
}

/** BT0290: %kernel% does not tell the date: %name%() counts from its boot, as if that were 1970 */
export function wallClockUnknown(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0290', 'warning', `${values.kernel} does not tell the date: ${values.name}() counts from its boot, as if that were 1970`, span, [], extra);
}

/** BT0295: unroll would make %copies% copies of its body, the limit is %limit% */
export function unrollCopies(
  span: Span | undefined,
  values: { readonly copies: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0295', 'error', `unroll would make ${values.copies} copies of its body, the limit is ${values.limit}`, span, [], extra);
}

/** BT0296: the script becomes more than %limit% instructions */
export function codeTooLong(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0296', 'error', `the script becomes more than ${values.limit} instructions`, span, [], extra);
}

/** BT0297: %kernel% has no arguments of raw tracepoints */
export function noRawTracepoints(
  span: Span | undefined,
  values: { readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0297', 'error', `${values.kernel} has no arguments of raw tracepoints`, span, [], extra);
}

/** BT0298: %name% needs the registers of the call, which %kernel% does not have */
export function noRegisters(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0298', 'error', `${values.name} needs the registers of the call, which ${values.kernel} does not have`, span, [], extra);
}

/** BT0299: the probe is too large: a jump in it spans more than 32767 instructions, which Linux %release% does not have */
export function jumpTooFar(
  span: Span | undefined,
  values: { readonly release: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0299', 'error', `the probe is too large: a jump in it spans more than 32767 instructions, which Linux ${values.release} does not have`, span, [`split the probe into several`], extra);
}

/** BT0301: %event%: field %field% was %wanted% in %origin%, and is %found% in %kernel% */
export function fieldMoved(
  span: Span | undefined,
  values: { readonly event: MessageValue; readonly field: MessageValue; readonly wanted: MessageValue; readonly origin: MessageValue; readonly found: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0301', 'error', `${values.event}: field ${values.field} was ${values.wanted} in ${values.origin}, and is ${values.found} in ${values.kernel}`, span, [], extra);
}

/** BT0302: this script can not read what it needs in %kernel%: %problem% */
export function layoutMissing(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly problem: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0302', 'error', `this script can not read what it needs in ${values.kernel}: ${values.problem}`, span, [], extra);
}

/** BT0601: Call to macro '%name%' fits no definition: given %given% */
export function macroArguments(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly given: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0601', 'error', `Call to macro '${values.name}' fits no definition: given ${values.given}`, span, [], extra);
}

/** BT0602: Recursive macro call detected. Call chain: %chain% */
export function macroRecursion(
  span: Span | undefined,
  values: { readonly chain: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0602', 'error', `Recursive macro call detected. Call chain: ${values.chain}`, span, [], extra);
}

/** BT0603: Unhygienic access to variable: $%name%. Variables must be passed into the macro as arguments. */
export function unhygienicVariable(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0603', 'error', `Unhygienic access to variable: $${values.name}. Variables must be passed into the macro as arguments.`, span, [], extra);
}

/** BT0604: Unhygienic access to map: @%name%. Maps must be passed into the macro as arguments. */
export function unhygienicMap(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0604', 'error', `Unhygienic access to map: @${values.name}. Maps must be passed into the macro as arguments.`, span, [], extra);
}

/** BT0605: The macros expand to more than %limit% nodes */
export function macroTooLarge(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0605', 'error', `The macros expand to more than ${values.limit} nodes`, span, [], extra);
}

/** BT0606: '%statement%' is not allowed in a macro body */
export function macroJump(
  span: Span | undefined,
  values: { readonly statement: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0606', 'error', `'${values.statement}' is not allowed in a macro body`, span, [], extra);
}

/** BT0607: Macro parameter '%name%' needs %wanted% */
export function macroArgumentUse(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0607', 'error', `Macro parameter '${values.name}' needs ${values.wanted}`, span, [], extra);
}

/** BT0608: Redefinition of '%name%' */
export function redefinition(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0608', 'error', `Redefinition of '${values.name}'`, span, [], extra);
}

/** BT0610: Recursive function call detected. Call chain: %chain% */
export function functionRecursion(
  span: Span | undefined,
  values: { readonly chain: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0610', 'error', `Recursive function call detected. Call chain: ${values.chain}`, span, [], extra);
}

/** BT0611: '%name%' belongs to a probe and cannot be used in a function */
export function contextInFunction(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0611', 'error', `'${values.name}' belongs to a probe and cannot be used in a function`, span, [`give the function a parameter, and pass '${values.name}' (or what is needed of it) where it is called`], extra);
}

/** BT0612: Functions neither take nor give values of type '%type%' */
export function parameterType(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0612', 'error', `Functions neither take nor give values of type '${values.type}'`, span, [], extra);
}

/** BT0613: Function '%name%' has to give a value of type '%type%' */
export function resultMissing(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0613', 'error', `Function '${values.name}' has to give a value of type '${values.type}'`, span, [], extra);
}

/** BT0614: Function '%name%' is declared to give nothing */
export function resultUnwanted(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0614', 'error', `Function '${values.name}' is declared to give nothing`, span, [], extra);
}

/** BT0615: Calls nest %depth% deep, and Linux allows %limit%: %chain% */
export function callsTooDeep(
  span: Span | undefined,
  values: { readonly depth: MessageValue; readonly limit: MessageValue; readonly chain: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0615', 'error', `Calls nest ${values.depth} deep, and Linux allows ${values.limit}: ${values.chain}`, span, [], extra);
}

/** BT0620: C definitions: expected %expected% */
export function cExpected(
  span: Span | undefined,
  values: { readonly expected: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0620', 'error', `C definitions: expected ${values.expected}`, span, [], extra);
}

/** BT0621: Macro '%name%' takes %wanted% arguments, given %given% */
export function cMacroArguments(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue; readonly given: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0621', 'error', `Macro '${values.name}' takes ${values.wanted} arguments, given ${values.given}`, span, [], extra);
}

/** BT0622: The macros of the C text expand to more than %limit% words */
export function cTooLarge(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0622', 'error', `The macros of the C text expand to more than ${values.limit} words`, span, [], extra);
}

/** BT0623: C definitions: expected %expected% in this directive */
export function badDirective(
  span: Span | undefined,
  values: { readonly expected: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0623', 'error', `C definitions: expected ${values.expected} in this directive`, span, [], extra);
}

/** BT0624: #error %text% */
export function directiveError(
  span: Span | undefined,
  values: { readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0624', 'error', `#error ${values.text}`, span, [], extra);
}

/** BT0625: #warning %text% */
export function directiveWarning(
  span: Span | undefined,
  values: { readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0625', 'warning', `#warning ${values.text}`, span, [], extra);
}

/** BT0626: Unterminated conditional: #endif is missing */
export function openConditional(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0626', 'error', `Unterminated conditional: #endif is missing`, span, [], extra);
}

/** BT0627: #%directive% without #if */
export function strayConditional(
  span: Span | undefined,
  values: { readonly directive: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0627', 'error', `#${values.directive} without #if`, span, [], extra);
}

/** BT0628: '%name%' file not found */
export function includeNotFound(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0628', 'error', `'${values.name}' file not found`, span, [], extra);
}

/** BT0629: #include nested more than %limit% deep */
export function includeDepth(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0629', 'error', `#include nested more than ${values.limit} deep`, span, [], extra);
}

/** BT0630: The included files have more than %limit% characters */
export function includesTooLarge(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0630', 'error', `The included files have more than ${values.limit} characters`, span, [], extra);
}

/** BT0631: '%name%' is a header of the kernel, and nothing here tells the kernel's types */
export function kernelHeader(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0631', 'error', `'${values.name}' is a header of the kernel, and nothing here tells the kernel's types`, span, [`compile for a kernel whose types are known: --target linux-6.1, or a BTF file`, `or define the few structs that the script needs itself`], extra);
}

/** BT0632: headers such as '%name%' are not read: the types of %kernel% answer in their place */
export function kernelHeaderNote(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0632', 'note', `headers such as '${values.name}' are not read: the types of ${values.kernel} answer in their place`, span, [], extra);
}

/** BT0633: A bitfield here has 0 to %most% bits, not %bits% */
export function bitfieldWidth(
  span: Span | undefined,
  values: { readonly most: MessageValue; readonly bits: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0633', 'error', `A bitfield here has 0 to ${values.most} bits, not ${values.bits}`, span, [], extra);
}

/** BT0634: '%name%' has an incomplete type */
export function incompleteMember(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0634', 'error', `'${values.name}' has an incomplete type`, span, [], extra);
}

/** BT0635: An array of %count% elements */
export function arraySize(
  span: Span | undefined,
  values: { readonly count: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0635', 'error', `An array of ${values.count} elements`, span, [], extra);
}

/** BT0636: Static assertion failed: %text% */
export function failedAssert(
  span: Span | undefined,
  values: { readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0636', 'error', `Static assertion failed: ${values.text}`, span, [], extra);
}

/** BT0637: Macro '%name%' is no expression: %text% */
export function cMacroText(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0637', 'error', `Macro '${values.name}' is no expression: ${values.text}`, span, [], extra);
}

/** BT0640: Failed to import '%path%': no such file or name of the standard library */
export function importNotFound(
  span: Span | undefined,
  values: { readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0640', 'error', `Failed to import '${values.path}': no such file or name of the standard library`, span, [], extra);
}

/** BT0641: Failed to import '%path%': the folder is world-writable */
export function importWritable(
  span: Span | undefined,
  values: { readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0641', 'error', `Failed to import '${values.path}': the folder is world-writable`, span, [], extra);
}

/** BT0642: An imported file cannot have a config block */
export function importConfig(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0642', 'error', `An imported file cannot have a config block`, span, [], extra);
}

/** BT0643: Failed to import '%path%': compile it with clang first */
export function importSource(
  span: Span | undefined,
  values: { readonly path: MessageValue; readonly object: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0643', 'error', `Failed to import '${values.path}': compile it with clang first`, span, [`clang -O2 -g -target bpf -c ${values.path} -o ${values.object}`], extra);
}

/** BT0644: Failed to import '%path%': scripts and objects are not linked into one program yet */
export function importObject(
  span: Span | undefined,
  values: { readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0644', 'error', `Failed to import '${values.path}': scripts and objects are not linked into one program yet`, span, [`the object runs by itself: bpfkit ${values.path}`], extra);
}

/** BT0645: Failed to import '%path%': not a script (.bt) or a header (.h) */
export function importUnknown(
  span: Span | undefined,
  values: { readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0645', 'error', `Failed to import '${values.path}': not a script (.bt) or a header (.h)`, span, [], extra);
}

/** BT0646: Nothing to import in '%path%' */
export function importEmpty(
  span: Span | undefined,
  values: { readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0646', 'warning', `Nothing to import in '${values.path}'`, span, [], extra);
}

/** BT0647: Imports nested more than %limit% deep */
export function importDepth(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0647', 'error', `Imports nested more than ${values.limit} deep`, span, [], extra);
}

/** BT0648: The imported files have more than %limit% characters */
export function importsTooLarge(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0648', 'error', `The imported files have more than ${values.limit} characters`, span, [], extra);
}

/** BT0701: %kernel% has no %provider% probes */
export function kindUnavailable(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly provider: MessageValue; readonly advice: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0701', 'error', `${values.kernel} has no ${values.provider} probes`, span, [`${values.advice}`], extra);
}

/** BT0702: cannot attach to %name%: %reason% */
export function cannotAttach(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly reason: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0702', 'error', `cannot attach to ${values.name}: ${values.reason}`, span, [], extra);
}

/** BT0703: No probe type matches for %pattern% */
export function noProvider(
  span: Span | undefined,
  values: { readonly pattern: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0703', 'error', `No probe type matches for ${values.pattern}`, span, [], extra);
}

/** BT0704: %provider% probes take no offset: a function returns as a whole */
export function takesNoOffset(
  span: Span | undefined,
  values: { readonly provider: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0704', 'error', `${values.provider} probes take no offset: a function returns as a whole`, span, [], extra);
}

/** BT0705: Invalid offset: '%value%' */
export function badOffset(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0705', 'error', `Invalid offset: '${values.value}'`, span, [], extra);
}

/** BT0706: Attaching to an address is unsafe: '%value%' */
export function addressUnsafe(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0706', 'error', `Attaching to an address is unsafe: '${values.value}'`, span, [`use --unsafe, or attach to a function`], extra);
}

/** BT0707: Invalid address: '%value%' */
export function badPlace(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0707', 'error', `Invalid address: '${values.value}'`, span, [], extra);
}

/** BT0708: %provider% probes need the kernel's types (BTF), which %kernel% does not have */
export function needsTypes(
  span: Span | undefined,
  values: { readonly provider: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0708', 'error', `${values.provider} probes need the kernel's types (BTF), which ${values.kernel} does not have`, span, [], extra);
}

/** BT0709: ambiguous attach point, please specify module containing the function '%function%' */
export function ambiguousModule(
  span: Span | undefined,
  values: { readonly function: MessageValue; readonly modules: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0709', 'error', `ambiguous attach point, please specify module containing the function '${values.function}'`, span, [`one of: ${values.modules}`], extra);
}

/** BT0710: Module not found: %module% */
export function noModule(
  span: Span | undefined,
  values: { readonly module: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0710', 'error', `Module not found: ${values.module}`, span, [], extra);
}

/** BT0711: %provider% target file '%target%' does not exist or is not executable */
export function noBinary(
  span: Span | undefined,
  values: { readonly provider: MessageValue; readonly target: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0711', 'error', `${values.provider} target file '${values.target}' does not exist or is not executable`, span, [], extra);
}

/** BT0712: %provider% probes need the files of the traced machine, which are not at hand */
export function binariesUnknown(
  span: Span | undefined,
  values: { readonly provider: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0712', 'error', `${values.provider} probes need the files of the traced machine, which are not at hand`, span, [], extra);
}

/** BT0713: Could not resolve symbol: %target%:%symbol% */
export function noSymbol(
  span: Span | undefined,
  values: { readonly target: MessageValue; readonly symbol: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0713', 'error', `Could not resolve symbol: ${values.target}:${values.symbol}`, span, [], extra);
}

/** BT0714: Could not determine boundary for %symbol% (symbol has size 0) */
export function noBoundary(
  span: Span | undefined,
  values: { readonly symbol: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0714', 'error', `Could not determine boundary for ${values.symbol} (symbol has size 0)`, span, [], extra);
}

/** BT0715: Offset outside the function bounds ('%symbol%' size is %size%) */
export function offsetOutside(
  span: Span | undefined,
  values: { readonly symbol: MessageValue; readonly size: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0715', 'error', `Offset outside the function bounds ('${values.symbol}' size is ${values.size})`, span, [], extra);
}

/** BT0716: %target% has no USDT probe %probe% */
export function noUsdt(
  span: Span | undefined,
  values: { readonly target: MessageValue; readonly probe: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0716', 'error', `${values.target} has no USDT probe ${values.probe}`, span, [], extra);
}

/** BT0717: %provider% probes need a target: a file, or a process with -p */
export function noTarget(
  span: Span | undefined,
  values: { readonly provider: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0717', 'error', `${values.provider} probes need a target: a file, or a process with -p`, span, [], extra);
}

/** BT0718: Unknown %provider% event: '%event%' */
export function unknownEvent(
  span: Span | undefined,
  values: { readonly provider: MessageValue; readonly event: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0718', 'error', `Unknown ${values.provider} event: '${values.event}'`, span, [], extra);
}

/** BT0719: %provider% probes take no wildcards */
export function noWildcard(
  span: Span | undefined,
  values: { readonly provider: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0719', 'error', `${values.provider} probes take no wildcards`, span, [], extra);
}

/** BT0720: watchpoint length must be one of (1,2,4,8), not '%value%' */
export function watchLength(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0720', 'error', `watchpoint length must be one of (1,2,4,8), not '${values.value}'`, span, [], extra);
}

/** BT0721: watchpoint address must be aligned to its length: %address% is no multiple of %length% */
export function watchAlignment(
  span: Span | undefined,
  values: { readonly address: MessageValue; readonly length: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0721', 'error', `watchpoint address must be aligned to its length: ${values.address} is no multiple of ${values.length}`, span, [], extra);
}

/** BT0722: Invalid watchpoint mode: '%value%': use w, rw or x */
export function watchMode(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0722', 'error', `Invalid watchpoint mode: '${values.value}': use w, rw or x`, span, [], extra);
}

/** BT0723: watchpoint length must be 1 in mode x, not %length% */
export function watchExecution(
  span: Span | undefined,
  values: { readonly length: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0723', 'error', `watchpoint length must be 1 in mode x, not ${values.length}`, span, [], extra);
}

/** BT0724: %kind% iterator not available in %kernel% */
export function noIterator(
  span: Span | undefined,
  values: { readonly kind: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0724', 'error', `${values.kind} iterator not available in ${values.kernel}`, span, [], extra);
}

/** BT0725: iter probes must be the only probe of a script */
export function iterAlone(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0725', 'error', `iter probes must be the only probe of a script`, span, [], extra);
}

/** BT0726: Invalid self event: '%value%'; the only one is self:signal:SIGUSR1 */
export function unknownSignal(
  span: Span | undefined,
  values: { readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0726', 'error', `Invalid self event: '${values.value}'; the only one is self:signal:SIGUSR1`, span, [], extra);
}

/** BT0727: Your program is trying to generate %count% BPF programs, which exceeds the current limit of %limit% */
export function tooManyPrograms(
  span: Span | undefined,
  values: { readonly count: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0727', 'error', `Your program is trying to generate ${values.count} BPF programs, which exceeds the current limit of ${values.limit}`, span, [], extra);
}

/** BT0728: The %name% builtin can only be used with %probes% probes */
export function builtinUnavailable(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly probes: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0728', 'error', `The ${values.name} builtin can only be used with ${values.probes} probes`, span, [], extra);
}

/** BT0729: The args builtin cannot be used here: nothing tells the arguments of %name% */
export function noArgumentNames(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly advice: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0729', 'error', `The args builtin cannot be used here: nothing tells the arguments of ${values.name}`, span, [`${values.advice}`], extra);
}

/** BT0730: x86_64 doesn't support %name% */
export function archArgument(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0730', 'error', `x86_64 doesn't support ${values.name}`, span, [], extra);
}

/** BT0732: %name% of %probe% cannot be read: %reason% */
export function argumentNotReadable(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly probe: MessageValue; readonly reason: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0732', 'error', `${values.name} of ${values.probe} cannot be read: ${values.reason}`, span, [], extra);
}

/** BT0733: '%name%' is not a valid register on this architecture (x86_64) */
export function unknownRegister(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0733', 'error', `'${values.name}' is not a valid register on this architecture (x86_64)`, span, [], extra);
}

/** BT0738: No instruction of %target% begins at %place% */
export function noLine(
  span: Span | undefined,
  values: { readonly target: MessageValue; readonly place: MessageValue; readonly advice: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0738', 'error', `No instruction of ${values.target} begins at ${values.place}`, span, [`${values.advice}`], extra);
}

/** BT0739: Could not add uprobe into middle of instruction: %place% */
export function insideInstruction(
  span: Span | undefined,
  values: { readonly place: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0739', 'error', `Could not add uprobe into middle of instruction: ${values.place}`, span, [`use --unsafe to attach nevertheless`], extra);
}

/** BT0801: %name%() of %count% bytes: '%type%' has %size% */
export function sizeBeyond(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly count: MessageValue; readonly type: MessageValue; readonly size: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0801', 'error', `${values.name}() of ${values.count} bytes: '${values.type}' has ${values.size}`, span, [], extra);
}

/** BT0802: length param (%given%) is too long and will be shortened to %limit% bytes (see max_strlen) */
export function lengthClamped(
  span: Span | undefined,
  values: { readonly given: MessageValue; readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0802', 'warning', `length param (${values.given}) is too long and will be shortened to ${values.limit} bytes (see max_strlen)`, span, [], extra);
}

/** BT0803: %what%: %kernel% has no call stacks */
export function noStacks(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0803', 'error', `${values.what}: ${values.kernel} has no call stacks`, span, [`record with call chains (\`perf record -g\`, \`trace-cmd record -T\`), or run this on a live kernel`], extra);
}

/** BT0804: %name%() takes a mode (bpftrace, perf, raw%more%) and a number of frames: %problem% */
export function stackMode(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly more: MessageValue; readonly problem: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0804', 'error', `${values.name}() takes a mode (bpftrace, perf, raw${values.more}) and a number of frames: ${values.problem}`, span, [], extra);
}

/** BT0805: %what% needs a live kernel: %reason% */
export function liveOnly(
  span: Span | undefined,
  values: { readonly what: MessageValue; readonly reason: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0805', 'error', `${values.what} needs a live kernel: ${values.reason}`, span, [], extra);
}

/** BT0806: no symbol %symbol% in %place% */
export function unknownSymbol(
  span: Span | undefined,
  values: { readonly symbol: MessageValue; readonly place: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0806', 'error', `no symbol ${values.symbol} in ${values.place}`, span, [], extra);
}

/** BT0807: %name%() needs the symbols of the kernel, which %kernel% does not have */
export function unknownSymbols(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0807', 'error', `${values.name}() needs the symbols of the kernel, which ${values.kernel} does not have`, span, [], extra);
}

/** BT0808: %name%() changes the traced machine, and %kernel% is not one that can be changed */
export function noEffect(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly kernel: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0808', 'error', `${values.name}() changes the traced machine, and ${values.kernel} is not one that can be changed`, span, [], extra);
}

/** BT0809: %name% is no signal */
export function noSuchSignal(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0809', 'error', `${values.name} is no signal`, span, [], extra);
}

/** BT0810: %number% is no signal: they are numbered from 1 to 64 */
export function signalRange(
  span: Span | undefined,
  values: { readonly number: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0810', 'error', `${values.number} is no signal: they are numbered from 1 to 64`, span, [], extra);
}

/** BT0901: Invalid bpf map type: %name% */
export function invalidMapType(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0901', 'error', `Invalid bpf map type: ${values.name}`, span, [`Valid map types: hash, lruhash, percpuhash, percpulruhash`], extra);
}

/** BT0902: Incompatible map types. Type from declaration: %declared%. Type from value/key type: %needed% */
export function incompatibleMapType(
  span: Span | undefined,
  values: { readonly declared: MessageValue; readonly needed: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0902', 'error', `Incompatible map types. Type from declaration: ${values.declared}. Type from value/key type: ${values.needed}`, span, [], extra);
}

/** BT0903: Map @%name% was already declared */
export function mapRedeclared(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0903', 'error', `Map @${values.name} was already declared`, span, [], extra);
}

/** BT0904: Unused map: @%name% */
export function unusedMap(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0904', 'warning', `Unused map: @${values.name}`, span, [], extra);
}

/** BT0905: unroll minimum value is 1 */
export function unrollMinimum(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0905', 'error', `unroll minimum value is 1`, span, [], extra);
}

/** BT0906: Probe return values can only be integers. Found %type% */
export function returnType(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0906', 'error', `Probe return values can only be integers. Found ${values.type}`, span, [], extra);
}

/** BT0907: Return value discarded. */
export function valueDiscarded(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0907', 'warning', `Return value discarded.`, span, [], extra);
}

/** BT0908: typeof() is a type, not a value */
export function typeofValue(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0908', 'error', `typeof() is a type, not a value`, span, [], extra);
}

/** BT0909: %feature% feature is not enabled by default */
export function unstableFeature(
  span: Span | undefined,
  values: { readonly feature: MessageValue; readonly setting: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0909', 'error', `${values.feature} feature is not enabled by default`, span, [`config = { ${values.setting} = enable } allows it`], extra);
}

/** BT0910: Script is using an unstable feature: %feature% */
export function unstableUse(
  span: Span | undefined,
  values: { readonly feature: MessageValue; readonly setting: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0910', 'warning', `Script is using an unstable feature: ${values.feature}`, span, [`config = { ${values.setting} = enable } silences this warning`], extra);
}

/** BT0911: %message% */
export function compileTimeFailure(
  span: Span | undefined,
  values: { readonly message: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0911', 'error', `${values.message}`, span, [], extra);
}

/** BT0912: Value of type '%from%' is being cast to '%to%', which may cause unexpected results */
export function implicitCast(
  span: Span | undefined,
  values: { readonly from: MessageValue; readonly to: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0912', 'warning', `Value of type '${values.from}' is being cast to '${values.to}', which may cause unexpected results`, span, [], extra);
}

/** BT0913: Unnecessary cast: the value has type '%type%' already */
export function unnecessaryCast(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0913', 'warning', `Unnecessary cast: the value has type '${values.type}' already`, span, [], extra);
}

/** BT0915: Positional parameter $%index% is missing: it is 0, and str($%index%) is empty */
export function missingParameter(
  span: Span | undefined,
  values: { readonly index: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0915', 'warning', `Positional parameter $${values.index} is missing: it is 0, and str($${values.index}) is empty`, span, [], extra);
}

/** BT0916: %name%() expects literals */
export function compileTimeText(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0916', 'error', `${values.name}() expects literals`, span, [], extra);
}

/** BT0917: Only arrays of same size support comparison operators. */
export function arraySizes(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0917', 'error', `Only arrays of same size support comparison operators.`, span, [], extra);
}

/** BT0918: The %operator% operator cannot be used on arrays. */
export function arrayOperator(
  span: Span | undefined,
  values: { readonly operator: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT0918', 'error', `The ${values.operator} operator cannot be used on arrays.`, span, [], extra);
}

/** BT1201: debugf() is meant for debugging scripts: its text goes to the kernel's trace pipe, which every tracer shares */
export function debugfProduction(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1201', 'warning', `debugf() is meant for debugging scripts: its text goes to the kernel's trace pipe, which every tracer shares`, span, [], extra);
}

/** BT1202: debugf() takes at most %limit% values */
export function debugfArguments(
  span: Span | undefined,
  values: { readonly limit: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1202', 'error', `debugf() takes at most ${values.limit} values`, span, [], extra);
}

/** BT1203: debugf() cannot print '%type%' with %specifier% */
export function debugfConversion(
  span: Span | undefined,
  values: { readonly type: MessageValue; readonly specifier: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1203', 'error', `debugf() cannot print '${values.type}' with ${values.specifier}`, span, [], extra);
}

/** BT1204: %name%() argument must be %wanted% bytes in size (%found% provided) */
export function addressSize(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue; readonly found: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1204', 'error', `${values.name}() argument must be ${values.wanted} bytes in size (${values.found} provided)`, span, [], extra);
}

/** BT1205: pton() expects an IPv4 or IPv6 address, got '%text%' */
export function badAddress(
  span: Span | undefined,
  values: { readonly text: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1205', 'error', `pton() expects an IPv4 or IPv6 address, got '${values.text}'`, span, [], extra);
}

/** BT1206: cgroupid(): %kernel% has no cgroup '%path%' */
export function cgroupUnknown(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly path: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1206', 'error', `cgroupid(): ${values.kernel} has no cgroup '${values.path}'`, span, [], extra);
}

/** BT1207: %kernel% does not tell the paths of cgroups, which %what% needs */
export function cgroupsUnknown(
  span: Span | undefined,
  values: { readonly kernel: MessageValue; readonly what: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1207', 'error', `${values.kernel} does not tell the paths of cgroups, which ${values.what} needs`, span, [], extra);
}

/** BT1208: Invalid type for %name%: %wanted% is needed, and this is a %found% */
export function configType(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly wanted: MessageValue; readonly found: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1208', 'error', `Invalid type for ${values.name}: ${values.wanted} is needed, and this is a ${values.found}`, span, [], extra);
}

/** BT1209: Command line option '%name%' needs to have the same default value in all places it is used */
export function optionMismatch(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1209', 'error', `Command line option '${values.name}' needs to have the same default value in all places it is used`, span, [], extra);
}

/** BT1501: Struct/union of type '%type%' does not contain a field named '%field%' */
export function noSuchField(
  span: Span | undefined,
  values: { readonly type: MessageValue; readonly field: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1501', 'error', `Struct/union of type '${values.type}' does not contain a field named '${values.field}'`, span, [], extra);
}

/** BT1502: Can not access field '%field%' on expression of type '%type%' */
export function fieldOfValue(
  span: Span | undefined,
  values: { readonly field: MessageValue; readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1502', 'error', `Can not access field '${values.field}' on expression of type '${values.type}'`, span, [], extra);
}

/** BT1503: Can not read through a pointer of type '%type%': nothing is known of what it points to */
export function opaqueTarget(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1503', 'error', `Can not read through a pointer of type '${values.type}': nothing is known of what it points to`, span, [], extra);
}

/** BT1504: The & operator takes a variable or a map value */
export function noAddress(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1504', 'error', `The & operator takes a variable or a map value`, span, [], extra);
}

/** BT1505: comparison of distinct pointer types: %left%, %right% */
export function distinctPointers(
  span: Span | undefined,
  values: { readonly left: MessageValue; readonly right: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1505', 'warning', `comparison of distinct pointer types: ${values.left}, ${values.right}`, span, [], extra);
}

/** BT1506: Cannot cast from "%from%" to "%to%": %fromSize% bytes are not %toSize% */
export function castSize(
  span: Span | undefined,
  values: { readonly from: MessageValue; readonly to: MessageValue; readonly fromSize: MessageValue; readonly toSize: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1506', 'error', `Cannot cast from "${values.from}" to "${values.to}": ${values.fromSize} bytes are not ${values.toSize}`, span, [], extra);
}

/** BT1507: An array without a length is only allowed as the type of a cast */
export function inferredArray(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1507', 'error', `An array without a length is only allowed as the type of a cast`, span, [], extra);
}

/** BT1508: offsetof takes a struct or union, not '%type%' */
export function offsetOfValue(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1508', 'error', `offsetof takes a struct or union, not '${values.type}'`, span, [], extra);
}

/** BT1509: '%field%' is a bitfield, which has no offset in bytes */
export function bitfieldOffset(
  span: Span | undefined,
  values: { readonly field: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1509', 'error', `'${values.field}' is a bitfield, which has no offset in bytes`, span, [], extra);
}

/** BT1510: The size of '%type%' is not known */
export function typeWithoutSize(
  span: Span | undefined,
  values: { readonly type: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1510', 'error', `The size of '${values.type}' is not known`, span, [], extra);
}

/** BT1511: Enum: %name% doesn't contain a variant value of %value% */
export function noVariant(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly value: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1511', 'error', `Enum: ${values.name} doesn't contain a variant value of ${values.value}`, span, [], extra);
}

/** BT1512: container_of takes a member's name, not this */
export function containerPath(
  span: Span | undefined,
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT1512', 'error', `container_of takes a member's name, not this`, span, [], extra);
}

/** BT2001: %probe% hooks a function of the kernel where the stable %tracepoint% tells the same */
export function stableTracepoint(
  span: Span | undefined,
  values: { readonly probe: MessageValue; readonly tracepoint: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2001', 'warning', `${values.probe} hooks a function of the kernel where the stable ${values.tracepoint} tells the same`, span, [], extra);
}

/** BT2002: %name%() sends every event of %probe% to user space, which fires very often */
export function hotOutput(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly probe: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2002', 'warning', `${values.name}() sends every event of ${values.probe} to user space, which fires very often`, span, [`count or sum in a map, or filter first with a predicate`], extra);
}

/** BT2003: @%name% gets a new element at nearly every event: '%key%' hardly ever repeats */
export function unboundedKey(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly key: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2003', 'warning', `@${values.name} gets a new element at nearly every event: '${values.key}' hardly ever repeats`, span, [], extra);
}

/** BT2004: start times in @%name% are never deleted */
export function missingDelete(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2004', 'warning', `start times in @${values.name} are never deleted`, span, [`delete(@${values.name}, key) where the time is read`], extra);
}

/** BT2005: @%name% is counted by reading and writing: CPUs overwrite each other's counts */
export function racyCounter(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly key: MessageValue; readonly advice: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2005', 'warning', `@${values.name} is counted by reading and writing: CPUs overwrite each other's counts`, span, [`@${values.name}${values.key} = ${values.advice}`], extra);
}

/** BT2006: 0 and absence are the same here: @%name% holds values that may be 0 */
export function absenceTest(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2006', 'warning', `0 and absence are the same here: @${values.name} holds values that may be 0`, span, [`has_key(@${values.name}, key) tells whether there is an element`], extra);
}

/** BT2007: %specifier% prints the low 32 bits of this 64-bit value */
export function narrowConversion(
  span: Span | undefined,
  values: { readonly specifier: MessageValue; readonly advice: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2007', 'warning', `${values.specifier} prints the low 32 bits of this 64-bit value`, span, [`use ${values.advice}`], extra);
}

/** BT2008: $%name% is assigned and never used */
export function unusedVariable(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2008', 'warning', `$${values.name} is assigned and never used`, span, [], extra);
}

/** BT2009: @%name% is written and never read or printed */
export function unreadMap(
  span: Span | undefined,
  values: { readonly name: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2009', 'warning', `@${values.name} is written and never read or printed`, span, [], extra);
}

/** BT2010: a stack is walked at every event of %probe%, which fires very often */
export function hotStack(
  span: Span | undefined,
  values: { readonly probe: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2010', 'warning', `a stack is walked at every event of ${values.probe}, which fires very often`, span, [`filter first with a predicate, or sample stacks with profile:hz:99`], extra);
}

/** BT2011: %name%(@%map%) in a loop works on the map as it is after the probe, not as it is in each round */
export function printInLoop(
  span: Span | undefined,
  values: { readonly name: MessageValue; readonly map: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2011', 'warning', `${values.name}(@${values.map}) in a loop works on the map as it is after the probe, not as it is in each round`, span, [`print(@${values.map}[key]) prints the element as it is now`], extra);
}

/** BT2101: line %line% is no request: %problem% */
export function badRequest(
  span: Span | undefined,
  values: { readonly line: MessageValue; readonly problem: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2101', 'error', `line ${values.line} is no request: ${values.problem}`, span, [`one JSON object a line: {"id": 1, "source": "BEGIN { exit(); }", "args": ["$1's value"]}`], extra);
}

/** BT2102: internal error: the formatted script would not be the same: %detail% */
export function formatChanged(
  span: Span | undefined,
  values: { readonly detail: MessageValue },
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('BT2102', 'error', `internal error: the formatted script would not be the same: ${values.detail}`, span, [], extra);
}
