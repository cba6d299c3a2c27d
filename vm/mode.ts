/** How far the machine trusts a program with memory. */

/**
 * - `trusted`: a verifier has accepted it. The low 32 bits of an address are used, and nothing is checked.
 * - `checked`: every access is compared, with all 64 bits, to the memory there is; outside is a fault.
 * - `strict`: each byte must belong to something the program may access so: a region of the machine. By the reference
 *   interpreter only.
 */
export type MemoryMode = 'trusted' | 'checked' | 'strict';
