/** Inferred types of maps over the whole program. */

import { typeName } from '../../../compiler/types/name.ts';
import { goldenTests } from '../../golden.ts';
import { type CompileTextOptions, compileText, describeDiagnostics } from '../support.ts';

goldenTests('check/types.txt', ({ input, options }) => {
  const result = compileText(input, options as CompileTextOptions);
  const lines = (result.info?.maps ?? []).map(({ name, key, value }) => {
    const keyText = key === undefined ? '' : `[${typeName(key)}]`;
    return `${name}${keyText}: ${typeName(value)}`;
  });
  return [...lines, describeDiagnostics(input, result)].join('\n');
});
