/** `commercial`: the text sells or speaks for a seller; tallied apart from independent sources. */
import type { FlagRule } from './flag.ts';

export const commercialRule: FlagRule = {
  flag: 'commercial',
  why: 'The text sells, carries a coupon or affiliate link, or speaks for a vendor or clinic.',
  onSource: ({ annotation }) => annotation.commercial_interest || annotation.document_type === 'promotion',
};
