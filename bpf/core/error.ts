/** A relocation that its types cannot carry: one instruction's fault, told with its place; never the whole object's. */

export class CoreError extends Error {
  override readonly name = 'CoreError';
}
