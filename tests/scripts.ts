/** Every script the project keeps, with how it is compiled: samples, golden scripts, cases of the language. */
import { isRefused, readLanguageFiles } from './language/case.ts';
import { expectation } from './recorded/case.ts';
import { parseCommand } from './recorded/command.ts';
import { readCaseFiles } from './recorded/folder.ts';
import { sampleFiles, sampleText } from './sample-tools.ts';

export interface Script {
  readonly name: string;
  readonly text: string;
  readonly params: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly unsafe?: boolean;
  readonly warnReads?: boolean;
  /** The recorded answer is a complaint about the script. */
  readonly isWrong: boolean;
  /** What is wrong may be the command line, of which the compiler sees a part. */
  readonly isDoubtful?: boolean;
}

/** Cases whose command line is wrong, not their script. */
const WRONG_COMMANDS: ReadonlySet<string> = new Set([
  'errors.txt: missing file',
  'errors.txt: unknown flag',
  'errors.txt: bad output format',
]);

export function sampleScripts(): readonly Script[] {
  return sampleFiles().map((name) => ({
    name,
    text: sampleText(name),
    params: [],
    unsafe: true,
    isWrong: false,
  }));
}

export function goldenScripts(): readonly Script[] {
  return readCaseFiles().flatMap((file) =>
    file.cases.map((one) => {
      const name = `${file.file}: ${one.name}`;
      const isWrong = expectation(one).complaint !== undefined && !WRONG_COMMANDS.has(name);
      const { args } = parseCommand(one.command, one.script);
      const unsafe = args.includes('--unsafe');
      return { name, text: one.script, params: paramsOf(one.command, one.script), unsafe, isWrong };
    }),
  );
}

/** Cases of the language (tests/language). */
export function languageScripts(): readonly Script[] {
  return readLanguageFiles().flatMap(({ file, cases }) =>
    cases.map((one) => {
      const { args, env } = parseCommand(one.command, one.script);
      return {
        name: `${file}: ${one.name}`,
        text: one.script,
        params: paramsOf(one.command, one.script),
        ...(env && { env }),
        unsafe: args.includes('--unsafe'),
        warnReads: args.includes('-k'),
        isWrong: isRefused(one),
        isDoubtful: isRefused(one) && !/^[^:]+:\d/.test(one.stderr!),
      };
    }),
  );
}

/** What follows the script on its command line. */
function paramsOf(command: string, script: string): readonly string[] {
  const { args } = parseCommand(command, script);
  return args.slice(args.findIndex((word) => word.endsWith('.bt') || word === script.trimEnd()) + 1);
}
