/** The import formats. A new one is one file and one line here; test/conformance/formats.test.ts runs over this list. */
import type { ImportFormat } from '../source.ts';
import { arcticShift } from './arctic-shift.ts';
import { fourCat } from './four-cat.ts';
import { ndjson } from './ndjson.ts';

export const IMPORT_FORMATS: readonly ImportFormat[] = [ndjson, arcticShift, fourCat];

export function findImportFormat(name: string): ImportFormat | undefined {
  return IMPORT_FORMATS.find((format) => format.name === name);
}
