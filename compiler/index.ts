/** The compiler: `.bt` text to BPF objects. */
export { type CheckOptions, type CheckResult, check } from './check-script.ts';
export { type CompileOptions, type CompileResult, type CompileStages, compile } from './compile.ts';
export { EXPLANATIONS } from './diagnostics/explanations.gen.ts';
export { type DiagnosticJson, diagnosticsToJson } from './diagnostics/json.ts';
export { renderDiagnostics } from './diagnostics/render.ts';
export { type FormatResult, format } from './fmt/format.ts';
export { type CallSite, LIBRARY, type LibraryEntry } from './library/index.ts';
export { isLintName, LINT_NAMES, type LintName } from './lint/names.ts';
export { checkKernel, type KernelCheck } from './object/check-kernel.ts';
export type * from './object/script-data.ts';
export { type ObjectFileContent, readScriptFile, withScript, writeScriptFile } from './object/script-file.ts';
export { decodeScript, encodeScript, SCRIPT_SECTION } from './object/script-section.ts';
export type * from './script-info.ts';
export { parseScript } from './syntax/parse.ts';
export { typeName } from './types/name.ts';
export type { Type } from './types/type.ts';
