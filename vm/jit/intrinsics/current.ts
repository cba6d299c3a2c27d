/** What the current block tells: one load, where the field's bit says that it holds. */
import { CURRENT_FIELDS } from '../../current-fields.ts';
import { Current, Known, RunState } from '../../layout.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import type { CallSite, Intrinsic, Intrinsics } from '../call-site.ts';

/** Otherwise the helper tells it, perhaps with a warning. */
function whereKnown(site: CallSite, bit: number, write: () => void): boolean {
  const { f } = site;
  f.if(f.binary(I32.and, f.load(I32.load, f.i32(0), Current.known), f.i32(bit)));
  write();
  f.else();
  site.parts.general();
  f.end();
  return true;
}

const field =
  (address: number, bit: number): Intrinsic =>
  (site) =>
    whereKnown(site, bit, () => site.r.set(0, site.load64(address)));

const FIELDS: Intrinsics = Object.fromEntries(
  CURRENT_FIELDS.map(([name, address, bit]) => [name, field(address, bit)]),
);

const COMM_SIZE = 16;

/** `bpf_get_current_comm` of the whole name. */
const comm: Intrinsic = (site) => {
  const size = site.known(2);
  if (size?.kind !== 'number' || size.low !== COMM_SIZE || size.high !== 0) return false;
  const { f } = site;
  return whereKnown(site, Known.comm, () => {
    const target = site.address(1, COMM_SIZE, true);
    for (const at of [0, 8]) {
      const address = f.get(target);
      f.store(I64.store, address, site.load64(Current.comm + at), at);
    }
    site.r.set(0, f.i64(0, 0));
  });
};

const cpu: Intrinsic = (site) => {
  site.setResult(site.f.load(I32.load, site.f.i32(0), Current.cpu));
  return true;
};

/** `randomNext` of random.ts. */
const random: Intrinsic = (site) => {
  const { f, r } = site;
  const state = site.variable();
  f.set(state, f.load(I32.load, f.i32(0), RunState.random));
  for (const [shift, bits] of [
    [I32.shl, 13],
    [I32.shr_u, 17],
    [I32.shl, 5],
  ] as const) {
    f.set(state, f.binary(I32.xor, f.get(state), f.binary(shift, f.get(state), f.i32(bits))));
  }
  const address = f.i32(0);
  f.store(I32.store, address, f.get(state), RunState.random);
  r.setLow(0, f.get(state));
  return true;
};

export const CURRENT_INTRINSICS: Intrinsics = {
  ...FIELDS,
  get_current_comm: comm,
  get_smp_processor_id: cpu,
  get_prandom_u32: random,
};
