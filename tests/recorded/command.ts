/** The command line of a case, as far as a shell is needed to read it: words, quotes, the script as text or stdin. */

export interface CommandLine {
  /** Arguments after the word `bpftrace`. */
  readonly args: readonly string[];
  readonly stdin?: string;
  /** `NAME=value` before the command. */
  readonly env?: Readonly<Record<string, string>>;
}

const WORD = /"\$\(cat script\.bt\)"|'([^']*)'|"([^"$]*)"|[^\s'"]+/g;
const SCRIPT_AS_TEXT = '"$(cat script.bt)"';
const SCRIPT_AS_STDIN = / < script\.bt$/;

/** Splits `command`; `script` is what `script.bt` holds. */
export function parseCommand(command: string, script: string): CommandLine {
  const fromStdin = SCRIPT_AS_STDIN.test(command);
  const words = [...command.replace(SCRIPT_AS_STDIN, '').matchAll(WORD)].map(([word, single, double]) => {
    // A shell drops the newlines at the end of a command's output.
    if (word === SCRIPT_AS_TEXT) return script.replace(/\n+$/, '');
    return single ?? double ?? word;
  });
  // Before it may stand what bounds a script that does not end by itself: `timeout -s INT 3 bpftrace …`.
  const at = words.indexOf('bpftrace');
  const env = environment(words.slice(0, at));
  return { args: words.slice(at + 1), ...(fromStdin && { stdin: script }), ...(env && { env }) };
}

function environment(words: readonly string[]): Readonly<Record<string, string>> | undefined {
  const pairs = words.flatMap((word) => {
    const found = /^(\w+)=(.*)$/.exec(word);
    return found === null ? [] : [[found[1]!, found[2]!] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
