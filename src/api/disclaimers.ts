/** What every article and every topic answer says about itself. */
export const DISCLAIMERS: readonly string[] = [
  'Anecdote = a real report, not proof.',
  'The chain proves that nobody changed what is in this ledger. It does not prove that any of it is clinically true.',
  'Nothing here is dosing, protocol or treatment advice; doses in quotes are hidden.',
];
