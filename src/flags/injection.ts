/**
 * `injection`: the text talks to the machine that reads it, or hides letters from the person who does. Nothing reads the order itself
 * (src/normalize/machine-orders.ts), so no label is changed by it; a person decides. OWASP LLM01 names the class.
 */
import { findMachineOrders, hidesLetters } from '../normalize/machine-orders.ts';
import type { FlagRule } from './flag.ts';

export function addressesMachine(text: string): boolean {
  return hidesLetters(text) || findMachineOrders(text).length > 0;
}

export const injectionRule: FlagRule = {
  flag: 'injection',
  why: 'The text addresses the machine that reads it, or hides text from people.',
  onSource: ({ input }) => addressesMachine(input.text) || addressesMachine(input.title ?? ''),
};
