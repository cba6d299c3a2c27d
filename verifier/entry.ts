/** The state in which the program or one of its global functions starts (`do_check_common`), and the order of these walks. */
import { dynptrRegister } from './call/dynptr.ts';
import { argumentsOf } from './call/prototype.ts';
import type { Environment } from './environment.ts';
import { exceptionCallbackArgument } from './messages.gen.ts';
import { explore } from './order/explore.ts';
import { Rejection, unsupported } from './rejection.ts';
import { Frame } from './state/frame.ts';
import { Register, UNKNOWN_NUMBER } from './state/register.ts';
import { Flag, Kind } from './state/register-kind.ts';
import { VerifierState } from './state/state.ts';
import type { ArgumentInfo } from './subprogram.ts';

/** The program, then each global function that it came to. @throws Rejection, Cancelled */
export function exploreProgram(env: Environment, signal?: AbortSignal): void {
  env.walking = true;
  // Since 6.8 only functions that somebody calls are looked at.
  if (env.atLeast('6.8')) {
    exploreSubprogram(env, 0, signal);
    exploreCalledFunctions(env, signal);
  } else {
    exploreGlobalFunctions(env, signal);
    exploreSubprogram(env, 0, signal);
  }
  env.walking = false;
}

function exploreCalledFunctions(env: Environment, signal: AbortSignal | undefined): void {
  // The program may throw anywhere.
  if (env.exceptionCallback > 0) env.subprograms[env.exceptionCallback]!.called = true;
  const count = env.subprograms.length - 1;
  for (let again = true; again; ) {
    again = false;
    for (let number = 1; number < count; number++) {
      const subprogram = env.subprograms[number]!;
      if (!subprogram.isGlobal || !subprogram.called || subprogram.verified) continue;
      exploreFunction(env, number, signal);
      subprogram.verified = true;
      // A function verified may call others that nobody did before.
      again = true;
    }
  }
}

function exploreGlobalFunctions(env: Environment, signal: AbortSignal | undefined): void {
  const count = env.subprograms.length - 1;
  for (let number = 1; number < count; number++) {
    if (env.subprograms[number]!.isGlobal) exploreFunction(env, number, signal);
  }
}

function exploreFunction(env: Environment, number: number, signal: AbortSignal | undefined): void {
  exploreSubprogram(env, number, signal);
  env.observer?.remark?.(
    env.atLeast('6.8')
      ? `Func#${number} ('${nameOf(env, number)}') is safe for any args that match its prototype`
      : `Func#${number} is safe for any args that match its prototype`,
  );
}

function nameOf(env: Environment, number: number): string {
  const { btf } = env.input;
  const { type } = env.subprograms[number]!;
  return btf === undefined || type === 0 ? '' : btf.nameOf(type);
}

/** Walks subprogram number `number` by itself. @throws Rejection, Cancelled */
function exploreSubprogram(env: Environment, number: number, signal?: AbortSignal): void {
  const state = new VerifierState();
  const frame = new Frame(-1, 0, number);
  state.frames.push(frame);
  state.inSleepable = env.input.sleepable ?? false;
  state.firstSlot = env.subprograms[number]!.start;
  state.branches = 1;
  env.state = state;
  env.slot = state.firstSlot;
  env.previousSlot = -1;
  env.pending.length = 0;
  env.search.clear();
  frame.registers[10] = Register.pointer(Kind.stack, 0, null);
  if (number === 0) enterProgram(env, frame);
  else enterGlobalFunction(env, frame, number);
  env.observer?.enter?.(number);
  explore(env, signal);
}

function enterProgram(env: Environment, frame: Frame): void {
  frame.registers[1] = Register.pointer(Kind.ctx, 0, null);
  const main = env.subprograms[0]!;
  if (main.type !== 0) main.unreliable = !takesContext(env);
}

/** The main function's own type is no reason to refuse it; only who calls or replaces it must rely on that. */
function takesContext(env: Environment): boolean {
  try {
    const infos = argumentsOf(env, 0);
    return infos?.length === 1 && infos[0]!.kind === 'ctx';
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    if (error.kind === 'refused') env.observer?.remark?.(error.text);
    return false;
  }
}

function enterGlobalFunction(env: Environment, frame: Frame, number: number): void {
  // What is wrong with its prototype is said before any instruction is.
  env.walking = false;
  env.observer?.remark?.(`Validating ${nameOf(env, number)}() func#${number}...`);
  const infos = argumentsOf(env, number);
  if (infos === undefined) throw unsupported('a global function whose arguments are not known');
  if (number === env.exceptionCallback) {
    frame.inExceptionCallback = true;
    if (infos.length !== 1 || infos[0]!.kind !== 'anything') throw exceptionCallbackArgument({});
  }
  for (const [index, info] of infos.entries()) frame.registers[index + 1] = argument(env, info);
  env.walking = true;
}

function argument(env: Environment, info: ArgumentInfo): Register {
  switch (info.kind) {
    case 'anything':
    // A caller may pass a number for an address of the arena.
    case 'arena':
      return UNKNOWN_NUMBER;
    case 'ctx':
      return Register.pointer(Kind.ctx, 0, null);
    case 'dynptr':
      return dynptrRegister('local', true, env.nextId(), 0);
    case 'mem': {
      const flags =
        (info.maybeNull ? Flag.maybeNull : 0) |
        (info.readOnly ? Flag.readOnly : 0) |
        (info.untrusted ? Flag.untrusted : 0);
      const id = info.maybeNull ? env.nextId() : 0;
      return Register.pointer(Kind.mem, flags, { kind: 'mem', size: info.size, dynptr: 0 }, id);
    }
    case 'btf': {
      const flags =
        (info.maybeNull ? Flag.maybeNull : 0) |
        (info.trusted ? Flag.trusted : 0) |
        (info.untrusted ? Flag.untrusted : 0);
      return Register.pointer(
        Kind.btfId,
        flags,
        { kind: 'btf', btf: info.btf, type: info.type },
        env.nextId(),
      );
    }
  }
}
