/** A text of others in a sentence of ours: at most `limit` characters, the last of them an ellipsis when it was cut. */
export function clipped(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
