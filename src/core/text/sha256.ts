/** The first bytes of a text's SHA-256 in hex, two digits for each of `byteCount`. */
export async function sha256Hex(text: string, byteCount: number): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest.subarray(0, byteCount), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
