/** The back end's public names. */
export {
  type CodegenOptions,
  type CodegenResult,
  type GeneratedFunction,
  generate,
  generateFunction,
} from './generate.ts';
export type { StackProblem } from './stack-depth.ts';
export type { CodegenTarget } from './target.ts';
