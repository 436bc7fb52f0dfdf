/**
 * What a reviewer is shown beside the flag `commercial`: the coupon, link or wording it rests on, word for word. Empty where the model
 * judged by the text as a whole. Proved by test/unit/annotators/commercial-evidence.test.ts.
 */
import { COUPON, findAddressKind, SHOP_LINK, SHOP_TITLE, SPEAKS_FOR_SELLER } from './commercial.ts';

export interface CommercialEvidence {
  readonly kind: 'coupon' | 'seller wording' | 'shop link' | 'shop title' | 'address of a shop' | 'address of a clinic';
  readonly quote: string;
}

const MAX_READ = 20_000;
const MAX_QUOTES = 10;

export function commercialEvidence(input: { readonly text: string; readonly title?: string; readonly url?: string }): CommercialEvidence[] {
  const text = input.text.slice(0, MAX_READ);
  const address = findAddressKind(input.url);
  const found: CommercialEvidence[] = [
    ...quotesOf(COUPON, text).map((quote) => ({ kind: 'coupon', quote }) as const),
    ...quotesOf(SPEAKS_FOR_SELLER, text).map((quote) => ({ kind: 'seller wording', quote }) as const),
    ...quotesOf(SHOP_LINK, text).map((quote) => ({ kind: 'shop link', quote }) as const),
    ...quotesOf(SHOP_TITLE, input.title ?? '').map((quote) => ({ kind: 'shop title', quote }) as const),
  ];
  if (address === 'shop' || address === 'clinic') found.push({ kind: `address of a ${address}`, quote: input.url as string });
  return found.slice(0, MAX_QUOTES);
}

/** Each wording once, in the order of the text. */
function quotesOf(pattern: RegExp, text: string): string[] {
  const found = [...text.matchAll(new RegExp(pattern.source, `${pattern.flags}g`))].map(([quote]) => quote.trim());
  return [...new Set(found)];
}
