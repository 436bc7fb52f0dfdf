export function buildVerifier(outfile?: string): Promise<Uint8Array>;
