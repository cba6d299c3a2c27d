/** Linux signals by number (signal(7), x86 and ARM); 32 and 33 are the C library's own. */
const NAMES: readonly string[] =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU
  XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

/** `kill -l` and the C library have more than one name for these. */
const ALIASES: readonly (readonly [string, number])[] = [
  ['IOT', 6],
  ['POLL', 29],
  ['CLD', 17],
];

const FIRST_REALTIME = 34;
const LAST_REALTIME = 64;

/** `SIGKILL` of 9; `SIGRTMIN`, `SIGRTMIN+1`, ... from 34 on. */
export function signalName(number: number): string | undefined {
  const name = NAMES[number - 1];
  if (name !== undefined) return `SIG${name}`;
  if (number < FIRST_REALTIME || number > LAST_REALTIME) return undefined;
  return number === FIRST_REALTIME ? 'SIGRTMIN' : `SIGRTMIN+${number - FIRST_REALTIME}`;
}

const BY_NAME: ReadonlyMap<string, number> = new Map([
  ...NAMES.map((name, index) => [`SIG${name}`, index + 1] as const),
  ...ALIASES.map(([name, number]) => [`SIG${name}`, number] as const),
  ['SIGRTMIN', FIRST_REALTIME],
  ['SIGRTMAX', LAST_REALTIME],
]);

/** 9 of `SIGKILL`. */
export function signalNumber(name: string): number | undefined {
  return BY_NAME.get(name);
}

/** For suggestions. */
export const SIGNAL_NAMES: readonly string[] = [...BY_NAME.keys()];
