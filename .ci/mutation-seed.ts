/** fast-check under mutation testing: the same examples in every run, and no search for the smallest one that fails. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 6962, endOnFailure: true });
