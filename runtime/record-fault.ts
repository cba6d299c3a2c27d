/** Output of programs that does not fit the script it is for: a bug of ours, or an object file that was tampered with. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';
}
