/** Foreign text as a terminal may get it: nothing in it can move the cursor, colour, or turn the direction of reading. */

export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ');
}
