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
