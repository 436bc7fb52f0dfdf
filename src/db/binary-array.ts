/**
 * One-dimensional arrays as statement parameters in PostgreSQL's binary format, which `pg` passes on untouched when it is given a
 * Buffer. As text every byte of a bytea would be written as two digits here and read as such there. Layout: array_recv in
 * src/backend/utils/adt/arrayfuncs.c: dimensions, has-null flag, element type, length and lower bound, then each element after its
 * length in bytes, -1 for null. Proved by test/integration/binary-array.test.ts, which reads them back from the server.
 */
const HEADER_BYTES = 20;
const NO_ELEMENTS_BYTES = 12;

interface ElementType<T> {
  /** https://www.postgresql.org/docs/current/catalog-pg-type.html */
  readonly oid: number;
  sizeOf(value: T): number;
  write(into: Buffer, at: number, value: T): void;
}

const BYTEA: ElementType<Uint8Array> = { oid: 17, sizeOf: (value) => value.length, write: (into, at, value) => into.set(value, at) };
const INT8: ElementType<number | bigint> = { oid: 20, sizeOf: () => 8, write: writeInt8 };
const TEXT: ElementType<string> = { oid: 25, sizeOf: (value) => Buffer.byteLength(value), write: (into, at, value) => void into.write(value, at) };

export const byteaArray = (values: readonly (Uint8Array | null)[]): Buffer => encodeArray(BYTEA, values);
/** Numbers must be safe integers. */
export const int8Array = (values: readonly (number | bigint | null)[]): Buffer => encodeArray(INT8, values);
export const textArray = (values: readonly (string | null)[]): Buffer => encodeArray(TEXT, values);

/** A number in two halves: a BigInt for each would cost more than all the rest. */
function writeInt8(into: Buffer, at: number, value: number | bigint): void {
  if (typeof value === 'bigint') into.writeBigInt64BE(value, at);
  else {
    into.writeInt32BE(Math.floor(value / 2 ** 32), at);
    into.writeUInt32BE(value >>> 0, at + 4);
  }
}

function encodeArray<T>(type: ElementType<T>, values: readonly (T | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : type.sizeOf(value)));
  const bytes = sizes.reduce((sum, size) => sum + 4 + Math.max(size, 0), values.length === 0 ? NO_ELEMENTS_BYTES : HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  buffer.writeInt32BE(type.oid, 8);
  if (values.length === 0) return buffer;
  buffer.writeInt32BE(values.length, 12);
  // PostgreSQL's arrays begin at 1.
  buffer.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as T | null;
    const size = sizes[index] as number;
    buffer.writeInt32BE(size, at);
    at += 4;
    if (value === null) continue;
    type.write(buffer, at, value);
    at += size;
  }
  return buffer;
}
