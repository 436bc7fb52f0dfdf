/** The value, where a test knows that there is one; otherwise the test fails here and says so. */
export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test expected a value here');
  return value;
}
