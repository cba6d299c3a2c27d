/** An attach point that a kernel cannot serve. The message names the point and the reason. */
export class AttachError extends Error {
  override readonly name = 'AttachError';
}
