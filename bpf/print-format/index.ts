/** Print formats of tracepoints: compiled to print records, and backwards to make records of texts. */
export { compilePrintFormat, type EventPrinter, type PrintRecordText } from './compile.ts';
export { BARE_ENVIRONMENT, type PrintEnvironment, type PrintSymbol } from './environment.ts';
export type { PrintExpression, PrintFormat, PrintFormatProblem, SymbolEntry } from './expression.ts';
export { type PrintFormatResult, parsePrintFormat } from './parse.ts';
export { compileRawText } from './raw-text.ts';
export type { PrintRecord } from './record.ts';
export type { FieldValues } from './scan/field-values.ts';
export { RecordBuilder } from './scan/record-builder.ts';
export { compileScanner, type RecordScanner } from './scan/scanner.ts';
