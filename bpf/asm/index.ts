/** Assembler for the text that the kernel's log and LLVM use. */
export {
  type AssembleResult,
  assemble,
  assembleInstructions,
  type FragmentResult,
  SYNTAX_CODE,
} from './assemble.ts';
