/**
 * What a log of the kernel's verifier says: the message of a rejection, the instruction it speaks of, how many were
 * processed. The rules hold for the formats of 5.4 … 6.18.
 */

export interface Reason {
  /** Lines of the message, in order; empty when the kernel refused without a word. */
  readonly messages: readonly string[];
  /** Index of the instruction that was refused, where the log tells. */
  readonly insn?: number;
}

/** Lines at log level 4 that are no part of the message. */
const ASIDE =
  /^(?:processed \d|verification time |stack depth |insns processed |;|cur state:|old state:|func#\d+ @\d+|Live regs before|Validating |Func#\d+ .*(?:is safe for any args|is global and assumed valid)|mark_precise: |propagating |func '\S+' arg\d+ has btf_id |\s*$)/;

/** Some messages lack their newline. */
const RUN_ON = /(?:verification time \d+ usec|processed \d+ insns .*)$/;

/** A line of an executed instruction: `12: (79) r2 = …`, or one without a name: `12: BUG_db`. */
const STEP = /^(\d+): (?:\([0-9a-f]{2}\)|BUG_[0-9a-f]{2})(?: |$)/;

/** Messages that tell the instruction themselves; found before any is executed, or about one that is not yet printed. */
const TELLS = [
  /^(?:infinite loop detected at|unreachable) insn (\d+)/,
  /^(?:jump out of range|back-edge) from insn (\d+)/,
  /^jump into the middle of ldimm64 insn (\d+)/,
];

const TOO_LARGE = /^BPF program is too large/;

/** `message` is a log of level 4, `path` one of level 1, or its end. */
export function reasonOf(message: string, path: string): Reason {
  const messages = withoutUntyped(afterSteps(messageLines(message), path));
  // The limit is counted before a step is printed: the log does not tell which one it was.
  const insn = messages.some((line) => TOO_LARGE.test(line))
    ? undefined
    : (tellsItself(messages) ?? lastStep(path));
  return { messages, ...(insn === undefined ? {} : { insn }) };
}

/** At level 4 remarks on instructions that passed stand before the message: what comes before the last step is none of it. */
function afterSteps(messages: readonly string[], path: string): readonly string[] {
  const lines = path.split('\n');
  const last = lines.findLastIndex((line) => STEP.test(line));
  if (last < 0) return messages;
  const late = new Set(messageLines(lines.slice(last + 1).join('\n')));
  const own = messages.filter((line) => late.has(line));
  return own.length === 0 ? messages : own;
}

/** The message of a log of level 1 or 2: what stands after the last instruction and state. */
export function reasonOfPath(path: string): Reason {
  const lines = path.split('\n');
  let start = lines.length;
  while (start > 0 && !isState(lines[start - 1]!)) start--;
  return reasonOf(lines.slice(start).join('\n'), path);
}

/** `processed N insns`. */
export function processedOf(log: string): number | undefined {
  const found = /^processed (\d+) insns/m.exec(log);
  return found === null ? undefined : Number(found[1]);
}

/** Before anything is walked the kernel remarks that it cannot tell the main program's argument, and goes on. */
function withoutUntyped(lines: readonly string[]): readonly string[] {
  const untyped = /^arg#0 reference type\('UNKNOWN '\) size cannot be determined: -22$/.test(lines[0] ?? '');
  // A call's arguments may be refused in the same words; then the call's own line follows.
  const ofCall = /^Caller passes invalid args/.test(lines[1] ?? '');
  return untyped && !ofCall && lines.length > 1 ? lines.slice(1) : lines;
}

function messageLines(log: string): readonly string[] {
  const lines: string[] = [];
  let states = 0;
  for (const line of log.split('\n')) {
    // Two states follow an endless loop; their lines are no message.
    if (/^(?:cur|old) state:/.test(line)) states++;
    else if (!(ASIDE.test(line) || (states > 0 && isState(line))))
      lines.push(line.replace(RUN_ON, '').trimEnd());
  }
  return lines;
}

function isState(line: string): boolean {
  return STEP.test(line) || /^(?:from \d+ to \d+|\d+): |^ ?(?:frame\d+: ?)?R\d+(?:_[rwD]+)?=/.test(line);
}

function tellsItself(messages: readonly string[]): number | undefined {
  for (const line of messages) {
    for (const pattern of TELLS) {
      const found = pattern.exec(line);
      if (found !== null) return Number(found[1]);
    }
  }
  return undefined;
}

function lastStep(path: string): number | undefined {
  const lines = path.split('\n');
  for (let at = lines.length - 1; at >= 0; at--) {
    const found = STEP.exec(lines[at]!);
    if (found !== null) return Number(found[1]);
  }
  return undefined;
}
