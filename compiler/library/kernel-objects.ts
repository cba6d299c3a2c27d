/** Functions of kernel objects that fentry, fexit and iter probes are handed: path, socket_cookie, skboutput. */
import type { AttachKind } from '../../bpf/attach-point.ts';
import type { Checker } from '../check/checker.ts';
import {
  argumentLiteral,
  argumentType,
  builtinUnavailable,
  lengthClamped,
} from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { address, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { SKB_MAP } from '../lower/module.ts';
import { emitHelperError } from '../lower/output.ts';
import type { Place } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import { addressOf, remoteOf } from '../lower/remote.ts';
import type { Expression } from '../syntax/ast.ts';
import { INT64, string, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** Probes whose pointers the verifier knows to be of live objects. */
const TRACING: readonly AttachKind[] = ['fentry', 'fexit'];

function requireKinds({ span, name }: CallSite, checker: Checker, kinds: readonly AttachKind[]): boolean {
  if (checker.unit.points.every(({ point }) => kinds.includes(point.kind))) return true;
  const probes = `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
  checker.report(builtinUnavailable(span, { name, probes }));
  return false;
}

/** Undefined structs and addresses may be of that type: the kernel's verifier knows. */
function checkPointer(checker: Checker, argument: Expression, name: string, struct: string): void {
  const type = checker.valueType(argument);
  if (type === undefined) return;
  const target = type.kind === 'pointer' ? type.target : type.kind === 'struct' ? type : undefined;
  if (target !== undefined && (target.kind !== 'struct' || target.name === struct)) return;
  const wanted = `pointer to struct ${struct}`;
  checker.report(argumentType(argument.span, { name, wanted, found: typeName(type) }));
}

const path: LibraryEntry = {
  name: 'path',
  kind: 'function',
  signature: 'path(struct path path[, length])',
  doc: `The whole path a \`struct path\`, or a pointer to one, means, as the process sees it: \`path(args.file->f_path)\`. Only in fentry, fexit and iter
probes, and only on functions of the kernel's \`btf_allowlist_d_path\`; others the kernel refuses to load. A path that does not
fit loses its beginning.`,
  arguments: { min: 1, max: 2 },
  check: (call, checker) => {
    const [pointer, length] = call.args;
    if (!requireKinds(call, checker, [...TRACING, 'iter'])) return undefined;
    checkPointer(checker, pointer!, 'path', 'path');
    const { maxStrlen } = checker.model.settings;
    if (length === undefined) return string(maxStrlen);
    checker.valueType(length);
    const constant = checker.constant(length);
    if (constant?.kind !== 'integer' || constant.value < 1n) {
      checker.report(argumentLiteral(length.span, { name: 'path', wanted: 'a positive literal length' }));
      return undefined;
    }
    if (constant.value > BigInt(maxStrlen))
      checker.report(lengthClamped(length.span, { given: constant.value, limit: maxStrlen }));
    return string(Math.min(Number(constant.value), maxStrlen));
  },
  into: (call, low, place, type) => {
    const direct = !place.stack && place.loose === true;
    low.temporaries(() => {
      const buffer = direct ? place : low.allocate(type.size, 8, 0);
      writePath(low, call, buffer, type.size);
      if (direct) return;
      // The kernel leaves its work behind the path's end, which keys must not have.
      low.b.zero(place.base, place.offset, type.size, place.align);
      const [to, from] = [address(low, place), address(low, buffer)];
      readMemory(low, { to, size: BigInt(type.size), from, user: false, text: true });
    });
  },
};

/** A structure inside another one is meant by its address: `path(args.file->f_path)`. */
function objectAddress(low: Lowering, object: Expression): Operand {
  const remote = low.type(object).kind === 'struct' ? remoteOf(low, object) : undefined;
  return remote === undefined ? scalar(low, object) : addressOf(low, remote);
}

function writePath(low: Lowering, { args: [pointer], span }: CallSite, buffer: Place, size: number): void {
  const { b } = low;
  const result = b.callHelper('d_path', [objectAddress(low, pointer!), address(low, buffer), BigInt(size)]);
  low.rarely({ op: 'slt', left: result, right: 0n }, () => {
    b.store(buffer.base, buffer.offset, 1, 0n);
    emitHelperError(low, span, 'd_path', result);
  });
}

const socketCookie: LibraryEntry = {
  name: 'socket_cookie',
  kind: 'function',
  signature: 'socket_cookie(struct sock *sk)',
  doc: "A number that is a socket's own for as long as the machine runs. In fentry and fexit probes.",
  arguments: { min: 1, max: 1 },
  check: (call, checker) => {
    checkPointer(checker, call.args[0]!, 'socket_cookie', 'sock');
    requireKinds(call, checker, TRACING);
    return UINT64;
  },
  scalar: (call, low) => low.b.callHelper('get_socket_cookie', [scalar(low, call.args[0]!)]),
};

const CURRENT_CPU = 0xffff_ffffn;

const skboutput: LibraryEntry = {
  name: 'skboutput',
  kind: 'function',
  signature: 'skboutput("file.pcap", struct sk_buff *skb, length, offset)',
  doc: `Writes \`length\` bytes of a packet from \`offset\` on to a pcap file of raw IP packets; an offset of 14 leaves out an Ethernet
header. In fentry and fexit probes. 0, or a negative error number.`,
  arguments: { min: 4, max: 4 },
  check: (call, checker) => {
    const [file, skb, length, offset] = call.args;
    checker.valueType(file!);
    if (checker.constant(file!)?.kind !== 'string')
      checker.report(
        argumentLiteral(file!.span, { name: 'skboutput', wanted: 'a file name as a string literal' }),
      );
    checkPointer(checker, skb!, 'skboutput', 'sk_buff');
    integerArgument(checker, length!, 'skboutput');
    checker.valueType(offset!);
    const constant = checker.constant(offset!);
    if (constant?.kind !== 'integer' || constant.value < 0n)
      checker.report(argumentLiteral(offset!.span, { name: 'skboutput', wanted: 'a literal offset' }));
    requireKinds(call, checker, TRACING);
    return INT64;
  },
  scalar: (call, low) => output(call, low),
  effect: (call, low) => {
    output(call, low);
  },
};

/** The record is the action and the moment; the kernel puts the packet behind it. */
function output({ args: [file, skb, length, offset], span }: CallSite, low: Lowering): Operand {
  const { b, module } = low;
  const name = low.constant(file!);
  const skipped = low.constant(offset!);
  const skip = skipped?.kind === 'integer' ? skipped.value : 0n;
  module.usesPackets = true;
  return low.temporaries((): Operand => {
    const place = low.allocate(16);
    const action = module.action({
      kind: 'skboutput',
      span,
      file: name?.kind === 'string' ? new TextDecoder().decode(name.bytes) : '',
      offset: Number(skip),
    });
    b.store(place.base, place.offset, 8, action);
    const now = b.callHelper(module.features.bootClock ? 'ktime_get_boot_ns' : 'ktime_get_ns', []);
    b.store(place.base, place.offset + 8, 8, now);
    const bytes = b.binary('add', scalar(low, length!), skip);
    const flags = b.binary('or', b.binary('shl', bytes, 32n), CURRENT_CPU);
    const packet = scalar(low, skb!);
    return b.callHelper('skb_output', [packet, b.mapAddress(SKB_MAP), flags, address(low, place), 16n]);
  });
}

export const KERNEL_OBJECT_ENTRIES: readonly LibraryEntry[] = [path, socketCookie, skboutput];
