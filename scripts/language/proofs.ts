/** Golden cases that a row of the reference can name: scripts that are taken, with their answers. */
import { readdirSync } from 'node:fs';
import { casePath, readCases } from '../../tests/golden.ts';
import { isRefused, readLanguageFiles } from '../../tests/language/case.ts';
import { expectation } from '../../tests/recorded/case.ts';
import { readCaseFiles } from '../../tests/recorded/folder.ts';

export interface ProvingCase {
  readonly file: string;
  readonly name: string;
  readonly script: string;
}

/** Cases that name a rule come first, then what bpftrace itself answered, then those of single passes. */
export function provingCases(): readonly ProvingCase[] {
  return [...languageCases(), ...recordedCases(), ...passCases()];
}

function languageCases(): readonly ProvingCase[] {
  return readLanguageFiles().flatMap(({ file, cases }) =>
    cases
      .filter((one) => !isRefused(one))
      .map(({ name, script }) => ({ file: `tests/cases/language/${file}`, name, script })),
  );
}

function recordedCases(): readonly ProvingCase[] {
  return readCaseFiles().flatMap(({ file, cases }) =>
    cases
      .filter((one) => one.recorded !== undefined && expectation(one).complaint === undefined)
      .map(({ name, script }) => ({ file: `tests/cases/bpftrace/${file}`, name, script })),
  );
}

function passCases(): readonly ProvingCase[] {
  const folders = ['resolve', 'c', 'check'];
  return folders.flatMap((folder) =>
    readdirSync(casePath(folder))
      .filter((file) => file.endsWith('.txt'))
      .sort()
      .flatMap((file) =>
        readCases(`${folder}/${file}`)
          .filter(({ expected }) => !/\berror\b/i.test(expected))
          .map(({ name, input }) => ({ file: `tests/cases/${folder}/${file}`, name, script: input })),
      ),
  );
}
