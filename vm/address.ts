/**
 * Addresses. A BPF pointer is a kernel-looking 64-bit number whose low 32 bits are an offset into the machine's linear
 * memory and whose high 32 bits are a tag:
 *
 *      63            32 31             0
 *     +----------------+----------------+
 *     |      tag       | linear address |
 *     +----------------+----------------+
 *
 * Kernel pointers carry {@link KERNEL_TAG}, simulated user-space pointers {@link USER_TAG}. Linear address 0 up to the
 * first 64 KiB page is never mapped, so that small offsets from NULL fault.
 */

/** High half of kernel addresses: 0xffff8881_xxxxxxxx, where Linux on x86-64 shows its direct map. */
export const KERNEL_TAG: number = 0xffff8881 | 0;

/** High half of user addresses: 0x00007f80_xxxxxxxx. */
export const USER_TAG: number = 0x00007f80;

/** A place in linear memory, 0 … 2^32-1, as a JavaScript number. */
export type LinearAddress = number;
