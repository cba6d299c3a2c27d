/** Lints about `printf` formats. */
import { narrowConversion as message } from '../diagnostics/messages.gen.ts';
import { FORMATTED } from '../library/formats.ts';
import type { CallExpression, Expression } from '../syntax/ast.ts';
import type { LintSubject } from './subject.ts';
import { Widths } from './width.ts';

const NAMES: ReadonlySet<string> = new Set(FORMATTED.map(({ name }) => name));
const CONVERSION = /%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(hh|h|ll|l|j|z|t|L)?([a-zA-Z%])/g;

/** `narrow-conversion`: language.md §7.4. */
export function narrowConversion(subject: LintSubject): void {
  const widths = new Widths(subject);
  for (const { node, unit } of subject.sites) {
    if (node.kind !== 'call' || !NAMES.has(node.callee.name)) continue;
    for (const { length, letter, value } of conversions(node)) {
      if (length !== undefined || !/[diuoxX]/.test(letter) || !widths.isWide(value, unit)) continue;
      subject.report(message(value.span, { specifier: `%${letter}`, advice: `%ll${letter}` }));
    }
  }
}

interface Conversion {
  readonly length: string | undefined;
  readonly letter: string;
  readonly value: Expression;
}

/** The conversions of a literal format, each with its argument. */
function conversions({ arguments: [format, ...values] }: CallExpression): readonly Conversion[] {
  if (format?.kind !== 'string') return [];
  const text = new TextDecoder('latin1').decode(format.bytes);
  const found = [...text.matchAll(CONVERSION)].filter(([, , letter]) => letter !== '%');
  return found.flatMap(([, length, letter], index) => {
    const value = values[index] as Expression | undefined;
    return value === undefined ? [] : [{ length, letter: letter!, value }];
  });
}
