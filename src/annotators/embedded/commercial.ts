/** Commercial interest, as far as rules see it: what the text says of selling, and what the visible address is. */
import type { Reading } from './reading.ts';

export type AddressKind = 'none' | 'shop' | 'clinic' | 'study' | 'registry' | 'encyclopaedia' | 'video' | 'news' | 'other';

const ADDRESS_KINDS: readonly (readonly [Exclude<AddressKind, 'none' | 'other'>, RegExp])[] = [
  ['registry', /clinicaltrials\.gov|isrctn|clinicaltrialsregister/iu],
  [
    'study',
    /pubmed|ncbi\.nlm|pmc\/articles|europepmc|doi\.org|nejm|sciencedirect|springer|nature\.com|biorxiv|medrxiv|frontiersin|mdpi|wiley|thelancet|plos/iu,
  ],
  ['encyclopaedia', /wikipedia\.org|britannica\.com|examine\.com/iu],
  ['video', /youtube\.com|youtu\.be|vimeo|tiktok/iu],
  ['news', /reut\.rs|reuters|nyti\.ms|nytimes|bbc\.|wsj\.com|lat\.ms|latimes|cnn\.com|foxnews|theguardian|statnews|npr\.org/iu],
  ['clinic', /clinic|wellness|medspa|regenerativ|rejuven|antiaging|anti-aging|telehealth|\bmd\b|drs?peptide|education-hub|pharmacy/iu],
  [
    'shop',
    /shop|store|cart|checkout|\/products?\b|buy|catalog(?!\.json)|order|supply|vendor|nootropicsdepot|peptidesciences|limitlesslife|amazon\.|ebay\.|alibaba|etsy\.|affordable-?peptides|[a-z]{3,20}peptides?\.(?:com|net|org|de|shop|co)|peptides?(?:source|sciences|pros|warehouse|depot|world|lab)/iu,
  ],
];

export function findAddressKind(url: string | undefined): AddressKind {
  if (!url) return 'none';
  const address = url.slice(0, 500);
  return ADDRESS_KINDS.find(([, pattern]) => pattern.test(address))?.[0] ?? 'other';
}

export const COUPON =
  /\b(?:discount|coupon|promo|affiliate|referral)\s(?:codes?|links?)\b|\b(?:use|with)\s(?:my\s|the\s|our\s)?(?:promo\s|discount\s|coupon\s)?code\b|\bcode\s[A-Z][A-Z0-9]{3,14}\b|\b\d{1,2}\s?%\s?(?:off|discount)\b|\((?:code\s)?[A-Za-z0-9]{3,12}\sdiscount\)/u;
export const SPEAKS_FOR_SELLER =
  /\b(?:our|we(?:'ve)?)\s(?:\w+\s){0,2}(?:products?|shop|store|website|customers?|clinic|stock|carry|sell|ship|offer|offers|formula|softgels|peptides are|lab|researchers|manufacturer|have it in stock|do have it)\b|\bsponsored by\b|\bin stock\b|\badd(?:ed)? to cart\b|\b(?:buy|shop|order)\snow\b|\bfree shipping\b|\bfor research (?:use|purposes) only\b|\bnot for human (?:use|consumption)\b|\bcontact us\b|\b(?:dm|pm|message) (?:me|us) (?:for|to) (?:order|buy|price)/iu;
export const SHOP_LINK = /https?:\/\/\S{0,200}(?:\/products?\/|\/shop\/|\/store\/|[?&](?:ref|aff|affiliate|coupon|discount)=|amzn\.to|\/cart\b)/iu;
export const SHOP_TITLE = /\b(?:product description|product page|buy\s|for sale|shop\b|price list|official store)/iu;

/** True when the text itself sells: a coupon, a seller's voice, a shop link or a shop's page. */
export function isCommercialText(reading: Reading): boolean {
  const { text, input } = reading;
  const sample = text.slice(0, 20_000);
  return (
    COUPON.test(sample) ||
    SPEAKS_FOR_SELLER.test(sample) ||
    (SHOP_LINK.test(sample) && reading.sentences.length <= 6) ||
    SHOP_TITLE.test(input.title ?? '') ||
    findAddressKind(input.url) === 'shop'
  );
}

/** A clinic's or shop's page is commercial whatever it says. */
export function isCommercialAddress(reading: Reading): boolean {
  const kind = findAddressKind(reading.input.url);
  return kind === 'shop' || kind === 'clinic';
}
