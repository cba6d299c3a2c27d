/**
 * A record as `name=value` (trace-cmd's `-R`): each field as the print format would print it where it prints the field
 * alone, else by its type.
 */
import type { EventField, EventFormat } from '../event-format.ts';
import { compileStep, type MatchedPiece, matchArguments, type PrintRecordText } from './compile.ts';
import { splitFormat } from './conversions.ts';
import type { PrintEnvironment } from './environment.ts';
import type { PrintExpression } from './expression.ts';
import { parsePrintFormat } from './parse.ts';
import { compileFieldValue } from './raw-fields.ts';
import { isArray } from './record.ts';

export function compileRawText(event: EventFormat, environment: PrintEnvironment): PrintRecordText {
  const { format } = parsePrintFormat(event, environment.longSize);
  const steps =
    format === undefined ? [] : (matchArguments(splitFormat(format.text, true), format.args) ?? []);
  const search = new StepSearch(steps);
  const fields = event.fields
    .filter((field) => !field.common)
    .map((field) => {
      const label = ` ${field.name}=`;
      const found = isArray(field) ? undefined : search.find(field);
      if (found === undefined) return { label, value: compileFieldValue(field) };
      return { label: label + found.prefix, value: compileStep(found.step, environment) };
    });
  return (record) => {
    let text = '';
    for (const { label, value } of fields) text += label + value(record);
    return text;
  };
}

/** Goes on from the conversion found last, around the end to the start. */
class StepSearch {
  private readonly steps: readonly MatchedPiece[];
  private next = 0;

  constructor(steps: readonly MatchedPiece[]) {
    this.steps = steps;
  }

  find(field: EventField): { readonly step: MatchedPiece; readonly prefix: string } | undefined {
    const count = this.steps.length;
    let prefix = '';
    for (let tried = 0; tried < count; tried++) {
      const index = (this.next + tried) % count;
      const step = this.steps[index]!;
      if (step.piece.kind === 'literal') {
        prefix = step.piece.text.endsWith('0x') ? '0x' : '';
        continue;
      }
      if (printsField(step.value, field)) {
        this.next = (index + 1) % count;
        return { step, prefix };
      }
      prefix = '';
    }
    return undefined;
  }
}

function printsField(value: PrintExpression | undefined, field: EventField): boolean {
  let expression = value;
  while (expression?.kind === 'cast') expression = expression.operand;
  return expression?.kind === 'field' && expression.field === field;
}
