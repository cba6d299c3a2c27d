/**
 * `%gr`: allocation flags by name. The table is that of Linux 6.1's allocation events (`print fmt` of `kmem:kmalloc`): a
 * composite goes before what it is made of, and bits without a name are hexadecimal.
 */

const FLAGS: readonly (readonly [mask: number, name: string])[] = [
  [0x1c24ca, 'GFP_TRANSHUGE'],
  [0x1c20ca, 'GFP_TRANSHUGE_LIGHT'],
  [0x100cca, 'GFP_HIGHUSER_MOVABLE'],
  [0x100cc2, 'GFP_HIGHUSER'],
  [0x100cc0, 'GFP_USER'],
  [0x400cc0, 'GFP_KERNEL_ACCOUNT'],
  [0xcc0, 'GFP_KERNEL'],
  [0xc40, 'GFP_NOFS'],
  [0xa20, 'GFP_ATOMIC'],
  [0xc00, 'GFP_NOIO'],
  [0x800, 'GFP_NOWAIT'],
  [0x1, 'GFP_DMA'],
  [0x2, '__GFP_HIGHMEM'],
  [0x4, 'GFP_DMA32'],
  [0x20, '__GFP_HIGH'],
  [0x200, '__GFP_ATOMIC'],
  [0x40, '__GFP_IO'],
  [0x80, '__GFP_FS'],
  [0x2000, '__GFP_NOWARN'],
  [0x4000, '__GFP_RETRY_MAYFAIL'],
  [0x8000, '__GFP_NOFAIL'],
  [0x10000, '__GFP_NORETRY'],
  [0x40000, '__GFP_COMP'],
  [0x100, '__GFP_ZERO'],
  [0x80000, '__GFP_NOMEMALLOC'],
  [0x20000, '__GFP_MEMALLOC'],
  [0x100000, '__GFP_HARDWALL'],
  [0x200000, '__GFP_THISNODE'],
  [0x10, '__GFP_RECLAIMABLE'],
  [0x8, '__GFP_MOVABLE'],
  [0x400000, '__GFP_ACCOUNT'],
  [0x1000, '__GFP_WRITE'],
  [0xc00, '__GFP_RECLAIM'],
  [0x400, '__GFP_DIRECT_RECLAIM'],
  [0x800, '__GFP_KSWAPD_RECLAIM'],
  [0x800000, '__GFP_ZEROTAGS'],
];

/** As `__print_flags` does: `GFP_KERNEL|__GFP_ZERO`; `none` without any. */
export function gfpFlags(flags: bigint): string {
  let rest = BigInt.asUintN(64, flags);
  const names: string[] = [];
  for (const [mask, name] of FLAGS) {
    const bits = BigInt(mask);
    if ((rest & bits) !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  if (rest !== 0n) names.push(`0x${rest.toString(16)}`);
  return names.length === 0 ? 'none' : names.join('|');
}
