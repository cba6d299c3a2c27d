/** What the checker says, word for word and at its place. */
import { goldenTests } from '../../golden.ts';
import { type CompileTextOptions, compileText, describeDiagnostics } from '../support.ts';

goldenTests('check/diagnostics.txt', ({ input, options }) =>
  describeDiagnostics(input, compileText(input, options as CompileTextOptions)),
);
